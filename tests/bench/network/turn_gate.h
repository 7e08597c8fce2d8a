// When all readers have had all entries of a turn.
//
//   gate.Begin(100);                      // each is to have had 100 entries since it began
//   … readers, on their threads: gate.Note(before, after, absl::Now());
//   const std::optional<absl::Time> last = gate.Wait(patience);
//
// A turn begins before its first entry is published, and the next one after Wait has returned.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"

namespace shield::testing {

// Thread-safe.
class TurnGate {
 public:
  explicit TurnGate(size_t readers) : readers_(readers) {}

  void Begin(uint64_t entries) {
    MutexLock lock(mutex_);
    target_ = entries;
    arrived_ = 0;
  }
  uint64_t target() const { return target_; }

  // A reader had `before` entries and has `after` now. Costs a comparison but for the last of a
  // turn.
  void Note(uint64_t before, uint64_t after, absl::Time now) {
    const uint64_t target = target_;
    if (before >= target || after < target) return;
    MutexLock lock(mutex_);
    last_ = now;
    if (++arrived_ == readers_) changed_.NotifyAll();
  }

  // When the last reader had the last entry; nothing when `patience` ends first.
  std::optional<absl::Time> Wait(absl::Duration patience) {
    const absl::Time end = absl::Now() + patience;
    MutexLock lock(mutex_);
    while (arrived_ < readers_) {
      if (!changed_.WaitFor(mutex_, end - absl::Now()) && absl::Now() >= end) return std::nullopt;
    }
    return last_;
  }

 private:
  const size_t readers_;
  std::atomic<uint64_t> target_{0};
  Mutex mutex_;
  CondVar changed_;
  size_t arrived_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time last_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace shield::testing
