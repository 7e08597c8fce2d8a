#include "client/digest/show/json_bulletin.h"

#include "base/hex.h"
#include "client/digest/show/defang.h"
#include "client/text/clean_text.h"

namespace shield::show {
namespace {

using nlohmann::ordered_json;

ordered_json ActionJson(const BriefedAction& action) {
  return {{"who", action.who}, {"text", action.text}};
}

ordered_json BriefedPlaceJson(const BriefedPlace& place) {
  ordered_json object = {
      {"name", place.name}, {"longitude", place.longitude}, {"latitude", place.latitude}};
  if (place.radius_m) object["radius_m"] = *place.radius_m;
  return object;
}

ordered_json ContentJson(const BriefedContent& content) {
  ordered_json object = {{"kind", content.kind}, {"title", content.title}};
  AddText("language", content.language, object);
  AddText("summary", content.summary, object);
  AddText("body", content.body, object);
  object["restrictions"] = content.restrictions;
  object["actions"] = ListJson(content.actions, ActionJson);
  AddText("severity", NameOf(content.severity), object);
  AddText("urgency", content.urgency, object);
  AddText("certainty", content.certainty, object);
  AddText("grading", content.grading, object);
  AddText("likelihood", content.likelihood, object);
  AddText("confidence", content.confidence, object);
  AddText("statement_type", NameOf(content.statement_type), object);
  object["places"] = ListJson(content.places, BriefedPlaceJson);
  AddMoment("valid_from", content.valid_from, object);
  AddMoment("valid_until", content.valid_until, object);
  object["indicators"] = ListJson(content.indicators, BriefedIndicatorJson);
  if (content.event) object["event"] = BriefedEventJson(*content.event);
  if (content.threat_level) object["threat_level"] = ThreatLevelJson(*content.threat_level);
  AddText("contact_name", content.contact_name, object);
  AddText("contact_phone", content.contact_phone, object);
  AddText("contact_hours", content.contact_hours, object);
  AddMoment("acknowledge_by", content.acknowledge_by, object);
  object["left_out"] = content.left_out;
  return object;
}

}  // namespace

std::string MomentText(absl::Time moment) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", moment, absl::UTCTimeZone());
}

absl::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kUnspecified:
      break;
    case Severity::kMinor:
      return "minor";
    case Severity::kModerate:
      return "moderate";
    case Severity::kSevere:
      return "severe";
    case Severity::kExtreme:
      return "extreme";
  }
  return "";
}

absl::string_view NameOf(StatementType type) {
  switch (type) {
    case StatementType::kUnspecified:
      break;
    case StatementType::kFact:
      return "fact";
    case StatementType::kAssessment:
      return "assessment";
    case StatementType::kMixed:
      return "mixed";
  }
  return "";
}

void AddText(absl::string_view name, absl::string_view text, ordered_json& object) {
  if (!text.empty()) object[std::string(name)] = std::string(text);
}

void AddMoment(absl::string_view name, const std::optional<absl::Time>& moment,
               ordered_json& object) {
  if (moment.has_value()) object[std::string(name)] = MomentText(*moment);
}

ordered_json ThreatLevelJson(const BriefedThreatLevel& level) {
  ordered_json object = {{"scheme", level.scheme}, {"level", level.level}};
  AddText("previous", level.previous, object);
  AddText("scope", level.scope, object);
  AddText("of", level.of, object);
  return object;
}

ordered_json BriefedEventJson(const BriefedEvent& event) {
  ordered_json object = {{"what", event.what}};
  AddText("place", event.place, object);
  AddText("organiser", event.organiser, object);
  object["starts"] = MomentText(event.starts);
  AddMoment("ends", event.ends, object);
  AddMoment("register_until", event.register_until, object);
  AddText("uid", event.uid, object);
  return object;
}

ordered_json BriefedIndicatorJson(const BriefedIndicator& indicator) {
  ordered_json object = {{"pattern", DefangIndicator(CleanLine(indicator.pattern))}};
  AddText("name", indicator.name, object);
  AddMoment("valid_until", indicator.valid_until, object);
  return object;
}

ordered_json BulletinJson(const BriefedBulletin& bulletin) {
  ordered_json object = {{"id", bulletin.id.ToHex()},
                         {"sha256", HexEncode(bulletin.text_digest.span())},
                         {"tlp", TlpWithPrefix(bulletin.tlp)},
                         {"author", bulletin.author.str()},
                         {"source", bulletin.source.str()}};
  if (bulletin.shared_by) object["shared_by"] = bulletin.shared_by->str();
  object["class"] = std::string(PrintBulletinClass(bulletin.bulletin_class));
  object["priority"] = std::string(PrintPriority(bulletin.priority));
  object["status"] = std::string(PrintBulletinStatus(bulletin.status));
  object["state"] = std::string(PrintInboxState(bulletin.state));
  object["issued"] = MomentText(bulletin.issued);
  object["not_before"] = MomentText(bulletin.not_before);
  object["expires"] = MomentText(bulletin.expires);
  AddMoment("ended", bulletin.ended, object);
  if (bulletin.supersedes) object["supersedes"] = bulletin.supersedes->ToHex();
  object["revision"] = bulletin.revision;
  object["acknowledged"] = bulletin.acknowledged;
  object["sectors"] = bulletin.sectors;
  object["regions"] = bulletin.regions;
  object["content"] = ContentJson(bulletin.content);
  return object;
}

}  // namespace shield::show
