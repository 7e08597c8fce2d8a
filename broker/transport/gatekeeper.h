// The checks before every call and at its start: who is it, is that key still welcome, and does it
// leave room for others.
#pragma once

#include <grpcpp/server_context.h>

#include <atomic>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "broker/core/caller.h"
#include "broker/transport/certificate_pins.h"
#include "broker/transport/connection_table.h"
#include "broker/transport/started_calls.h"

namespace shield::broker {

// Thread-safe.
class Gatekeeper {
 public:
  // At most `waiting` calls of a key may have started without having been admitted yet.
  Gatekeeper(const PinOracle& pins, ConnectionTable& connections, size_t waiting, Clock& clock)
      : pins_(pins), connections_(connections), clock_(clock), started_(waiting) {}

  // The headers of a call have come from `peer`. False when too many of its calls wait: then all
  // connections of its key have been shut down, and this call must not be queued.
  bool MayStart(const grpc::AuthContext& peer);

  // The caller behind a call. Its certificate is hashed anew; what gRPC calls the peer's identity
  // is not asked, because the peer chooses it. UNAVAILABLE, rule DRAINING: the broker is going
  // down. UNAUTHENTICATED, rule NOT_ENROLLED; the connection is shut down soon after.
  // UNAVAILABLE: the connection has been cut, or the house is full.
  absl::StatusOr<Caller> Admit(const grpc::ServerContext& context);

  // Whether a caller that was admitted still is.
  absl::Status StillWelcome(const Caller& caller) const;
  // While this stays the same, only time can make a welcome caller unwelcome. Costs nothing to ask.
  uint64_t generation() const { return pins_.generation(); }

  // A message of a call has been taken.
  void CountMessage(const grpc::ServerContext& context, size_t bytes) {
    connections_.CountMessage(context.peer(), bytes);
  }

  // Counts a call of a method that does not exist, and cuts the connection that makes too many.
  void CountUnknownCall(const grpc::ServerContext& context, int limit);

  // From now on every call is answered DRAINING.
  void Drain() { draining_.store(true, std::memory_order_relaxed); }
  bool draining() const { return draining_.load(std::memory_order_relaxed); }

  static absl::Status DrainingStatus();

 private:
  const PinOracle& pins_;
  ConnectionTable& connections_;
  Clock& clock_;
  CertificatePins certificates_;
  StartedCalls started_;
  std::atomic<bool> draining_{false};
};

}  // namespace shield::broker
