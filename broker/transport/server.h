// The broker on the network: accepts, authenticates by pinned key, and carries calls to a
// BrokerService and back.
//
//   ASSIGN_OR_RETURN(auto server, TransportServer::Start(options, service, pins, clock, log));
//   core.SetFeedListener(server.get());
//   …
//   server->Drain(absl::Seconds(10));   // on SIGTERM
//
// Its own accept loop hands sockets to gRPC; subscriber streams live on sharded completion queues,
// all other calls on one more; docs/spec/wire.md has the limits, docs/adr/0004 the reasons. The
// process must have run wire::PrepareProcess() first, or TLS 1.2 would be accepted; Start refuses
// without it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "broker/core/caller.h"
#include "broker/core/feed.h"
#include "broker/core/service.h"
#include "broker/transport/limits.h"
#include "crypto/tls_key.h"

namespace shield::broker {

struct TransportOptions {
  std::string listen = "127.0.0.1:0";  // HOST:PORT, IPv6 in brackets; port 0 picks one
  TlsKeyPair identity;
  unsigned subscriber_shards = 0;  // 0: one less than the machine has cores, at least one
  TransportLimits limits;
  // What calls are paced by: heartbeats, silence, rates. Null: the clock that tells the date, which
  // somebody may set. Must outlive the server.
  Clock* pacing = nullptr;
};

// Thread-safe.
class TransportServer final : public FeedListener {
 public:
  // FAILED_PRECONDITION: the process has not been prepared.
  // INVALID_ARGUMENT: the address is malformed, or key and certificate do not match.
  // UNAVAILABLE: the address is taken or not of this machine.
  // Everything referred to must outlive the server.
  static absl::StatusOr<std::unique_ptr<TransportServer>> Start(const TransportOptions& options,
                                                                BrokerService& service,
                                                                const PinOracle& pins, Clock& clock,
                                                                LogSink& log);

  // Drains with no grace unless Drain has been called.
  ~TransportServer() override;

  // Where it listens, the port that was picked in place of 0: "127.0.0.1:40123".
  const std::string& address() const;

  void FeedGrew() override;
  // Shuts the connections of these peers down before it returns, and those that have not made a
  // call yet, whose keys are not known here.
  void PinsRevoked(std::span<const Digest> pins) override;

  // Stops accepting, answers new calls UNAVAILABLE with rule DRAINING and a retry delay, ends
  // subscriptions the same way, lets other calls finish for `grace`, then cuts them off. Blocks
  // until no call is left. Call once.
  void Drain(absl::Duration grace);

 private:
  class Impl;
  explicit TransportServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shield::broker
