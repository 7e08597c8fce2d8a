#include "client/digest/show/json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_replace.h"
#include "base/hex.h"
#include "client/digest/show/json_bulletin.h"

namespace shield {
namespace show {
namespace {

using nlohmann::ordered_json;

absl::string_view KindOf(Judgement::Kind kind) {
  switch (kind) {
    case Judgement::Kind::kStated:
      return "stated";
    case Judgement::Kind::kThreatLevel:
      return "threat_level";
    case Judgement::Kind::kTrend:
      return "trend";
    case Judgement::Kind::kQuiet:
      return "quiet";
  }
  return "";
}

ordered_json JudgementJson(const Judgement& judgement) {
  ordered_json object = {{"kind", std::string(KindOf(judgement.kind))}};
  AddText("text", judgement.text, object);
  AddText("likelihood", judgement.likelihood, object);
  AddText("confidence", judgement.confidence, object);
  AddText("grading", judgement.grading, object);
  AddText("statement_type", NameOf(judgement.statement_type), object);
  if (judgement.threat_level) object["threat_level"] = ThreatLevelJson(*judgement.threat_level);
  object["items"] = judgement.items;
  return object;
}

ordered_json DeedsJson(const DeedsOfRole& role) {
  ordered_json deeds = ordered_json::array();
  for (const Deed& deed : role.deeds) {
    deeds.push_back({{"text", deed.text}, {"items", deed.items}});
  }
  return {{"who", role.who}, {"deeds", std::move(deeds)}, {"left_out", role.left_out}};
}

ordered_json LineJson(const EditionLine& line) {
  ordered_json object = {
      {"number", line.number}, {"id", line.id.ToHex()}, {"tlp", TlpWithPrefix(line.tlp)}};
  AddText("title", line.title, object);
  AddText("kind", line.kind, object);
  object.update({{"source", line.source.str()},
                 {"status", std::string(PrintBulletinStatus(line.status))},
                 {"revision", line.revision},
                 {"issued", MomentText(line.issued)},
                 {"expires", MomentText(line.expires)}});
  AddText("severity", NameOf(line.severity), object);
  AddMoment("ended", line.ended, object);
  if (line.replaced_by) object["replaced_by"] = line.replaced_by->ToHex();
  AddMoment("acknowledge_by", line.acknowledge_by, object);
  return object;
}

ordered_json PlaceJson(const EditionPlace& place) {
  ordered_json object = {{"name", place.name},
                         {"longitude", place.longitude},
                         {"latitude", place.latitude},
                         {"items", place.items}};
  AddText("severity", NameOf(place.severity), object);
  return object;
}

ordered_json EventJson(const EditionEvent& entry) {
  ordered_json object = BriefedEventJson(entry.event);
  AddText("kind", entry.kind, object);
  object["item"] = entry.item;
  object["id"] = entry.id.ToHex();
  return object;
}

ordered_json IndicatorJson(const EditionIndicator& entry) {
  ordered_json object = BriefedIndicatorJson(entry.indicator);
  object["item"] = entry.item;
  return object;
}

ordered_json ItemJson(const EditionItem& item) {
  ordered_json object = {{"number", item.number},
                         {"change", item.change == ItemChange::kNew ? "new" : "changed"}};
  object.update(BulletinJson(item.bulletin));
  return object;
}

ordered_json TrendJson(const TrendWeek& week) {
  return {{"week", week.week.Print()}, {"published", week.published}};
}

ordered_json RedJson(const RedPointer& pointer) {
  return {{"id", pointer.id.ToHex()},
          {"tlp", TlpWithPrefix(Tlp::kRed)},
          {"issued", MomentText(pointer.issued)},
          {"acknowledged", pointer.acknowledged}};
}

ordered_json ProvenanceJson(const ProvenanceLine& line) {
  return {{"number", line.number},
          {"id", line.id.ToHex()},
          {"sha256", HexEncode(line.text_digest.span())}};
}

ordered_json HeadJson(const Edition& edition) {
  ordered_json object = {
      {"schema", "shield/briefing/v1"},
      {"tlp", TlpWithPrefix(edition.label)},
      {"network", edition.network},
      {"tier", std::string(PrintTier(edition.tier))},
      {"week", edition.week.Print()},
      {"period",
       {{"from", MomentText(edition.week.begin())}, {"until", MomentText(edition.week.end())}}},
      {"language", std::string(PrintLanguage(edition.language))},
      {"audience", edition.audience},
      {"revision", edition.revision},
      {"author", edition.author.str()},
      {"source", edition.source.str()},
      {"as_of", MomentText(edition.as_of)},
      {"valid_until", MomentText(edition.valid_until)},
  };
  AddText("foreword", edition.foreword, object);
  object["quiet"] = edition.quiet();
  return object;
}

void AddBody(const Edition& edition, ordered_json& object) {
  object["judgements"] = ListJson(edition.judgements, JudgementJson);
  object["deeds"] = ListJson(edition.deeds, DeedsJson);
  object["items"] = ListJson(edition.items, ItemJson);
  object["also"] = ListJson(edition.also, LineJson);
  object["open"] = ListJson(edition.open, LineJson);
  object["expiring"] = ListJson(edition.expiring, LineJson);
  object["expired"] = ListJson(edition.expired, LineJson);
  object["withdrawn"] = ListJson(edition.withdrawn, LineJson);
  object["corrected"] = ListJson(edition.corrected, LineJson);
  object["places"] = ListJson(edition.places, PlaceJson);
  object["places_left_out"] = edition.places_left_out;
  object["trend"] = ListJson(edition.trend, TrendJson);
  object["trend_compares"] = edition.trend_compares;
  object["events"] = ListJson(edition.events, EventJson);
  object["indicators"] = ListJson(edition.indicators, IndicatorJson);
  object["indicators_left_out"] = edition.indicators_left_out;
  object["red"] = ListJson(edition.red, RedJson);
  object["unacknowledged"] = ListJson(edition.unacknowledged, LineJson);
}

ordered_json LeftOutJson(const LinesLeftOut& left_out) {
  return {{"also", left_out.also},
          {"open", left_out.open},
          {"expiring", left_out.expiring},
          {"expired", left_out.expired},
          {"withdrawn", left_out.withdrawn},
          {"corrected", left_out.corrected},
          {"events", left_out.events},
          {"red", left_out.red},
          {"unacknowledged", left_out.unacknowledged}};
}

ordered_json EditionJson(const Edition& edition) {
  ordered_json object = HeadJson(edition);
  AddBody(edition, object);
  object["left_out"] = LeftOutJson(edition.left_out);
  object["provenance"] = ListJson(edition.provenance, ProvenanceJson);
  object["directory_version"] = edition.directory_version;
  object["generator"] = edition.generator;
  return object;
}

}  // namespace
}  // namespace show

std::string WriteJson(const Edition& edition) {
  using nlohmann::ordered_json;
  const std::string text =
      show::EditionJson(edition).dump(2, ' ', true, ordered_json::error_handler_t::replace);
  // These three stand in no JSON but inside its texts.
  return absl::StrReplaceAll(text, {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}}) + "\n";
}

}  // namespace shield
