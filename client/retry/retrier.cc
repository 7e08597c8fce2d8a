#include "client/retry/retrier.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/status.h"

namespace shield {
namespace {

// How long a stop may go unnoticed.
constexpr absl::Duration kStopCheck = absl::Milliseconds(100);

}  // namespace

bool IsRetryable(const absl::Status& status) {
  if (absl::IsUnavailable(status)) return true;
  return absl::IsResourceExhausted(status) && RetryDelayOf(status).has_value();
}

absl::Duration Retrier::Delay(int failures, const absl::Status& why) {
  absl::Duration delay = limits_.first_backoff;
  for (int i = 0; i < failures && delay < limits_.max_backoff; ++i) delay *= 2;
  delay = std::min(delay, limits_.max_backoff);
  std::array<uint8_t, 4> raw{};
  random_.Fill(raw);
  const double part = static_cast<double>(ReadU32(raw)) / 4294967296.0;  // in [0, 1)
  delay -= delay * (part / 2);
  return std::max(delay, RetryDelayOf(why).value_or(absl::ZeroDuration()));
}

bool Retrier::Wait(absl::Duration delay) {
  // What was slept is counted: a clock that is set back does not make anybody wait for longer.
  const absl::Time end = clock_.Now() + delay;
  for (absl::Duration left = delay; left > absl::ZeroDuration() && !stopped_;) {
    const absl::Duration slice = std::min(kStopCheck, left);
    clock_.Sleep(slice);
    left = std::min(left - slice, end - clock_.Now());
  }
  return !stopped_;
}

}  // namespace shield
