// Who may know who received a bulletin.
#pragma once

#include "absl/time/time.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

// Its source alone: the author, and unless the label is RED the analysts of the source
// organisation (AUTHOR, SOURCE_ORG). Everybody else RECIPIENT_LIST_PRIVATE, or the rule of step 3
// by which the caller's account does not count.
Decision DecideRecipientList(const Directory& directory, const Terms& terms, const MemberId& caller,
                             absl::Time now);

}  // namespace shield
