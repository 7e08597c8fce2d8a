// How far this machine's clock may be from the broker's.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace shield::cli {

// What the broker and the witnesses of its log bear of a clock that is ahead.
inline constexpr absl::Duration kMaxClockOffset = absl::Minutes(2);

// The offset as a sentence, of whole seconds. FAILED_PRECONDITION, rule CLOCK_SKEW, beyond
// kMaxClockOffset in either direction.
absl::StatusOr<std::string> JudgeClock(absl::Time own, absl::Time brokers);

}  // namespace shield::cli
