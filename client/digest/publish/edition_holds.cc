#include "client/digest/publish/edition_holds.h"

#include <algorithm>
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
  return Refused(absl::StrCat(what, ", so that nobody can tell for whom it is"),
                 "send it from a home that holds what stands in it");
}

absl::Status HoldsMore(const Directory& directory, const KeptFrom& kept) {
  const auto& members = directory.members();
  size_t first = 0;
  while (!kept.readers.Contains(first)) ++first;
  const size_t others = kept.readers.size() - 1;
  return Refused(
      absl::StrCat("`", kept.part.ToHex(), "`, which stands in this edition, is not for `",
                   members[first].id.text(), "`",
                   others == 0 ? "" : absl::StrCat(" and ", others, " more"),
                   ", whom it would reach"),
      "extend that bulletin to them first, or send them an edition of their own: "
      "`shield digest publish --to …`");
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

struct HereAndNot {
  std::vector<BulletinId> here = {};
  std::vector<BulletinId> not_here = {};
};

HereAndNot SortByWhetherHere(const Gathered& gathered, const std::vector<BulletinId>& parts) {
  absl::flat_hash_set<BulletinId> known;
  for (const BriefingCandidate& candidate : gathered.candidates) {
    known.insert(candidate.bulletin.id);
  }
  HereAndNot sorted;
  for (const BulletinId& id : parts) {
    (known.contains(id) ? sorted.here : sorted.not_here).push_back(id);
  }
  return sorted;
}

// What an edition lists everyone in the community of its source was sent, by the word of its
// author.
bool IsListedForAll(const HeldEdition& edition, const BulletinId& part) {
  return std::any_of(edition.listed.begin(), edition.listed.end(),
                     [&part](const ListedBulletin& listed) { return listed.id == part; });
}

bool AreOfItsCommunity(const Directory& directory, const HeldEdition& edition,
                       const MemberSet& readers) {
  const OrgRecord* source = directory.FindOrg(edition.source);
  for (size_t i = 0; i < directory.members().size(); ++i) {
    if (!readers.Contains(i)) continue;
    const OrgRecord& org = directory.OrgOf(directory.members()[i]);
    if (source == nullptr || org.community != source->community) return false;
  }
  return true;
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
  if (held == gathered.editions.end() || !held->week.has_value()) {
    return NotKnownHere("what stands in this edition is not known in this home");
  }
  const std::vector<BulletinId> ended = EndedIn({*held}, gathered.candidates);
  if (!ended.empty()) return IsStale(ended.front(), *held);
  const Directory& directory = gathered.directory->directory();
  const MemberSet reached = MemberSet::Of(directory, readers);
  std::vector<BulletinId> parts = held->contains;
  parts.insert(parts.end(), held->ended.begin(), held->ended.end());
  const HereAndNot sorted = SortByWhetherHere(gathered, parts);
  const std::vector<KeptFrom> kept = FindKeptFrom(gathered, again, sorted.here, reached, at);
  if (!kept.empty()) return HoldsMore(directory, kept.front());
  for (const BulletinId& part : sorted.not_here) {
    if (IsListedForAll(*held, part) && AreOfItsCommunity(directory, *held, reached)) continue;
    return NotKnownHere(
        absl::StrCat("`", part.ToHex(), "`, which stands in this edition, is not in this home"));
  }
  return absl::OkStatus();
}

}  // namespace shield
