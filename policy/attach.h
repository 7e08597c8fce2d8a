// Putting one bulletin into another.
#pragma once

#include "absl/time/time.h"
#include "policy/decision.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield {

// May `actor` attach the content of `original` to a bulletin of its own? Only its source may
// (AUTHOR, SOURCE_ORG); a recipient refers to it by id, and each reader fetches the copy meant for
// it. NOT_SOURCE otherwise, or the reason why `actor` may not even read it. CLEAR content is
// everyone's to pass on (PUBLIC).
Decision DecideAttach(const Directory& directory, const Terms& original, const MemberId& actor,
                      absl::Time now);

// May `actor` refer to `original` by its id? Whoever may read it.
Decision DecideRefer(const Directory& directory, const Terms& original, const MemberId& actor,
                     absl::Time now);

}  // namespace shield
