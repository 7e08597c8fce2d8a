#include "client/digest/publish/earlier_readers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "policy/account.h"
#include "policy/reading.h"
#include "policy/seal_key.h"
#include "policy/targets.h"

namespace shield {
namespace {

const BriefingCandidate* CandidateOf(const Gathered& gathered, const HeldEdition& edition) {
  for (const BriefingCandidate& candidate : gathered.candidates) {
    if (candidate.bulletin.id == edition.id) return &candidate;
  }
  return nullptr;
}

// Whether all of an organisation who can be reached are among `members`.
bool AreAllIn(const Directory& directory, const OrgRecord& org, const MemberSet& members,
              absl::Time at) {
  const auto all = directory.MembersOf(org.id);
  return std::all_of(all.begin(), all.end(), [&](const MemberRecord& member) {
    const bool reachable = SeesContent(member) && !AccountFault(member, org, at).has_value() &&
                           CanBeSealedTo(directory, member.id, at);
    return !reachable || members.Contains(IndexOf(directory, member));
  });
}

// What may be told, and of each the bulletin whose content it is.
struct Around {
  std::vector<EditionPart> parts;
  std::vector<BulletinId> originals;
};

// What stands in one of `carried` or may stand in the edition of its week that replaces it, and
// what of up to then says the same, whatever became of it.
Around PartsAround(const Gathered& gathered, const std::vector<HeldEdition>& carried) {
  absl::flat_hash_set<BulletinId> inside;
  for (const HeldEdition& edition : carried) {
    inside.insert(edition.contains.begin(), edition.contains.end());
  }
  const std::optional<Week>& week = carried.front().week;
  const auto appeared = [](const BriefingCandidate& candidate) {
    return std::max(candidate.terms.issued, candidate.terms.not_before);
  };
  absl::flat_hash_set<BulletinId> originals;
  for (const BriefingCandidate& candidate : gathered.candidates) {
    const bool of_the_week = week.has_value() && week->begin() <= appeared(candidate) &&
                             appeared(candidate) < week->end();
    const bool counts = of_the_week || inside.contains(candidate.bulletin.id);
    if (counts && !candidate.is_edition) originals.insert(OriginalOf(candidate));
  }
  const std::vector<EditionPart> all = PartsOf(gathered.candidates);
  Around around;
  for (size_t i = 0; i < all.size(); ++i) {
    const BriefingCandidate& candidate = gathered.candidates[i];
    const bool in_time = !week.has_value() || appeared(candidate) < week->end() ||
                         inside.contains(candidate.bulletin.id);
    const bool counts = in_time && originals.contains(OriginalOf(candidate));
    if (!counts || candidate.is_edition) continue;
    around.parts.push_back(all[i]);
    around.originals.push_back(OriginalOf(candidate));
  }
  return around;
}

// Whether all that enters by `before` enters by `after`, as live, be it by another that says the
// same, or as ended.
bool LosesNothing(const EditionPlan& before, const EditionPlan& after, const Around& around) {
  absl::flat_hash_set<BulletinId> said;
  for (const size_t part : after.items) said.insert(around.originals[part]);
  return std::all_of(before.items.begin(), before.items.end(),
                     [&](size_t part) { return said.contains(around.originals[part]); }) &&
         std::includes(after.ended.begin(), after.ended.end(), before.ended.begin(),
                       before.ended.end());
}

}  // namespace

const MemberSet* WhomSent(const Gathered& gathered, const HeldEdition& edition) {
  const BriefingCandidate* candidate = CandidateOf(gathered, edition);
  return candidate == nullptr ? nullptr : candidate->sent_to.get();
}

MemberSet WhoEverHad(const Gathered& gathered, const HeldEdition& edition) {
  MemberSet had(gathered.directory->directory());
  for (const HeldEdition& each : gathered.editions) {
    const bool same =
        each.source == edition.source && each.week == edition.week && each.tier == edition.tier;
    const MemberSet* members = same ? WhomSent(gathered, each) : nullptr;
    if (members != nullptr) had.AddAll(*members);
  }
  return had;
}

MemberSet LetIn(const Gathered& gathered, const HeldEdition& edition, absl::Time at) {
  const Directory& directory = gathered.directory->directory();
  MemberSet let_in(directory);
  const BriefingCandidate* candidate = CandidateOf(gathered, edition);
  if (candidate == nullptr || candidate->sent_to == nullptr) return let_in;
  const Reading delivery(directory, candidate->terms, at, Reading::Question::kDelivery);
  for (size_t i = 0; i < directory.members().size(); ++i) {
    const MemberRecord& member = directory.members()[i];
    const bool has = candidate->sent_to->Contains(i) && member.id != gathered.member;
    const bool lets_in =
        has &&
        delivery.Of(member, directory.OrgOf(member), Reader::WithoutEntry(member.id)).allowed;
    if (lets_in) let_in.Add(i);
  }
  return let_in;
}

absl::StatusOr<std::vector<AudienceToken>> CarriedTo(const Gathered& gathered,
                                                     const EditionTerms& edition,
                                                     const std::vector<HeldEdition>& carried,
                                                     absl::Time at) {
  std::vector<AudienceToken> words;
  const Directory& directory = gathered.directory->directory();
  if (carried.empty() || !directory.complete()) return words;
  const Around around = PartsAround(gathered, carried);
  const std::vector<EditionPart>& parts = around.parts;
  ASSIGN_OR_RETURN(const EditionPlan plan, PlanEdition(directory, edition, parts, at));
  MemberSet let_in(directory);
  for (const HeldEdition& each : carried) let_in.AddAll(LetIn(gathered, each, at));
  const Targets targets = TargetsOf(edition.to);
  std::map<OrgId, std::vector<AudienceToken>> by_org;
  for (size_t i = 0; i < directory.members().size(); ++i) {
    const MemberRecord& member = directory.members()[i];
    const bool missed = let_in.Contains(i) && !plan.readers.Contains(i) &&
                        !targets.Excludes(member) && CanBeSealedTo(directory, member.id, at);
    if (missed) by_org[member.org].push_back(AudienceToken::Member(member.id));
  }
  EditionTerms wider = edition;
  size_t reached = plan.readers.size();
  for (auto& [id, named] : by_org) {
    if (AreAllIn(directory, *directory.FindOrg(id), let_in, at)) named = {AudienceToken::Org(id)};
    if (words.size() + named.size() > kMaxCarriedTo) break;
    EditionTerms tried = wider;
    tried.to.insert(tried.to.end(), named.begin(), named.end());
    const absl::StatusOr<EditionPlan> with = PlanEdition(directory, tried, parts, at);
    const bool widens = with.ok() && with->readers.size() > reached;
    if (!widens || !LosesNothing(plan, *with, around)) continue;
    reached = with->readers.size();
    wider = std::move(tried);
    words.insert(words.end(), named.begin(), named.end());
  }
  return words;
}

}  // namespace shield
