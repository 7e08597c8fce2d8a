#include "policy/account.h"

#include <algorithm>

namespace shield {
namespace {

// kUnspecified for an account in good standing.
Rule FaultOf(AccountState state, const Period& period, absl::Time now) {
  switch (state) {
    case AccountState::kActive:
      break;
    case AccountState::kSuspended:
      return Rule::kSuspended;
    case AccountState::kPending:
      return Rule::kMembershipPending;
    case AccountState::kRevoked:
    case AccountState::kUnspecified:
      return Rule::kRecipientRevoked;
  }
  if (now < period.from) return Rule::kMembershipNotYet;
  if (now >= period.until) return Rule::kMembershipExpired;
  return Rule::kUnspecified;
}

// The fault that is left when a suspension is lifted.
Rule FaultBesideSuspension(AccountState state, const Period& period, absl::Time now) {
  return FaultOf(state == AccountState::kSuspended ? AccountState::kActive : state, period, now);
}

// Of two faults the graver: the rules of step 3 stand in that order in the enum.
Rule Graver(Rule a, Rule b) {
  if (a == Rule::kUnspecified) return b;
  if (b == Rule::kUnspecified) return a;
  return std::min(a, b);
}

std::optional<Rule> FaultOrNothing(Rule rule) {
  if (rule == Rule::kUnspecified) return std::nullopt;
  return rule;
}

}  // namespace

std::optional<Rule> OrgFault(const OrgRecord& org, absl::Time now) {
  return FaultOrNothing(FaultOf(org.state, org.period, now));
}

std::optional<Rule> AccountFault(const MemberRecord& member, const OrgRecord& org, absl::Time now) {
  return FaultOrNothing(
      Graver(FaultOf(org.state, org.period, now), FaultOf(member.state, member.period, now)));
}

bool IsOnlySuspended(const MemberRecord& member, const OrgRecord& org, absl::Time now) {
  return AccountFault(member, org, now) == Rule::kSuspended &&
         FaultBesideSuspension(org.state, org.period, now) == Rule::kUnspecified &&
         FaultBesideSuspension(member.state, member.period, now) == Rule::kUnspecified;
}

bool SeesContent(const MemberRecord& member) {
  return std::any_of(member.roles.begin(), member.roles.end(), [](Role role) {
    return role == Role::kAnalyst || role == Role::kReader || role == Role::kDesk ||
           role == Role::kDigest;
  });
}

bool IsAnalyst(const MemberRecord& member, const OrgRecord& org) {
  return org.kind == OrgKind::kAuthority && member.Has(Role::kAnalyst);
}

bool IsDigestSeat(const MemberRecord& member, const OrgRecord& org) {
  return org.kind == OrgKind::kAuthority && member.Has(Role::kDigest);
}

}  // namespace shield
