// The machine's clock, for main files.
#pragma once

#include "absl/time/clock.h"
#include "base/clock.h"

namespace shield {

class SystemClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
  void Sleep(absl::Duration duration) override { absl::SleepFor(duration); }
};

}  // namespace shield
