// When a queue passes over all its streams to give them what is new: pure timing, no network.
//
// The first news after a quiet moment goes out at once. News that comes while a pass was a moment
// ago waits a little, and longer where many streams make a pass long, so that commits that come
// fast go out together: what a message costs beyond its bytes, broker and reader pay once for all
// of them, and whoever publishes is left most of the time in between.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "absl/time/time.h"

namespace shield::broker {

// Begin and End from one thread, RestAt from any.
class PassPacer {
 public:
  static constexpr absl::Duration kShortestRest = absl::Milliseconds(10);
  static constexpr absl::Duration kLongestRest = absl::Milliseconds(200);
  // Of the time the last pass took.
  static constexpr int kRestsForAPass = 3;

  // How long the next pass has to wait; never more than kLongestRest, whatever the clock does.
  absl::Duration RestAt(absl::Time now) const {
    const absl::Time next = absl::FromUnixNanos(next_.load(std::memory_order_acquire));
    return std::clamp(next - now, absl::ZeroDuration(), kLongestRest);
  }

  // A pass begins: from here on the next one rests for as long as the length of the one before asks
  // for.
  void Begin(absl::Time now) {
    begun_ = now;
    const absl::Duration rest = std::clamp(kRestsForAPass * took_, kShortestRest, kLongestRest);
    next_.store(absl::ToUnixNanos(now + rest), std::memory_order_release);
  }
  void End(absl::Time now) { took_ = now - begun_; }

 private:
  std::atomic<int64_t> next_{0};  // nanoseconds of the clock
  absl::Time begun_;
  absl::Duration took_;
};

}  // namespace shield::broker
