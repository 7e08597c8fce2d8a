#include "client/digest/publish/edition_draft.h"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "client/content/content.h"
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
void Pack(const ListedBulletin& each, const Week& week, Bytes& bytes) {
  const ByteSpan id = each.id.span();
  bytes.insert(bytes.end(), id.begin(), id.end());
  const auto seconds = static_cast<uint32_t>(absl::ToInt64Seconds(each.issued - week.begin()));
  for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<uint8_t>(seconds >> shift));
}

nlohmann::json PackedItemsOf(std::span<const ListedLine> for_everyone, const Week& week) {
  std::map<std::pair<Tlp, uint64_t>, Bytes> lists;
  for (const ListedLine& each : for_everyone) {
    if (each.bulletin.issued < week.begin())
      continue;  // its embargo ended: there is no room for it
    Pack(each.bulletin, week, lists[{each.bulletin.tlp, each.bulletin.directory_version}]);
  }
  nlohmann::json packed = nlohmann::json::object();
  for (const auto& [list, bytes] : lists) {
    const auto& [tlp, version] = list;
    packed[TlpWithPrefix(tlp)][absl::StrCat(version)] = Base64Encode(bytes, Base64Form::kPadded);
  }
  return packed;
}

// How the list is written: each takes less room than the one before.
enum class ListForm { kTitles, kIds, kPacked };

ListForm FullestForm(std::span<const ListedLine> for_everyone) {
  if (for_everyone.size() > kMaxListedTitles) return ListForm::kPacked;
  size_t bytes = 0;
  for (const ListedLine& each : for_everyone) bytes += each.title.size();
  return bytes <= kMaxListedTitleBytes ? ListForm::kTitles : ListForm::kIds;
}

nlohmann::json ItemsOf(std::span<const ListedLine> for_everyone, ListForm form) {
  nlohmann::json items = nlohmann::json::array();
  for (const ListedLine& each : for_everyone) {
    nlohmann::json item = {{"id", each.bulletin.id.ToHex()},
                           {"tlp", TlpWithPrefix(each.bulletin.tlp)},
                           {"issued", Moment(each.bulletin.issued)},
                           {"directory", each.bulletin.directory_version}};
    if (form == ListForm::kTitles && !each.title.empty()) item["title"] = each.title;
    items.push_back(std::move(item));
  }
  return items;
}

// What stands in it as live content, and what only as ended.
void AddContained(const MadeEdition& made, nlohmann::json& details) {
  absl::flat_hash_set<BulletinId> live;
  for (const BriefedBulletin& bulletin : made.admission.bulletins) {
    if (bulletin.state == InboxState::kLive) live.insert(bulletin.id);
  }
  details["contains"] = nlohmann::json::array();
  details["ended"] = nlohmann::json::array();
  for (const ProvenanceLine& line : made.edition.provenance) {
    details[live.contains(line.id) ? "contains" : "ended"].push_back(line.id.ToHex());
  }
}

// All but the list.
nlohmann::json DetailsOf(const MadeEdition& made) {
  const Edition& edition = made.edition;
  nlohmann::json details = {
      {"edition", Issue(edition.week)},
      {"revision", edition.revision},
      {"week", edition.week.Print()},
      {"tier", PrintTier(edition.tier)},
      {"audience", edition.audience},
      {"period", {{"from", Moment(edition.week.begin())}, {"until", Moment(edition.week.end())}}}};
  AddContained(made, details);
  return details;
}

std::string WithList(nlohmann::json members, std::span<const ListedLine> for_everyone,
                     ListForm form, const Week& week) {
  if (form == ListForm::kPacked) {
    members["details"]["packed_items"] = PackedItemsOf(for_everyone, week);
  } else {
    members["details"]["items"] = ItemsOf(for_everyone, form);
  }
  return members.dump();
}

bool FitsItsSeal(const std::string& members_json, Tlp tlp) {
  return ComposeContent(members_json, tlp, {}).ok();
}

// The fullest list with which `members` fits its seal. Without any it does: the Markdown is bounded
// (make_edition.h).
std::string Listing(const nlohmann::json& members, std::span<const ListedLine> for_everyone,
                    const Week& week, Tlp tlp) {
  for (ListForm form = FullestForm(for_everyone); form != ListForm::kPacked;
       form = form == ListForm::kTitles ? ListForm::kIds : ListForm::kPacked) {
    std::string listed = WithList(members, for_everyone, form, week);
    if (FitsItsSeal(listed, tlp)) return listed;
  }
  while (true) {
    std::string listed = WithList(members, for_everyone, ListForm::kPacked, week);
    if (for_everyone.empty() || FitsItsSeal(listed, tlp)) return listed;
    for_everyone = for_everyone.last(for_everyone.size() / 2);
  }
}

}  // namespace

Edition AsSent(Edition edition) {
  edition.label = LabelOf(edition.tier);
  return edition;
}

Draft DraftOfEdition(const MadeEdition& made, std::span<const ListedLine> for_everyone,
                     const std::vector<BulletinId>& replaces) {
  const Edition& edition = made.edition;
  Draft draft;
  draft.title = TitleOf(edition);
  draft.kind = std::string(kEditionKind);
  draft.bulletin_class = BulletinClass::kContent;
  draft.tlp = LabelOf(edition.tier);
  draft.to = made.to;
  draft.expires = NextDue(edition.week) + kEditionLife;
  draft.refs.reserve(replaces.size());
  for (const BulletinId& each : replaces) draft.refs.push_back({Relation::kSupersedes, each});
  const nlohmann::json members = {{"title", draft.title},
                                  {"kind", draft.kind},
                                  {"language", PrintLanguage(edition.language)},
                                  {"body", WriteMarkdown(edition)},
                                  {"details", DetailsOf(made)}};
  draft.members_json = Listing(members, for_everyone, edition.week, draft.tlp);
  return draft;
}

}  // namespace shield
