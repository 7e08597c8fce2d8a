// Whether a peer moves a transfer on: pure timing, no network.
//
// Only time while something is asked of the peer counts. A peer that sends or takes
// one small message a minute is never silent for long; so beside the longest silence there is a
// least rate, once a grace has passed, and a total.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "broker/transport/limits.h"

namespace shield::broker {

// Thread-compatible.
class TransferPace {
 public:
  explicit TransferPace(const PaceLimits& limits) : limits_(limits) {}

  // From `now` on the peer is waited for.
  void WaitSince(absl::Time now);
  // It sent, or took, `bytes`.
  void Moved(size_t bytes, absl::Time now);

  // What the peer fails at, as a sentence; empty while nothing. Nothing while it is not waited for.
  absl::string_view FaultAt(absl::Time now) const;

 private:
  const PaceLimits limits_;
  absl::Time since_ = absl::InfiniteFuture();  // of the present wait
  absl::Duration waited_;                      // before it
  double bytes_ = 0;
};

}  // namespace shield::broker
