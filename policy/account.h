// Whether an account counts at a moment: its own state and period, and its organisation's.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "policy/decision.h"
#include "policy/records.h"

namespace shield {

// Step 3 of a decision: RECIPIENT_REVOKED, SUSPENDED, MEMBERSHIP_PENDING, MEMBERSHIP_NOT_YET or
// MEMBERSHIP_EXPIRED, the first in this order that holds for the organisation or (AccountFault) for
// the member. Nothing for an account in good standing. An unknown state counts as revoked.
std::optional<Rule> OrgFault(const OrgRecord& org, absl::Time now);
std::optional<Rule> AccountFault(const MemberRecord& member, const OrgRecord& org, absl::Time now);

// Whether suspension, of the member or of the organisation, is all that AccountFault finds: such a
// member may send reports. One who is pending, ended, not begun or revoked as well may not.
bool IsOnlySuspended(const MemberRecord& member, const OrgRecord& org, absl::Time now);

// Whether a role of the member is one that sees content: analyst, reader, desk, digest.
bool SeesContent(const MemberRecord& member);

// An analyst is a seat of an authority; a digest seat likewise.
bool IsAnalyst(const MemberRecord& member, const OrgRecord& org);
bool IsDigestSeat(const MemberRecord& member, const OrgRecord& org);

}  // namespace shield
