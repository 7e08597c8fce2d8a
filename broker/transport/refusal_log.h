// Refused handshakes in the broker's log: one line each, and at most ten a second.
//
//   {"event":"handshake_refused","reason":"unknown_key","pin":…,"unlogged":1203}
//
// `unlogged` counts the refusals since the line before that got none.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/mutex.h"

namespace shield::broker {

// Thread-safe.
class RefusalLog {
 public:
  static constexpr int kLinesPerSecond = 10;

  RefusalLog(LogSink& sink, Clock& clock) : sink_(sink), clock_(clock) {}

  // `reason` is one of docs/spec/wire.md section 5; `pin` the key that was shown, if one was.
  void Report(LogWord reason, const std::optional<Digest>& pin = std::nullopt);

 private:
  // How many have gone unlogged before this one, or nothing when it is to be one of them.
  std::optional<uint64_t> TakeLine();

  LogSink& sink_;
  Clock& clock_;
  Mutex mutex_;
  absl::Time second_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int lines_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t unlogged_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace shield::broker
