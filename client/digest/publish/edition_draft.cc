#include "client/digest/publish/edition_draft.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "client/digest/edition_choice.h"
#include "client/digest/show/markdown.h"
#include "client/digest/words.h"

namespace shield {
namespace {

std::string Moment(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string Issue(const Week& week) { return absl::StrCat(week.number(), "/", week.year()); }

std::string TitleOf(const Edition& edition) {
  std::string title = absl::StrCat(Say(edition.language, Word::kBriefing), " ", Issue(edition.week),
                                   ", ", TlpWithPrefix(LabelOf(edition.tier)));
  if (edition.revision == 1) return title;
  return absl::StrCat(
      title, " (",
      SayFilled(edition.language, Word::kRevisionShort, {absl::StrCat(edition.revision)}), ")");
}

// 19 bytes for each: its id, and how many seconds after the week began it was issued.
void Pack(const BriefingCandidate& each, const Week& week, Bytes& bytes) {
  const ByteSpan id = each.bulletin.id.span();
  bytes.insert(bytes.end(), id.begin(), id.end());
  const auto seconds =
      static_cast<uint32_t>(absl::ToInt64Seconds(each.terms.issued - week.begin()));
  for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<uint8_t>(seconds >> shift));
}

nlohmann::json PackedItemsOf(const std::vector<BriefingCandidate>& for_everyone, const Week& week) {
  std::map<std::pair<Tlp, uint64_t>, Bytes> lists;
  for (const BriefingCandidate& each : for_everyone) {
    Pack(each, week, lists[{each.terms.tlp, each.directory_version}]);
  }
  nlohmann::json packed = nlohmann::json::object();
  for (const auto& [list, bytes] : lists) {
    const auto& [tlp, version] = list;
    packed[TlpWithPrefix(tlp)][absl::StrCat(version)] = Base64Encode(bytes, Base64Form::kPadded);
  }
  return packed;
}

bool FitsWithTitles(const std::vector<BriefingCandidate>& for_everyone) {
  size_t bytes = 0;
  for (const BriefingCandidate& each : for_everyone) bytes += each.bulletin.content.title.size();
  return bytes <= kMaxListedTitleBytes;
}

nlohmann::json ItemsOf(const std::vector<BriefingCandidate>& for_everyone) {
  nlohmann::json items = nlohmann::json::array();
  const bool with_titles = FitsWithTitles(for_everyone);
  for (const BriefingCandidate& each : for_everyone) {
    const BriefedBulletin& bulletin = each.bulletin;
    nlohmann::json item = {{"id", bulletin.id.ToHex()},
                           {"tlp", TlpWithPrefix(each.terms.tlp)},
                           {"issued", Moment(each.terms.issued)},
                           {"directory", each.directory_version}};
    const bool named = with_titles && !bulletin.content.title.empty();
    if (named) item["title"] = bulletin.content.title;
    items.push_back(std::move(item));
  }
  return items;
}

nlohmann::json DetailsOf(const Edition& edition,
                         const std::vector<BriefingCandidate>& for_everyone) {
  nlohmann::json contains = nlohmann::json::array();
  for (const ProvenanceLine& line : edition.provenance) contains.push_back(line.id.ToHex());
  nlohmann::json details = {
      {"edition", Issue(edition.week)},
      {"revision", edition.revision},
      {"week", edition.week.Print()},
      {"tier", PrintTier(edition.tier)},
      {"period", {{"from", Moment(edition.week.begin())}, {"until", Moment(edition.week.end())}}},
      {"contains", std::move(contains)}};
  if (for_everyone.size() <= kMaxListedTitles) {
    details["items"] = ItemsOf(for_everyone);
  } else {
    details["packed_items"] = PackedItemsOf(for_everyone, edition.week);
  }
  return details;
}

}  // namespace

Edition AsSent(Edition edition) {
  edition.label = LabelOf(edition.tier);
  return edition;
}

Draft DraftOfEdition(const MadeEdition& made, const std::vector<BriefingCandidate>& for_everyone,
                     const std::optional<BulletinId>& replaces) {
  const Edition& edition = made.edition;
  Draft draft;
  draft.title = TitleOf(edition);
  draft.kind = std::string(kEditionKind);
  draft.bulletin_class = BulletinClass::kContent;
  draft.tlp = LabelOf(edition.tier);
  draft.to = made.to;
  draft.expires = NextDue(edition.week) + kEditionLife;
  if (replaces.has_value()) draft.refs.push_back({Relation::kSupersedes, *replaces});
  const nlohmann::json members = {{"title", draft.title},
                                  {"kind", draft.kind},
                                  {"language", PrintLanguage(edition.language)},
                                  {"body", WriteMarkdown(edition)},
                                  {"details", DetailsOf(edition, for_everyone)}};
  draft.members_json = members.dump();
  return draft;
}

}  // namespace shield
