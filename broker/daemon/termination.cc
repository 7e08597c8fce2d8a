#include "broker/daemon/termination.h"

#include <pthread.h>

namespace shield::broker {

TerminationSignals::TerminationSignals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGTERM);
  sigaddset(&signals_, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  // A peer that goes away must not end the process.
  std::signal(SIGPIPE, SIG_IGN);
}

bool TerminationSignals::WaitFor(absl::Duration wait) {
  const timespec timeout = absl::ToTimespec(wait);
  return sigtimedwait(&signals_, nullptr, &timeout) > 0;
}

}  // namespace shield::broker
