// What a caller is told of an error.
//
// The broker's refusals are written for callers and go out as they are. What broke inside, an
// INTERNAL error or a store that failed, names files, rows and causes that are no caller's
// business: it is logged under a reference, and the caller is given the reference.
#pragma once

#include <grpcpp/support/status.h>

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "base/clock.h"
#include "base/log.h"

namespace shield::broker {

// Thread-safe.
class Disclosure {
 public:
  Disclosure(LogSink& log, Clock& clock) : log_(log), clock_(clock) {}

  // `status` for the wire. Code, rule and retry delay stay.
  grpc::Status Told(const absl::Status& status);

 private:
  LogSink& log_;
  Clock& clock_;
  std::atomic<uint64_t> references_{0};
};

}  // namespace shield::broker
