// Tries again, within a deadline.
//
//   Retrier retrier(clock, random, limits);
//   StatusOr<DirectoryAnswer> answer =
//       retrier.Run([&](absl::Duration left) { return connection.GetDirectory(0, left); });
//
// Only what may be sent twice is run through it: reads, and publishing under one id. Waits grow
// twofold from first_backoff to max_backoff, each shortened by up to half at random so that a
// thousand clients cut off together do not come back together; a delay that the broker asks for is
// kept.
#pragma once

#include <algorithm>
#include <atomic>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/random.h"

namespace shield {

struct RetryLimits {
  absl::Duration timeout = absl::Seconds(10);
  absl::Duration first_backoff = absl::Milliseconds(100);
  absl::Duration max_backoff = absl::Seconds(5);
};

// Whether the same call may succeed a little later: the broker could not be reached or drains, or
// it said when to come back.
bool IsRetryable(const absl::Status& status);

// Thread-safe.
class Retrier {
 public:
  // Borrows both.
  Retrier(Clock& clock, Random& random, const RetryLimits& limits)
      : clock_(clock), random_(random), limits_(limits) {}

  const RetryLimits& limits() const { return limits_; }

  // Calls `attempt` with the time that is left until it gives OK, an error that trying again cannot
  // mend, or one for which no time is left; that is returned.
  template <typename Attempt>
  std::invoke_result_t<Attempt, absl::Duration> Run(Attempt attempt) {
    absl::Time last = clock_.Now();
    absl::Duration left = limits_.timeout;
    for (int failures = 0;; ++failures) {
      auto result = attempt(left);
      if (!IsRetryable(StatusOf(result))) return result;
      const absl::Duration delay = Delay(failures, StatusOf(result));
      left -= Passed(last);
      if (delay >= left || !Wait(delay)) return result;
      left -= std::max(delay, Passed(last));
    }
  }

  // Waits, unless it is or becomes stopped meanwhile: then false, soon. A clock that is set back
  // meanwhile puts nothing off.
  bool Wait(absl::Duration delay);

  // From now on nothing is tried again and nothing waited for. From any thread.
  void Stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

  // How long to wait after the `failures`-th failure in a row, counted from 0.
  absl::Duration Delay(int failures, const absl::Status& why);

 private:
  static const absl::Status& StatusOf(const absl::Status& status) { return status; }
  template <typename T>
  static const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
    return value.status();
  }

  // Since `last`, which becomes now; nothing when the clock was set back meanwhile.
  absl::Duration Passed(absl::Time& last) {
    const absl::Time now = clock_.Now();
    const absl::Duration passed = std::max(absl::ZeroDuration(), now - last);
    last = now;
    return passed;
  }

  Clock& clock_;
  Random& random_;
  const RetryLimits limits_;
  std::atomic<bool> stopped_{false};
};

}  // namespace shield
