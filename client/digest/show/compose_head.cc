#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/digest/show/compose_parts.h"
#include "client/digest/show/read_body.h"
#include "client/digest/show/say_runs.h"
#include "client/digest/show/trend_sentence.h"
#include "client/text/clean_text.h"

namespace shield::show {
namespace {

Block Fact(Language language, Word word, const std::string& text) {
  return Entry({Paragraph({LabelRun(language, word), Plain(absl::StrCat(" ", text))})});
}

// A word of the audience as a person says it.
std::string SayAudience(Language language, const std::string& token) {
  const absl::string_view text = token;
  const auto after = [text](absl::string_view kind) { return TitleText(text.substr(kind.size())); };
  if (text == "public") return std::string(Say(language, Word::kForPublic));
  if (absl::StartsWith(text, "community:")) {
    return SayFilled(language, Word::kForCommunity, {after("community:")});
  }
  if (absl::StartsWith(text, "vetting:")) {
    return SayFilled(language, Word::kForVetting, {after("vetting:")});
  }
  if (absl::StartsWith(text, "member:")) return after("member:");
  return TitleText(text);
}

std::string AudienceText(const Edition& edition) {
  std::vector<std::string> tokens;
  tokens.reserve(edition.audience.size());
  for (const std::string& token : edition.audience) {
    tokens.push_back(SayAudience(edition.language, token));
  }
  return absl::StrJoin(tokens, ", ");
}

std::string ThreatLevelText(Language language, const BriefedThreatLevel& level) {
  // "OCAD, Groenplaats": the scheme, and what the level is of.
  const std::string of =
      CommaJoined({absl::AsciiStrToUpper(TitleText(level.scheme)), TitleText(level.of)});
  const std::vector<std::string> words = {of, TitleText(level.level), TitleText(level.previous)};
  Word word = Word::kThreatLevel;
  if (level.previous.empty()) word = Word::kThreatLevelFirst;
  if (level.previous == level.level) word = Word::kThreatLevelSame;
  return SayFilled(language, word, words);
}

std::string JudgementText(const Edition& edition, const Judgement& judgement) {
  switch (judgement.kind) {
    case Judgement::Kind::kStated:
      return SentenceText(judgement.text);
    case Judgement::Kind::kThreatLevel:
      if (!judgement.threat_level.has_value()) return SentenceText(judgement.text);
      return ThreatLevelText(edition.language, *judgement.threat_level);
    case Judgement::Kind::kTrend:
      return SayTrend(edition);
    case Judgement::Kind::kQuiet:
      return std::string(Say(edition.language, Word::kQuiet));
  }
  return "";
}

// What a judgement rests on: "likelihood: likely; confidence: high; source grading: B2".
std::string BasisText(Language language, const Judgement& judgement) {
  // A likelihood is an assessment, and a level is what it is.
  const bool says_type = judgement.likelihood.empty() && judgement.kind == Judgement::Kind::kStated;
  const std::vector<std::string> parts = {
      says_type ? std::string(SayStatementType(language, judgement.statement_type)) : "",
      NamedText(language, Word::kLikelihood, SayLikelihood(language, judgement.likelihood)),
      NamedText(language, Word::kConfidence, SayConfidence(language, judgement.confidence)),
      NamedText(language, Word::kGrading, judgement.grading)};
  return SemicolonJoined(language, parts);
}

// A role that is on no list is an author's text, and does not stand alone at the edge.
std::string RoleText(Language language, const std::string& who) {
  const absl::string_view role = SayRole(language, who);
  if (role != who) return std::string(role);
  return absl::StrCat(Say(language, Word::kDoThis), Say(language, Word::kColon), TitleText(who));
}

}  // namespace

bool SaysQuiet(const Edition& edition) {
  return edition.quiet() && std::any_of(edition.judgements.begin(), edition.judgements.end(),
                                        [](const Judgement& judgement) {
                                          return judgement.kind == Judgement::Kind::kQuiet;
                                        });
}

Blocks ComposeHead(const Edition& edition) {
  const Language language = edition.language;
  const std::string issue = absl::StrCat(edition.week.number(), "/", edition.week.year());
  Blocks blocks = {Heading(1, {Plain(absl::StrCat(Say(language, Word::kBriefing), " ", issue))}),
                   Paragraph({Plain(std::string(SayLabel(language, edition.label)))})};
  if (edition.revision > 1) {
    blocks.push_back(Paragraph(
        {Strong(SayFilled(language, Word::kRevision, {absl::StrCat(edition.revision)}))}));
  }
  Blocks facts = {
      Fact(language, Word::kPeriod,
           absl::StrCat(SayDay(language, edition.week.begin()), " – ",
                        SayDay(language, edition.week.end() - absl::Seconds(1)), " (",
                        SayFilled(language, Word::kWeek, {absl::StrCat(edition.week.number())}),
                        ")")),
      Fact(language, Word::kAudience, AudienceText(edition)),
      Fact(language, Word::kAuthor,
           absl::StrCat(edition.author.text(), ", ", edition.source.text(), " (",
                        TitleText(edition.network), ")")),
      Fact(language, Word::kAsOf,
           absl::StrCat(SayMoment(language, edition.as_of), " (", Say(language, Word::kTimesAre),
                        ")")),
      Fact(language, Word::kValidUntil, SayMoment(language, edition.valid_until))};
  blocks.push_back(Bullets(std::move(facts)));
  if (edition.foreword.empty()) return blocks;
  Body foreword = ReadBody(edition.foreword, language);
  if (foreword.blocks.empty()) return blocks;
  blocks.push_back(Heading(2, {Plain(std::string(Say(language, Word::kForeword)))}));
  blocks.push_back(Quote(std::move(foreword.blocks)));
  if (foreword.shortened) blocks.push_back(Paragraph({Plain("…")}));
  return blocks;
}

Blocks ComposeJudgements(const Edition& edition) {
  const Language language = edition.language;
  Blocks entries;
  entries.reserve(edition.judgements.size());
  for (const Judgement& judgement : edition.judgements) {
    Runs runs = {Plain(JudgementText(edition, judgement))};
    const std::string basis = BasisText(language, judgement);
    const bool counted =
        judgement.kind == Judgement::Kind::kTrend || judgement.kind == Judgement::Kind::kQuiet;
    if (!basis.empty() && !counted) runs.push_back(Plain(absl::StrCat(" (", basis, ")")));
    AppendReferences(judgement.items, runs);
    entries.push_back(Entry({Paragraph(std::move(runs))}));
  }
  if (entries.empty()) return {};
  return {Heading(2, {Plain(std::string(Say(language, Word::kJudgements)))}),
          Bullets(std::move(entries))};
}

Blocks ComposeDeeds(const Edition& edition) {
  const Language language = edition.language;
  if (edition.deeds.empty()) return {};
  Blocks blocks = {Heading(2, {Plain(std::string(Say(language, Word::kWhatToDo)))})};
  for (const DeedsOfRole& role : edition.deeds) {
    Blocks entries;
    entries.reserve(role.deeds.size() + 1);
    for (const Deed& deed : role.deeds) {
      Runs runs = {Plain(SentenceText(deed.text))};
      AppendReferences(deed.items, runs);
      entries.push_back(Entry({Paragraph(std::move(runs))}));
    }
    if (role.left_out > 0) {
      entries.push_back(Entry({Paragraph(
          {Plain(SayFilled(language, Word::kLeftOut, {absl::StrCat(role.left_out)}))})}));
    }
    blocks.push_back(Heading(3, {Plain(RoleText(language, role.who))}));
    blocks.push_back(Bullets(std::move(entries)));
  }
  return blocks;
}

}  // namespace shield::show
