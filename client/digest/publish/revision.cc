#include "client/digest/publish/revision.h"

#include <algorithm>
#include <utility>

#include "base/status.h"
#include "client/digest/publish/earlier_readers.h"
#include "client/digest/publish/edition_draft.h"
#include "client/digest/publish/edition_holds.h"
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

bool HasNoKey(const Directory& directory, const AudienceToken& token, absl::Time now) {
  if (token.kind != AudienceToken::Kind::kMember) return false;
  const std::optional<MemberId> named = MemberId::Parse(token.value);
  return named.has_value() && !CanBeSealedTo(directory, *named, now);
}

bool Has(const std::vector<AudienceToken>& words, const AudienceToken& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whom the whole audience names and policy refuses by now: suspended, revoked, vetted for less than
// all of it asks for.
absl::StatusOr<std::vector<AudienceToken>> Refused(const Gathered& gathered,
                                                   const BriefingRequest& request, absl::Time now) {
  return FindRefusedNames(gathered.directory->directory(),
                          {gathered.member, LabelOf(request.tier), request.to}, now);
}

// The words of `to` that name somebody to whom nothing can be sealed, or may be, at this moment.
// None where the others are no audience that the label can have: then whoever sends it is refused,
// and told why.
absl::StatusOr<std::vector<AudienceToken>> NotToBeSealed(const Gathered& gathered,
                                                         const BriefingRequest& request,
                                                         absl::Time now) {
  const Directory& directory = gathered.directory->directory();
  std::vector<AudienceToken> without;
  if (!directory.complete()) return without;
  ASSIGN_OR_RETURN(const std::vector<AudienceToken> refused, Refused(gathered, request, now));
  std::vector<AudienceToken> others;
  for (const AudienceToken& token : request.to) {
    const bool leaves_out = Has(refused, token) || HasNoKey(directory, token, now);
    (leaves_out ? without : others).push_back(token);
  }
  const bool nobody = !TargetsOf(others).SaysWhom();
  const EditionTerms edition{gathered.member, LabelOf(request.tier), std::move(others)};
  if (nobody || !PlanEdition(directory, edition, {}, now).ok()) without.clear();
  return without;
}

// Of those words the ones whom nothing but a key is missing.
absl::StatusOr<Targets> MissingAKey(const Gathered& gathered, const BriefingRequest& revised,
                                    absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<AudienceToken> refused, Refused(gathered, revised, now));
  std::vector<AudienceToken> words;
  for (const AudienceToken& token : revised.unsealed) {
    if (!Has(refused, token)) words.push_back(token);
  }
  return TargetsOf(words);
}

// By what each had it who is let in by it still.
struct LettingIn {
  MemberSet editions;
  MemberSet extensions;
  MemberSet permits;
  MemberSet all;
};

LettingIn AllLetIn(const Gathered& gathered, const Replaced& replaced, absl::Time now) {
  LettingIn all;
  for (const HeldEdition& edition : replaced.Family()) {
    MemberSet& by = edition.carries.empty() ? all.editions
                    : edition.permits       ? all.permits
                                            : all.extensions;
    const MemberSet let_in = LetIn(gathered, edition, now);
    by.AddAll(let_in);
    all.all.AddAll(let_in);
  }
  return all;
}

// Of `readers` those who may not have all that stands in what was made, were it sent to them so.
MemberSet WhoMayNotHave(const Gathered& gathered, const SentAgain& again, const Edition& made,
                        const MemberSet& readers, absl::Time now) {
  std::vector<BulletinId> parts;
  parts.reserve(made.provenance.size());
  for (const ProvenanceLine& line : made.provenance) parts.push_back(line.id);
  MemberSet may_not(gathered.directory->directory());
  for (const KeptFrom& kept : FindKeptFrom(gathered, again, parts, readers, now)) {
    may_not.AddAll(kept.readers);
  }
  return may_not;
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
  ASSIGN_OR_RETURN(request.unsealed, NotToBeSealed(gathered, request, now));
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

absl::StatusOr<std::vector<Unreached>> NotReached(const Gathered& gathered,
                                                  const BriefingRequest& revised,
                                                  const MadeEdition& made, const Replaced& replaced,
                                                  absl::Time now) {
  std::vector<Unreached> missed;
  if (replaced.editions.empty()) return missed;
  const Directory& directory = gathered.directory->directory();
  const LettingIn let_in = AllLetIn(gathered, replaced, now);
  const MemberSet ever_had = WhoEverHad(gathered, replaced.editions.front());
  ASSIGN_OR_RETURN(const Targets without_key, MissingAKey(gathered, revised, now));
  const Targets untold = TargetsOf(revised.untold);
  SentAgain again{Relation::kExtends, LabelOf(revised.tier)};
  const MemberSet not_by_extending = WhoMayNotHave(gathered, again, made.edition, let_in.all, now);
  again.relation = Relation::kPermits;
  const MemberSet not_by_permitting =
      WhoMayNotHave(gathered, again, made.edition, let_in.permits, now);
  for (size_t i = 0; i < directory.members().size(); ++i) {
    const MemberRecord& member = directory.members()[i];
    const bool excluded = untold.Excludes(member) && ever_had.Contains(i);
    const bool had = let_in.all.Contains(i) || excluded || without_key.Names(member.id);
    if (!had || made.admission.readers.Contains(i) || member.id == gathered.member) continue;
    const bool carried = let_in.extensions.Contains(i) || let_in.permits.Contains(i);
    const bool by_permit = !let_in.editions.Contains(i) && !let_in.extensions.Contains(i);
    const MemberSet& may_not = by_permit ? not_by_permitting : not_by_extending;
    Unreached each{member.id, Unreached::Way::kExtend};
    if (!CanBeSealedTo(directory, member.id, now)) {
      each.way = Unreached::Way::kNewKeys;
    } else if ((excluded && !carried) || may_not.Contains(i)) {
      each.way = Unreached::Way::kAnotherWay;
    } else if (by_permit) {
      each.way = Unreached::Way::kPermit;
    }
    missed.push_back(std::move(each));
  }
  return missed;
}

}  // namespace shield
