// Waiting for the signals that ask a daemon to end.
#pragma once

#include <csignal>

#include "absl/time/time.h"

namespace shield::broker {

// Made before any other thread, so that all of them leave SIGTERM and SIGINT to this one.
class TerminationSignals {
 public:
  TerminationSignals();

  // Whether one of them came within `wait`.
  bool WaitFor(absl::Duration wait);

 private:
  sigset_t signals_;
};

}  // namespace shield::broker
