#include "tests/client/digest/support/hostile_edition.h"

#include <utility>

namespace shield {
namespace {

absl::Time HourAfterStart(int hours) {
  return absl::FromUnixSeconds(1795413600) + absl::Hours(hours);
}

BulletinId Id(uint8_t first) {
  std::array<uint8_t, BulletinId::kSize> bytes{};
  bytes[0] = first;
  return BulletinId(bytes);
}

BriefedThreatLevel ThreatLevel(const std::string& text) { return {text, text, text, text, text}; }

BriefedEvent Event(const std::string& text) {
  return {text, text, text, HourAfterStart(24), HourAfterStart(26), HourAfterStart(12), text};
}

BriefedContent Content(const std::string& text) {
  BriefedContent content;
  for (std::string* member : {&content.kind, &content.title, &content.language, &content.summary,
                              &content.body, &content.urgency, &content.certainty, &content.grading,
                              &content.likelihood, &content.confidence, &content.contact_name,
                              &content.contact_phone, &content.contact_hours}) {
    *member = text;
  }
  content.restrictions = {text, text};
  content.actions = {{text, text}, {text, text}};
  content.severity = Severity::kSevere;
  content.statement_type = StatementType::kMixed;
  content.places = {{text, 4.4, 51.2, 100.0}, {text, 4.5, 51.3, std::nullopt}};
  content.valid_from = HourAfterStart(0);
  content.valid_until = HourAfterStart(48);
  content.indicators = {{text, text, HourAfterStart(48)}, {text, text, std::nullopt}};
  content.event = Event(text);
  content.threat_level = ThreatLevel(text);
  content.acknowledge_by = HourAfterStart(10);
  content.left_out = 2;
  return content;
}

BriefedBulletin Bulletin(const std::string& text, uint8_t first) {
  BriefedBulletin bulletin{.id = Id(first),
                           .text_digest = {},
                           .author = *MemberId::Parse("analyst-peeters"),
                           .source = *OrgId::Parse("politie-antwerpen")};
  bulletin.shared_by = MemberId::Parse("desk-astrid");
  bulletin.bulletin_class = BulletinClass::kContent;
  bulletin.tlp = Tlp::kAmber;
  bulletin.priority = Priority::kUrgent;
  bulletin.issued = bulletin.not_before = HourAfterStart(-48);
  bulletin.expires = HourAfterStart(400);
  bulletin.supersedes = Id(99);
  bulletin.revision = 2;
  bulletin.sectors = {text, text};
  bulletin.regions = {text, text};
  bulletin.content = Content(text);
  return bulletin;
}

EditionLine Line(const std::string& text, int number) {
  EditionLine line{.number = number,
                   .id = Id(static_cast<uint8_t>(number)),
                   .tlp = Tlp::kAmber,
                   .title = text,
                   .kind = text,
                   .source = *OrgId::Parse("politie-antwerpen")};
  line.severity = Severity::kMinor;
  line.issued = HourAfterStart(-30);
  line.expires = HourAfterStart(30);
  line.ended = HourAfterStart(-1);
  line.replaced_by = Id(77);
  line.acknowledge_by = HourAfterStart(5);
  return line;
}

std::vector<EditionLine> Lines(const std::string& text, int first) {
  return {Line(text, first), Line(text, first + 1)};
}

std::vector<Judgement> Judgements(const std::string& text) {
  std::vector<Judgement> judgements;
  for (const Judgement::Kind kind : {Judgement::Kind::kStated, Judgement::Kind::kThreatLevel,
                                     Judgement::Kind::kTrend, Judgement::Kind::kQuiet}) {
    Judgement judgement;
    judgement.kind = kind;
    judgement.text = judgement.likelihood = judgement.confidence = judgement.grading = text;
    judgement.statement_type = StatementType::kAssessment;
    judgement.threat_level = ThreatLevel(text);
    judgement.items = {1, 2};
    judgements.push_back(std::move(judgement));
  }
  return judgements;
}

void FillBody(Edition& edition, const std::string& text) {
  edition.judgements = Judgements(text);
  edition.deeds = {{text, {{text, {1}}, {text, {1, 2}}}, 1}, {text, {{text, {2}}}, 0}};
  edition.items = {{1, Bulletin(text, 1), ItemChange::kNew},
                   {2, Bulletin(text, 2), ItemChange::kChanged}};
  edition.also = Lines(text, 3);
  edition.open = Lines(text, 5);
  edition.expiring = Lines(text, 7);
  edition.withdrawn = Lines(text, 9);
  edition.corrected = Lines(text, 11);
  edition.places = {{text, 4.4, 51.2, Severity::kSevere, {1}},
                    {text, 4.5, 51.3, Severity::kMinor, {1, 2}}};
  edition.events = {{Event(text), text, 1, Id(1)}, {Event(text), text, 2, Id(2)}};
  edition.indicators = {{{text, text, HourAfterStart(48)}, 1}, {{text, text, std::nullopt}, 2}};
  edition.unacknowledged = Lines(text, 13);
  edition.red = {{Id(40), HourAfterStart(-20), false}, {Id(41), HourAfterStart(-10), true}};
  edition.places_left_out = 1;
  edition.indicators_left_out = 1;
}

}  // namespace

Edition FillEveryField(const std::string& text) {
  Edition edition{.network = text,
                  .tier = Tier::kMine,
                  .author = *MemberId::Parse("digest-antwerpen"),
                  .source = *OrgId::Parse("politie-antwerpen")};
  edition.week = Week::Of(HourAfterStart(-24));
  edition.label = Tlp::kAmber;
  edition.audience = {text, text};
  edition.revision = 2;
  edition.as_of = HourAfterStart(0);
  edition.valid_until = HourAfterStart(168);
  edition.foreword = text;
  FillBody(edition, text);
  for (int back = kTrendWeeks - 1; back >= 0; --back) {
    edition.trend.push_back({edition.week.Plus(-back), static_cast<size_t>(back + 1)});
  }
  edition.trend_compares = true;
  for (int number = 1; number <= 14; ++number) {
    edition.provenance.push_back({number, Id(static_cast<uint8_t>(number)), {}});
  }
  edition.directory_version = 7;
  edition.generator = text;
  return edition;
}

}  // namespace shield
