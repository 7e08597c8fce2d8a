// Whether a directory can have been issued when its note says.
//
// It lives for 30 days from `issued`, and whom it enrols belongs from then on. A draft that was
// made while the clock of an officer's machine was a year ahead would live for thirteen months and
// know nobody who is new for twelve of them: who signs it and who takes it asks its own clock.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "policy/directory_note.h"

namespace shield {

// How far the clocks of those who make, sign and take a directory may be apart.
inline constexpr absl::Duration kMaxDirectorySkew = absl::Minutes(2);

// FAILED_PRECONDITION, rule CLOCK_SKEW, when `note` was issued later than that after `now`.
absl::Status CheckIssued(const DirectoryNote& note, absl::Time now);

}  // namespace shield
