// Calls that the holder of a key has started and that nobody has taken over yet.
//
// gRPC queues every started call that finds no posted one, without an end, and a reset does not
// take it out of that queue again (CVE-2023-44487): ten kilobytes for a stream of thirty bytes. So
// each call is counted when its headers arrive and when its handler begins, and a key with too many
// in between is refused further ones before they are queued.
#pragma once

#include <cstddef>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/mutex.h"

namespace shield::broker {

// Thread-safe.
class StartedCalls {
 public:
  // At most `waiting` calls of a key may wait.
  explicit StartedCalls(size_t waiting) : waiting_(static_cast<double>(waiting)) {}

  // The headers of a call have arrived. False when too many of this key's wait already.
  bool Start(const Digest& pin, absl::Time now);
  // A call has been taken over.
  void Begin(const Digest& pin);

 private:
  // A call that is reset before its first message never begins; so many are forgiven a second.
  static constexpr double kForgivenPerSecond = 4;
  static constexpr size_t kMaxKeys = 16'384;

  struct Count {
    double waiting = 0;
    absl::Time at;
  };
  static double WaitingAt(const Count& count, absl::Time now);
  void ForgetIdle(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const double waiting_;
  Mutex mutex_;
  absl::flat_hash_map<Digest, Count> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
