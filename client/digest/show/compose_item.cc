#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/digest/show/compose_parts.h"
#include "client/digest/show/read_body.h"
#include "client/digest/show/say_runs.h"

namespace shield::show {
namespace {

// What tells the eye that a bulletin is not meant in earnest.
absl::string_view SayStatus(Language language, BulletinStatus status) {
  if (status == BulletinStatus::kExercise) return Say(language, Word::kExercise);
  if (status == BulletinStatus::kTest) return Say(language, Word::kTest);
  return "";
}

// "▲ severe"; empty when that is not said.
std::string SeverityText(Language language, Severity severity) {
  const absl::string_view said = SaySeverity(language, severity);
  return said.empty() ? "" : absl::StrCat(SeverityMark(severity), " ", said);
}

// TLP:AMBER · changed, version 2, ▲ severe, flash alert, 21 Nov 2026 18:00
Block Kicker(const EditionItem& item, Language language) {
  const BriefedBulletin& bulletin = item.bulletin;
  std::vector<std::string> words = {
      std::string(Say(language, item.change == ItemChange::kNew ? Word::kNew : Word::kChanged))};
  if (bulletin.revision > 1) {
    words.push_back(SayFilled(language, Word::kRevisionShort, {absl::StrCat(bulletin.revision)}));
  }
  words.push_back(SeverityText(language, bulletin.content.severity));
  words.push_back(TitleText(SayKind(language, bulletin.content.kind)));
  words.push_back(SayMoment(language, bulletin.issued));
  Runs runs = {Strong(TlpWithPrefix(bulletin.tlp))};
  const std::string status(SayStatus(language, bulletin.status));
  if (!status.empty()) {
    runs.push_back(Plain(" "));
    runs.push_back(Strong(absl::StrCat(status, " ", status, " ", status)));
  }
  runs.push_back(Plain(absl::StrCat(" · ", CommaJoined(words))));
  return Paragraph(std::move(runs));
}

std::string PlacesText(const BriefedContent& content) {
  std::vector<std::string> names;
  names.reserve(content.places.size());
  for (const BriefedPlace& place : content.places) names.push_back(TitleText(place.name));
  return CommaJoined(names);
}

std::string GradingText(const BriefedContent& content, Language language) {
  std::vector<std::string> parts = {
      TitleText(SayGrading(language, content.grading)),
      std::string(SayStatementType(language, content.statement_type)),
      NamedText(language, Word::kLikelihood, SayLikelihood(language, content.likelihood)),
      NamedText(language, Word::kConfidence, SayConfidence(language, content.confidence))};
  return SemicolonJoined(language, parts);
}

std::string ValidityText(const BriefedBulletin& bulletin, Language language) {
  const BriefedContent& content = bulletin.content;
  return absl::StrCat(SayMoment(language, content.valid_from.value_or(bulletin.not_before)), " – ",
                      SayMoment(language, content.valid_until.value_or(bulletin.expires)));
}

std::string RestrictionsText(const BriefedContent& content) {
  std::vector<std::string> texts;
  texts.reserve(content.restrictions.size());
  for (const std::string& restriction : content.restrictions) {
    texts.push_back(SentenceText(restriction));
  }
  return absl::StrJoin(texts, " ");
}

std::string SourceText(const BriefedBulletin& bulletin, Language language) {
  std::string text = absl::StrCat(bulletin.source.text(), " (", bulletin.author.text(), ")");
  if (bulletin.shared_by.has_value()) {
    absl::StrAppend(&text, ", ", SayFilled(language, Word::kSharedBy, {bulletin.shared_by->str()}));
  }
  return text;
}

void AddFact(Language language, Word word, const std::string& text, Blocks& facts) {
  if (text.empty()) return;
  facts.push_back(Entry({Paragraph({LabelRun(language, word), Plain(absl::StrCat(" ", text))})}));
}

Blocks Facts(const Edition& edition, const BriefedBulletin& bulletin) {
  const Language language = edition.language;
  const BriefedContent& content = bulletin.content;
  Blocks facts;
  AddFact(language, Word::kWhere, PlacesText(content), facts);
  AddFact(language, Word::kGrading, GradingText(content, language), facts);
  AddFact(language, Word::kFrom, SourceText(bulletin, language), facts);
  AddFact(language, Word::kHolds, ValidityText(bulletin, language), facts);
  AddFact(language, Word::kContact,
          CommaJoined({TitleText(content.contact_name), TitleText(content.contact_phone),
                       TitleText(content.contact_hours)}),
          facts);
  Runs id = {LabelRun(language, Word::kIdColumn), Plain(" "), Code(bulletin.id.ToHex())};
  if (content.acknowledge_by.has_value() && !bulletin.acknowledged) {
    const Word by =
        *content.acknowledge_by < edition.as_of ? Word::kAcknowledgeOver : Word::kAcknowledgeBy;
    id.push_back(Plain(absl::StrCat(
        ", ", SayFilled(language, by, {SayMoment(language, *content.acknowledge_by)}))));
  }
  facts.push_back(Entry({Paragraph(std::move(id))}));
  return facts;
}

Blocks Actions(const BriefedContent& content, Language language) {
  Blocks entries;
  entries.reserve(content.actions.size());
  for (const BriefedAction& action : content.actions) {
    std::string who = TitleText(SayRole(language, action.who));
    absl::StrAppend(&who, ClosedColon(language));
    entries.push_back(Entry({Paragraph(
        {Strong(std::move(who)), Plain(absl::StrCat(" ", SentenceText(action.text)))})}));
  }
  if (entries.empty()) return {};
  return {Paragraph({LabelRun(language, Word::kDoThis)}), Bullets(std::move(entries))};
}

}  // namespace

Blocks ComposeItem(const Edition& edition, const EditionItem& item) {
  const Language language = edition.language;
  const BriefedBulletin& bulletin = item.bulletin;
  const BriefedContent& content = bulletin.content;
  Blocks blocks = {
      Heading(3, {ReferenceRun(item.number), Plain(absl::StrCat(" ", TitleText(content.title)))}),
      Kicker(item, language)};
  if (!content.restrictions.empty()) {
    blocks.push_back(Paragraph({LabelRun(language, Word::kRestrictions),
                                Plain(absl::StrCat(" ", RestrictionsText(content)))}));
  }
  if (!content.summary.empty()) {
    blocks.push_back(Paragraph({LabelRun(language, Word::kWhyItMatters),
                                Plain(absl::StrCat(" ", SentenceText(content.summary)))}));
  }
  Body body = ReadBody(content.body, language);
  if (!body.blocks.empty()) blocks.push_back(Quote(std::move(body.blocks)));
  for (Block& block : Actions(content, language)) blocks.push_back(std::move(block));
  blocks.push_back(Bullets(Facts(edition, bulletin)));
  if (body.shortened || content.left_out > 0) {
    blocks.push_back(Paragraph(SayRuns(language, Word::kMoreIn, {bulletin.id.ToHex()})));
  }
  return blocks;
}

}  // namespace shield::show
