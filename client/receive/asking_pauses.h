// When a payload that the broker did not give is asked for again: pauses that double, so that one
// which never comes costs a request now and then, not one in every round.
//
//   AskingPauses pauses;
//   pauses.Refused(7, now);
//   if (pauses.MayAsk(7, later)) …
//
// Pure but for what it remembers: no I/O, no clock. Thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "absl/time/time.h"

namespace shield {

inline constexpr absl::Duration kFirstPause = absl::Seconds(5);
inline constexpr absl::Duration kLongestPause = absl::Minutes(10);
// Of more entries than these the others are asked for in every round.
inline constexpr size_t kMaxPauses = 4096;

class AskingPauses {
 public:
  // True for an entry that was never refused, whose pause is over, or whose pause lies ahead
  // because the clock was set back.
  bool MayAsk(uint64_t seq, absl::Time now) const;
  // The broker did not give the payload of `seq`: its pause begins, kFirstPause at first, then
  // twice the one before, kLongestPause at most.
  void Refused(uint64_t seq, absl::Time now);
  void Forget(uint64_t seq) { pauses_.erase(seq); }
  void ForgetAll() { pauses_.clear(); }

 private:
  struct Pause {
    absl::Time begun;
    absl::Duration length;
  };
  std::map<uint64_t, Pause> pauses_;
};

}  // namespace shield
