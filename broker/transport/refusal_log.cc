#include "broker/transport/refusal_log.h"

#include <utility>

namespace shield::broker {

void RefusalLog::Report(LogWord reason, const std::optional<Digest>& pin) {
  const std::optional<uint64_t> unlogged = TakeLine();
  if (!unlogged.has_value()) return;
  if (pin.has_value()) {
    Log(sink_, clock_, "handshake_refused",
        {{"reason", reason}, {"pin", *pin}, {"unlogged", *unlogged}});
  } else {
    Log(sink_, clock_, "handshake_refused", {{"reason", reason}, {"unlogged", *unlogged}});
  }
}

std::optional<uint64_t> RefusalLog::TakeLine() {
  const absl::Time now = clock_.Now();
  MutexLock lock(mutex_);
  // A clock that was set back begins a new second too.
  if (now < second_ || now - second_ >= absl::Seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (lines_ >= kLinesPerSecond) {
    ++unlogged_;
    return std::nullopt;
  }
  ++lines_;
  return std::exchange(unlogged_, 0);
}

}  // namespace shield::broker
