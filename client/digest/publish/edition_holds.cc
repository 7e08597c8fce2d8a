#include "client/digest/publish/edition_holds.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/publish/edition_standing.h"
#include "policy/edition_plan.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view sentence, absl::string_view hint) {
  return WithHint(WithRule(absl::PermissionDeniedError(sentence), "EDITION_HOLDS_MORE"), hint);
}

absl::Status NotKnownHere(absl::string_view what) {
  return Refused(
      absl::StrCat(what, ", so that nobody can tell for whom it is and whether it holds"),
      "send it from a home that holds what stands in it");
}

absl::Status HoldsMore(const Directory& directory, const KeptFrom& kept, bool ended) {
  const auto& members = directory.members();
  size_t first = 0;
  while (!kept.readers.Contains(first)) ++first;
  const size_t others = kept.readers.size() - 1;
  return Refused(
      absl::StrCat("`", kept.part.ToHex(), "`, which stands in this edition, is not for `",
                   members[first].id.text(), "`",
                   others == 0 ? "" : absl::StrCat(" and ", others, " more"),
                   ", whom it would reach"),
      absl::StrCat(ended ? "" : "extend that bulletin to them first, or ",
                   "send them an edition of their own: `shield digest publish --to …`"));
}

absl::Status IsStale(const BulletinId& part, const HeldEdition& edition) {
  const absl::Status stale =
      WithRule(absl::PermissionDeniedError(absl::StrCat(
                   "`", part.ToHex(),
                   "`, which stands in this edition, has been withdrawn or replaced since")),
               "DIGEST_STALE");
  if (!edition.week.has_value()) return stale;
  return WithHint(stale, absl::StrCat("replace the edition first: `",
                                      ReplacingCommand(*edition.week, edition.tier), "`"));
}

MemberSet InBoth(const Directory& directory, const MemberSet& a, const MemberSet& b) {
  MemberSet both(directory);
  for (size_t i = 0; i < directory.members().size(); ++i) {
    if (a.Contains(i) && b.Contains(i)) both.Add(i);
  }
  return both;
}

bool IsPermitted(const SentAgain& again, const Gathered& gathered, const EditionPart& part) {
  if (again.relation != Relation::kPermits) return false;
  const MemberRecord* author = gathered.directory->directory().FindMember(gathered.member);
  return author != nullptr && author->org == part.terms->source;
}

// The first of `parts` that is not here.
std::optional<BulletinId> FindMissing(const Gathered& gathered,
                                      const std::vector<BulletinId>& parts) {
  absl::flat_hash_set<BulletinId> here;
  for (const BriefingCandidate& candidate : gathered.candidates) {
    here.insert(candidate.bulletin.id);
  }
  const auto missing = std::find_if(parts.begin(), parts.end(),
                                    [&here](const BulletinId& id) { return !here.contains(id); });
  return missing == parts.end() ? std::nullopt : std::optional(*missing);
}

}  // namespace

std::vector<KeptFrom> FindKeptFrom(const Gathered& gathered, const SentAgain& again,
                                   std::span<const BulletinId> parts, const MemberSet& readers,
                                   absl::Time at) {
  std::vector<KeptFrom> kept;
  if (readers.empty()) return kept;
  const Directory& directory = gathered.directory->directory();
  absl::flat_hash_map<BulletinId, BulletinId> originals;  // of the parts
  const absl::flat_hash_set<BulletinId> inside(parts.begin(), parts.end());
  absl::flat_hash_set<BulletinId> sought;
  for (const BriefingCandidate& candidate : gathered.candidates) {
    originals.emplace(candidate.bulletin.id, OriginalOf(candidate));
  }
  for (const BulletinId& id : parts) {
    const auto found = originals.find(id);
    if (found != originals.end()) sought.insert(found->second);
  }
  std::vector<EditionPart> asked;
  std::vector<BulletinId> says;  // of each, the bulletin whose content it is
  const std::vector<EditionPart> all = PartsOf(gathered.candidates);
  for (size_t i = 0; i < all.size(); ++i) {
    const BriefingCandidate& candidate = gathered.candidates[i];
    const BulletinId original = OriginalOf(candidate);
    const bool counts =
        inside.contains(candidate.bulletin.id) || candidate.terms.state == BulletinState::kLive;
    if (!counts || !sought.contains(original)) continue;
    asked.push_back(all[i]);
    says.push_back(original);
  }
  const std::vector<MemberSet> may_not =
      FindWhoMayNotHave(directory, again.tlp, readers, asked, at);
  // Who may have another that holds and says the same may have it.
  absl::flat_hash_map<BulletinId, MemberSet> kept_from;
  for (size_t i = 0; i < asked.size(); ++i) {
    const MemberSet none(directory);
    const MemberSet& by_this = IsPermitted(again, gathered, asked[i]) ? none : may_not[i];
    const auto [found, first] = kept_from.try_emplace(says[i], by_this);
    if (!first) found->second = InBoth(directory, found->second, by_this);
  }
  for (const BulletinId& id : parts) {
    const auto here = originals.find(id);
    const MemberSet& from = here == originals.end() ? readers : kept_from.at(here->second);
    if (!from.empty()) kept.push_back({id, from});
  }
  return kept;
}

absl::Status CheckMayHave(const Gathered& gathered, const BulletinId& id, const SentAgain& again,
                          std::span<const MemberId> readers, absl::Time at) {
  const auto held = std::find_if(gathered.editions.begin(), gathered.editions.end(),
                                 [&](const HeldEdition& each) { return each.id == id; });
  if (held == gathered.editions.end()) return NotKnownHere("this edition is not in this home");
  if (!held->readable) return NotKnownHere("what stands in this edition cannot be read here");
  if (!held->week.has_value()) return absl::OkStatus();  // of that kind, and written by hand
  const std::vector<BulletinId> over = EndedIn({*held}, gathered.candidates);
  if (!over.empty()) return IsStale(over.front(), *held);
  std::vector<BulletinId> parts = held->contains;
  parts.insert(parts.end(), held->ended.begin(), held->ended.end());
  // Whoever was not sent it is not told either that it has been withdrawn since.
  if (const std::optional<BulletinId> missing = FindMissing(gathered, parts)) {
    return NotKnownHere(absl::StrCat("`", missing->ToHex(),
                                     "`, which stands in this edition, is not in this home"));
  }
  const Directory& directory = gathered.directory->directory();
  const std::vector<KeptFrom> kept =
      FindKeptFrom(gathered, again, parts, MemberSet::Of(directory, readers), at);
  if (kept.empty()) return absl::OkStatus();
  const auto& ended = held->ended;
  return HoldsMore(directory, kept.front(),
                   std::find(ended.begin(), ended.end(), kept.front().part) != ended.end());
}

}  // namespace shield
