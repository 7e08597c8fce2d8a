// A clock that only goes forward, for main files: for how long things take, whatever anybody does
// to the machine's time. What it shows is no date.
#pragma once

#include <chrono>

#include "absl/time/clock.h"
#include "base/clock.h"

namespace shield {

class SteadyClock final : public Clock {
 public:
  absl::Time Now() override {
    return absl::UnixEpoch() +
           absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
  }
  void Sleep(absl::Duration duration) override { absl::SleepFor(duration); }
};

}  // namespace shield
