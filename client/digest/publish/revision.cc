#include "client/digest/publish/revision.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "client/digest/publish/earlier_readers.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/publish/edition_standing.h"
#include "client/digest/publish/exclusions.h"
#include "client/digest/tier.h"
#include "policy/audience_token.h"
#include "policy/edition_plan.h"
#include "policy/seal_key.h"
#include "policy/targets.h"

namespace shield {
namespace {

void Append(const std::vector<HeldEdition>& more, std::vector<HeldEdition>& editions) {
  editions.insert(editions.end(), more.begin(), more.end());
}

bool Names(const AudienceToken& token) {
  return token.kind == AudienceToken::Kind::kMember || token.kind == AudienceToken::Kind::kOrg;
}

// Whether policy would not let this author send an edition of this tier to whom that word names:
// suspended, revoked, vetted for less by now.
bool IsRefused(const Gathered& gathered, Tier tier, const AudienceToken& word, absl::Time now) {
  const EditionTerms terms{gathered.member, LabelOf(tier), {word}};
  return !PlanEdition(gathered.directory->directory(), terms, {}, now).ok();
}

bool HasNoKey(const Directory& directory, const AudienceToken& token, absl::Time now) {
  if (token.kind != AudienceToken::Kind::kMember) return false;
  const std::optional<MemberId> named = MemberId::Parse(token.value);
  return named.has_value() && !CanBeSealedTo(directory, *named, now);
}

// The words of `to` that name somebody to whom nothing can be sealed, or may be, at this moment.
// None where nobody would be left: then whoever sends it is refused, and told why.
std::vector<AudienceToken> NotToBeSealed(const Gathered& gathered, const BriefingRequest& request,
                                         absl::Time now) {
  const Directory& directory = gathered.directory->directory();
  if (!directory.complete()) return {};
  std::vector<AudienceToken> without;
  std::vector<AudienceToken> others;
  for (const AudienceToken& token : request.to) {
    const bool leaves_out = Names(token) && (HasNoKey(directory, token, now) ||
                                             IsRefused(gathered, request.tier, token, now));
    (leaves_out ? without : others).push_back(token);
  }
  return TargetsOf(others).SaysWhom() ? without : std::vector<AudienceToken>();
}

// Of those words the ones whom nothing but a key is missing.
Targets MissingAKey(const Gathered& gathered, const BriefingRequest& revised, absl::Time now) {
  std::vector<AudienceToken> words;
  for (const AudienceToken& token : revised.unsealed) {
    if (!IsRefused(gathered, revised.tier, token, now)) words.push_back(token);
  }
  return TargetsOf(words);
}

// By what each had it who is let in by it still.
struct LettingIn {
  MemberSet editions;
  MemberSet extensions;
  MemberSet permits;

  bool Any(size_t index) const {
    return editions.Contains(index) || extensions.Contains(index) || permits.Contains(index);
  }
};

LettingIn AllLetIn(const Gathered& gathered, const Replaced& replaced, absl::Time now) {
  LettingIn all;
  for (const HeldEdition& edition : replaced.Family()) {
    MemberSet& by = edition.carries.empty() ? all.editions
                    : edition.permits       ? all.permits
                                            : all.extensions;
    by.AddAll(LetIn(gathered, edition, now));
  }
  return all;
}

}  // namespace

std::vector<HeldEdition> Replaced::Ended() const {
  std::vector<HeldEdition> ended = editions;
  Append(carriers, ended);
  return ended;
}

std::vector<HeldEdition> Replaced::Family() const {
  std::vector<HeldEdition> family = Ended();
  Append(standing, family);
  return family;
}

Replaced ReplacedOf(const Gathered& gathered, std::vector<HeldEdition> holding) {
  if (holding.size() > kMaxReplaced) holding.erase(holding.begin() + kMaxReplaced, holding.end());
  Replaced replaced{std::move(holding)};
  const size_t room = kMaxReplaced - replaced.editions.size();
  for (HeldEdition& carrier : CarriersOf(gathered.editions, replaced.editions)) {
    const bool ends = MayReplace(gathered, carrier) && replaced.carriers.size() < room;
    (ends ? replaced.carriers : replaced.standing).push_back(std::move(carrier));
  }
  return replaced;
}

absl::StatusOr<BriefingRequest> Revising(const Gathered& gathered, BriefingRequest request,
                                         const Replaced& replaced, absl::Time now) {
  if (replaced.editions.empty()) return request;
  if (!request.as_of.has_value()) request.as_of = now;
  if (!request.for_their_readers) return request;
  if (request.to.empty()) {
    ASSIGN_OR_RETURN(request.to, AudienceOfEdition(replaced.editions.back()));
  }
  request.unsealed = NotToBeSealed(gathered, request, now);
  EditionTerms edition{gathered.member, LabelOf(request.tier), SealedWords(request, request.to)};
  ASSIGN_OR_RETURN(request.untold, ExclusionsOf(gathered, edition, replaced.editions, now));
  edition.to.insert(edition.to.end(), request.untold.begin(), request.untold.end());
  ASSIGN_OR_RETURN(const std::vector<AudienceToken> named,
                   CarriedTo(gathered, edition, replaced.Family(), now));
  request.untold.insert(request.untold.end(), named.begin(), named.end());
  return request;
}

absl::string_view PrintWay(Unreached::Way way) {
  switch (way) {
    case Unreached::Way::kExtend:
      return "extend";
    case Unreached::Way::kPermit:
      return "permit";
    case Unreached::Way::kNewKeys:
      return "new keys";
    case Unreached::Way::kAnotherWay:
      break;
  }
  return "another way";
}

std::vector<Unreached> NotReached(const Gathered& gathered, const BriefingRequest& revised,
                                  const MemberSet& readers, const Replaced& replaced,
                                  absl::Time now) {
  std::vector<Unreached> missed;
  if (replaced.editions.empty()) return missed;
  const Directory& directory = gathered.directory->directory();
  const LettingIn let_in = AllLetIn(gathered, replaced, now);
  const MemberSet ever_had = WhoEverHad(gathered, replaced.editions.front());
  const Targets without_key = MissingAKey(gathered, revised, now);
  const Targets untold = TargetsOf(revised.untold);
  for (size_t i = 0; i < directory.members().size(); ++i) {
    const MemberRecord& member = directory.members()[i];
    const bool excluded = untold.Excludes(member) && ever_had.Contains(i);
    const bool had = let_in.Any(i) || excluded || without_key.Names(member.id);
    if (!had || readers.Contains(i) || member.id == gathered.member) continue;
    const bool carried = let_in.extensions.Contains(i) || let_in.permits.Contains(i);
    Unreached each{member.id, Unreached::Way::kExtend};
    if (!CanBeSealedTo(directory, member.id, now)) {
      each.way = Unreached::Way::kNewKeys;
    } else if (excluded && !carried) {
      each.way = Unreached::Way::kAnotherWay;
    } else if (!let_in.editions.Contains(i) && !let_in.extensions.Contains(i)) {
      each.way = Unreached::Way::kPermit;
    }
    missed.push_back(std::move(each));
  }
  return missed;
}

}  // namespace shield
