// When a subscriber's stream does what: pure timing, no network.
//
// One write is in flight at a time. A stream that is ready asks its source when there is news; one
// that has been quiet for `heartbeat` sends a heartbeat; one whose write has not been taken for
// `stalled` is given up, so that a slow reader costs one message of memory and never holds up
// another. A stream that has to end, and cannot be told why while its write is in flight, is given
// up sooner.
#pragma once

#include <algorithm>

#include "absl/time/time.h"

namespace shield::broker {

// Thread-compatible.
class FeedPacer {
 public:
  enum class Step {
    kWait,       // nothing to do: a write is in flight, or all has been said
    kAsk,        // ask the source for the next message
    kHeartbeat,  // nothing was said for long: send a sign of life
    kStalled,    // end the stream with RESOURCE_EXHAUSTED
  };

  FeedPacer(absl::Duration heartbeat, absl::Duration stalled, absl::Time now)
      : heartbeat_(heartbeat), stalled_(stalled), last_write_(now) {}

  // There may be more to send.
  void FeedGrew() { news_ = true; }
  // The source had nothing more.
  void CaughtUp() { news_ = false; }
  // `more`: the source is known to have the next message already. What grows while this one is
  // taken is told by FeedGrew: asking after every write would send each entry on its own.
  void WriteStarted(absl::Time now, bool more) {
    writing_ = true;
    news_ = more;
    last_write_ = now;
  }
  void WriteDone() { writing_ = false; }

  // The stream has to end: its write may take kHurried at most.
  void Hurry() { stalled_ = std::min(stalled_, kHurried); }
  static constexpr absl::Duration kHurried = absl::Seconds(2);

  Step Next(absl::Time now) const;

 private:
  const absl::Duration heartbeat_;
  absl::Duration stalled_;
  absl::Time last_write_;
  bool writing_ = false;
  bool news_ = true;
};

}  // namespace shield::broker
