// DecideRelation: who may withdraw, replace, relabel, extend and permit.
#include "absl/strings/str_cat.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/publisher.h"
#include "policy/rule_sentence.h"

namespace shield {
namespace {

// RED is for the persons its author named: a colleague can take it back and nothing else.
bool ForAuthorOnly(Relation relation, Tlp label) {
  return label == Tlp::kRed && relation != Relation::kWithdraws;
}

// Whether the actor, from this seat, speaks for the source of the bulletin in this relation.
bool SpeaksForSource(const Terms& original, const RelationRequest& request, const PastSeat& seat) {
  if (seat.org != original.source) return false;
  if (request.actor == original.author) return true;
  if (ForAuthorOnly(request.relation, original.tlp)) return false;
  return seat.analyst;
}

std::optional<PastSeat> PresentSeat(const Directory& directory, const MemberRecord* actor) {
  if (actor == nullptr) return std::nullopt;
  const OrgRecord& org = directory.OrgOf(*actor);
  return PastSeat{org.id, IsAnalyst(*actor, org)};
}

std::optional<Rule> StateFault(const Terms& original, Relation relation, absl::Time now) {
  if (original.state == BulletinState::kWithdrawn) return Rule::kWithdrawn;
  if (relation == Relation::kWithdraws) return std::nullopt;
  if (original.state == BulletinState::kSuperseded) return Rule::kSuperseded;
  if (now >= original.expires) return Rule::kExpired;
  return std::nullopt;
}

Rule RuleFor(const Terms& original, const RelationRequest& request) {
  if (request.relation == Relation::kRelabels) return Rule::kSourceRelabel;
  return request.actor == original.author ? Rule::kAuthor : Rule::kSourceOrg;
}

// A relation that only the source may bring about.
Decision DecideForSource(const Directory& directory, const Terms& original,
                         const RelationRequest& request, absl::Time now) {
  const absl::string_view who = request.actor.text();
  if (std::optional<Rule> fault = LabelFault(original)) return Deny(*fault, original, who);
  const MemberRecord* actor = directory.FindMember(request.actor);
  const std::optional<PastSeat> seat =
      request.seat_then.has_value() ? request.seat_then : PresentSeat(directory, actor);
  if (!seat.has_value()) return Deny(Rule::kUnknownCaller, original, who);
  if (!SpeaksForSource(original, request, *seat)) {
    return Deny(Rule::kNotSource, original, who);
  }
  if (actor != nullptr) {
    const std::optional<Rule> fault = AccountFault(*actor, directory.OrgOf(*actor), now);
    if (fault.has_value()) return Deny(*fault, original, who);
  }
  if (std::optional<Rule> fault = StateFault(original, request.relation, now)) {
    return Deny(*fault, original, who);
  }
  if (request.label != original.tlp && request.relation != Relation::kRelabels) {
    return Deny(Rule::kLabelImmutable, original, who);
  }
  return Allow(RuleFor(original, request), original, who);
}

}  // namespace

Decision DecideRelation(const Directory& directory, const Terms& original,
                        const RelationRequest& request, absl::Time now) {
  switch (request.relation) {
    case Relation::kWithdraws:
    case Relation::kSupersedes:
    case Relation::kRelabels:
    case Relation::kExtends:
    case Relation::kPermits:
      return DecideForSource(directory, original, request, now);
    case Relation::kReplies:
      return Decide(directory, original, Reader::Holder(request.actor), now);
    case Relation::kShares:
    case Relation::kUnspecified:
      break;
  }
  return Deny(Rule::kNeedToKnowMissing, original, request.actor.text());
}

}  // namespace shield
