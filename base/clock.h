// Time as an argument: nothing below a main file reads the machine's clock by itself.
#pragma once

#include "absl/time/time.h"

namespace shield {

// Tells the time and waits. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
  // Returns after `duration` of this clock has passed.
  virtual void Sleep(absl::Duration duration) = 0;
};

}  // namespace shield
