// A bare gRPC streaming server over mutual TLS: the ceiling that the broker is judged against.
//
// It has the shape of the broker's own transport (docs/adr/0004) and nothing else of it: completion
// queues with one thread each that own their streams, a log that all share and one position a
// stream, one write in flight, a buffer hint only when another write follows at once, one alarm a
// queue as the only notice. No policy and no checks of anybody. What is published to it, if
// anything is, it makes durable as the broker does (bare_committer.h), with nothing else of that
// either.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/tls_key.h"

namespace shield::testing {

struct BareServerOptions {
  TlsKeyPair identity;
  unsigned shards = 1;
  std::string upload_folder;  // what is uploaded is written here, and removed when it is synced
};

// Listens on a free port of loopback. Runs until it is destroyed; the process must have run
// wire::PrepareProcess().
class BareServer {
 public:
  // UNAVAILABLE when it cannot listen.
  static absl::StatusOr<std::unique_ptr<BareServer>> Start(const BareServerOptions& options);
  ~BareServer();

  // "127.0.0.1:40123"
  const std::string& address() const;
  // Where to publish: a queue and a thread of its own, as with the broker, so that uploads wait for
  // no pass over the streams.
  const std::string& publish_address() const;

 private:
  class Impl;
  explicit BareServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shield::testing
