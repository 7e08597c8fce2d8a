// The latch behind "fail-stop": the first failure of a store is kept for good.
//
// A failed write may or may not be on disk, and a failed checksum means that bytes are not what was
// written; whatever went on after either would be built on a guess. So a store trips its latch and
// from then on refuses everything (docs/spec/storage.md section 5).
#pragma once

#include <atomic>

#include "absl/status/status.h"
#include "base/mutex.h"

namespace shield::store {

// Thread-safe.
class FailStop {
 public:
  // Keeps `cause` if it is the first. Returns it, so that callers can return it too.
  absl::Status Trip(absl::Status cause) {
    MutexLock lock(mutex_);
    if (cause_.ok()) cause_ = cause;
    tripped_.store(true, std::memory_order_release);
    return cause;
  }

  bool tripped() const { return tripped_.load(std::memory_order_acquire); }

  // OK while nothing failed.
  absl::Status cause() {
    MutexLock lock(mutex_);
    return cause_;
  }

 private:
  std::atomic<bool> tripped_{false};
  Mutex mutex_;
  absl::Status cause_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::store
