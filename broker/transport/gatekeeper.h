// The check at the start of every call: who is it, and is that key still welcome.
#pragma once

#include <grpcpp/server_context.h>

#include <atomic>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "broker/core/caller.h"
#include "broker/transport/connection_table.h"

namespace shield::broker {

// Thread-safe.
class Gatekeeper {
 public:
  Gatekeeper(const PinOracle& pins, ConnectionTable& connections)
      : pins_(pins), connections_(connections) {}

  // The caller behind a call. Its certificate is hashed anew; what gRPC calls the peer's identity
  // is not asked, because the peer chooses it. UNAVAILABLE, rule DRAINING: the broker is going
  // down. UNAUTHENTICATED, rule NOT_ENROLLED. UNAVAILABLE: the connection has been cut.
  absl::StatusOr<Caller> Admit(const grpc::ServerContext& context);

  // Whether a caller that was admitted still is.
  absl::Status StillWelcome(const Caller& caller) const;
  // While this stays the same, only time can make a welcome caller unwelcome. Costs nothing to ask.
  uint64_t generation() const { return pins_.generation(); }

  // Counts a call of a method that does not exist, and cuts the connection that makes too many.
  void CountUnknownCall(const grpc::ServerContext& context, int limit);

  // From now on every call is answered DRAINING.
  void Drain() { draining_.store(true, std::memory_order_relaxed); }
  bool draining() const { return draining_.load(std::memory_order_relaxed); }

  static absl::Status DrainingStatus();

 private:
  // Hashes a certificate, or remembers: OpenSSL takes longer over one than a small call takes.
  absl::StatusOr<Digest> PinOf(const grpc::ServerContext& context);

  const PinOracle& pins_;
  ConnectionTable& connections_;
  std::atomic<bool> draining_{false};
  Mutex mutex_;
  absl::flat_hash_map<std::string, Digest> known_certificates_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
