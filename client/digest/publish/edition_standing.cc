#include "client/digest/publish/edition_standing.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/account.h"

namespace shield {
namespace {

bool InLogOrder(const HeldEdition& a, const HeldEdition& b) { return a.log_index < b.log_index; }

// Of `editions` those that carry one of `carried`, directly or by another that does, whatever
// became of them. References name earlier bulletins: one walk in the order of the log finds all.
std::vector<HeldEdition> AllCarrying(std::vector<HeldEdition> editions,
                                     const std::vector<HeldEdition>& carried) {
  std::stable_sort(editions.begin(), editions.end(), InLogOrder);
  absl::flat_hash_set<BulletinId> family;
  for (const HeldEdition& edition : carried) family.insert(edition.id);
  std::vector<HeldEdition> carrying;
  for (HeldEdition& edition : editions) {
    const bool carries =
        std::any_of(edition.carries.begin(), edition.carries.end(),
                    [&family](const BulletinId& id) { return family.contains(id); });
    if (!carries || family.contains(edition.id)) continue;
    family.insert(edition.id);
    carrying.push_back(std::move(edition));
  }
  return carrying;
}

EditionStanding::Kind KindOf(const EditionStanding& standing, const Week& week, absl::Time now) {
  using Kind = EditionStanding::Kind;
  if (standing.editions.empty()) return now < week.due() ? Kind::kNotDue : Kind::kMissing;
  if (standing.editions.size() > 1) return Kind::kTwice;
  if (!standing.changed.empty()) return Kind::kStale;
  return standing.editions.front().issued < week.end() ? Kind::kProvisional : Kind::kStands;
}

}  // namespace

std::vector<BulletinId> EndedIn(const std::vector<HeldEdition>& editions,
                                const std::vector<BriefingCandidate>& candidates) {
  absl::flat_hash_set<BulletinId> inside;
  for (const HeldEdition& edition : editions) {
    inside.insert(edition.contains.begin(), edition.contains.end());
  }
  std::vector<BulletinId> ended;
  for (const BriefingCandidate& candidate : candidates) {
    const BriefedBulletin& bulletin = candidate.bulletin;
    const bool has_ended =
        bulletin.state == InboxState::kWithdrawn || bulletin.state == InboxState::kSuperseded;
    if (has_ended && inside.contains(bulletin.id)) ended.push_back(bulletin.id);
  }
  return ended;
}

absl::string_view PrintStanding(EditionStanding::Kind kind) {
  switch (kind) {
    case EditionStanding::Kind::kNotDue:
      return "not due";
    case EditionStanding::Kind::kMissing:
      return "missing";
    case EditionStanding::Kind::kStands:
      return "published";
    case EditionStanding::Kind::kProvisional:
      return "provisional";
    case EditionStanding::Kind::kStale:
      return "stale";
    case EditionStanding::Kind::kTwice:
      break;
  }
  return "twice";
}

std::vector<HeldEdition> EditionsThatHold(const std::vector<HeldEdition>& editions,
                                          const OrgId& source, const Week& week, Tier tier) {
  std::vector<HeldEdition> holding;
  for (const HeldEdition& edition : editions) {
    const bool holds = edition.source == source && edition.week == week && edition.tier == tier &&
                       edition.state == InboxState::kLive;
    if (holds) holding.push_back(edition);
  }
  std::stable_sort(holding.begin(), holding.end(), InLogOrder);
  // Each carries one before it: the first of all carries none.
  absl::flat_hash_set<BulletinId> carriers;
  for (const HeldEdition& edition : holding) {
    if (carriers.contains(edition.id)) continue;
    for (const HeldEdition& carrier : CarriersOf(editions, {edition})) carriers.insert(carrier.id);
  }
  std::erase_if(holding,
                [&carriers](const HeldEdition& each) { return carriers.contains(each.id); });
  return holding;
}

std::vector<HeldEdition> CarriersOf(const std::vector<HeldEdition>& editions,
                                    const std::vector<HeldEdition>& holding) {
  if (holding.empty()) return {};
  const HeldEdition& first = holding.front();
  std::vector<HeldEdition> same;
  std::copy_if(editions.begin(), editions.end(), std::back_inserter(same),
               [&first](const HeldEdition& each) {
                 return each.source == first.source && each.week == first.week &&
                        each.tier == first.tier;
               });
  std::vector<HeldEdition> carriers = AllCarrying(std::move(same), holding);
  std::erase_if(carriers, [](const HeldEdition& each) { return each.state != InboxState::kLive; });
  return carriers;
}

absl::StatusOr<OrgId> SourceOf(const Gathered& gathered) {
  const MemberRecord* author = gathered.directory->directory().FindMember(gathered.member);
  if (author != nullptr) return author->org;
  return WithRule(
      absl::UnauthenticatedError("the directory that is here does not show this member"),
      "UNKNOWN_CALLER");
}

EditionStanding StandingOf(const Gathered& gathered, const Week& week, Tier tier, absl::Time now) {
  EditionStanding standing;
  const absl::StatusOr<OrgId> source = SourceOf(gathered);
  if (source.ok()) standing.editions = EditionsThatHold(gathered.editions, *source, week, tier);
  standing.changed = EndedIn(standing.editions, gathered.candidates);
  standing.kind = KindOf(standing, week, now);
  return standing;
}

std::vector<HeldEdition> EditionsToCorrect(const Gathered& gathered, Tier tier, absl::Time now) {
  std::set<std::string> seen;
  std::vector<HeldEdition> found;
  for (const HeldEdition& edition : gathered.editions) {
    const bool holds = edition.state == InboxState::kLive && edition.week.has_value() &&
                       edition.tier == tier && seen.insert(edition.week->Print()).second;
    if (!holds) continue;
    const EditionStanding standing = StandingOf(gathered, *edition.week, tier, now);
    if (!standing.changed.empty()) found.push_back(standing.editions.back());
  }
  return found;
}

bool MakesEditions(const Directory& directory, const MemberRecord& member) {
  const OrgRecord& org = directory.OrgOf(member);
  return IsAnalyst(member, org) || IsDigestSeat(member, org);
}

bool MakesEditions(const Gathered& gathered) {
  const Directory& directory = gathered.directory->directory();
  const MemberRecord* member = directory.FindMember(gathered.member);
  return member != nullptr && MakesEditions(directory, *member);
}

bool MayReplace(const Gathered& gathered, const HeldEdition& edition) {
  const Directory& directory = gathered.directory->directory();
  const MemberRecord* member = directory.FindMember(gathered.member);
  if (member == nullptr || member->org != edition.source) return false;
  return edition.author == member->id || IsAnalyst(*member, directory.OrgOf(*member));
}

absl::Status CheckMayReplace(const Gathered& gathered, const std::vector<HeldEdition>& editions) {
  for (const HeldEdition& edition : editions) {
    if (MayReplace(gathered, edition)) continue;
    return WithHint(
        WithRule(absl::PermissionDeniedError(absl::StrCat(
                     "the ", PrintTier(edition.tier), " edition of ", edition.week->Print(), ", `",
                     edition.id.ToHex(), "`, was published by `", edition.author.text(),
                     "`: only its author and the analysts of the force can replace it")),
                 "EDITION_OF_ANOTHER"),
        absl::StrCat("`", edition.author.text(), "` or any analyst of the force runs `",
                     ReplacingCommand(*edition.week, edition.tier), "`"));
  }
  return absl::OkStatus();
}

std::string ReplacingCommand(const Week& week, Tier tier) {
  return absl::StrCat("shield digest publish --tier ", PrintTier(tier), " --week ", week.Print(),
                      " --replace");
}

absl::StatusOr<std::vector<AudienceToken>> AudienceOfEdition(const HeldEdition& edition) {
  if (!edition.to.empty()) return edition.to;
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat("whom the edition `", edition.id.ToHex(),
                                                          "` is for cannot be read here")),
               "AUDIENCE_UNKNOWN"),
      "send the correction yourself: `shield digest publish --replace --to …`");
}

absl::StatusOr<BriefingRequest> CorrectionOf(const HeldEdition& edition) {
  ASSIGN_OR_RETURN(std::vector<AudienceToken> to, AudienceOfEdition(edition));
  return BriefingRequest{.week = *edition.week,
                         .tier = edition.tier,
                         .language = edition.language,
                         .to = std::move(to),
                         .for_their_readers = true};
}

}  // namespace shield
