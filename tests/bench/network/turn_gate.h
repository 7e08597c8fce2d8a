// When all readers have had all entries of a turn.
//
//   gate.Begin(100);                      // each is to have had 100 entries since it began
//   … readers, on their threads: gate.Note(before, after, absl::Now());
//   ASSIGN_OR_RETURN(const absl::Time last, gate.Wait(patience));
//
// A turn begins before its first entry is published, and the next one after Wait has returned.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
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

  // A reader will have no more: whoever waits is told why. The first reason stays.
  void Fail(const absl::Status& error) {
    MutexLock lock(mutex_);
    if (error_.ok()) error_ = error;
    changed_.NotifyAll();
  }

  // When the last reader had the last entry. DEADLINE_EXCEEDED when `patience` ends first; the
  // error of a reader that failed.
  absl::StatusOr<absl::Time> Wait(absl::Duration patience) {
    const absl::Time end = absl::Now() + patience;
    MutexLock lock(mutex_);
    while (error_.ok() && arrived_ < readers_) {
      if (changed_.WaitFor(mutex_, end - absl::Now()) || absl::Now() < end) continue;
      return absl::DeadlineExceededError(absl::StrCat("a turn does not end: ", arrived_, " of ",
                                                      readers_, " readers have all entries"));
    }
    if (!error_.ok()) return error_;
    return last_;
  }

 private:
  const size_t readers_;
  std::atomic<uint64_t> target_{0};
  Mutex mutex_;
  CondVar changed_;
  size_t arrived_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  absl::Time last_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace shield::testing
