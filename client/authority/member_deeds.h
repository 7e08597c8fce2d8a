// What the deeds on a member have in common: their reasons, the end of keys, the one member they
// spare.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/authority/draft.h"
#include "policy/proof/enrolment.h"
#include "policy/records.h"

namespace shield {

// INVALID_ARGUMENT unless it is one line of 1 to kMaxReasonBytes bytes.
absl::Status CheckReason(absl::string_view reason);

// From `now` on none of the member's keys counts; one that would begin later never does.
void EndKeys(const MemberId& member, absl::Time now, DirectoryRecords& records);

// Three key records of the member that `keys` names.
void AddKeys(const EnrolmentRequest& keys, const Period& period, DirectoryRecords& records);

// FAILED_PRECONDITION, rule OWN_SEAT: this cannot be done to the authority's own seat.
absl::Status NotTheOwnSeat();

// Of a member who has not answered: FAILED_PRECONDITION, rule CHALLENGE_OPEN. Neither another state
// nor other keys take the place of the answer.
absl::Status ChallengeOpen(const MemberId& member);

}  // namespace shield
