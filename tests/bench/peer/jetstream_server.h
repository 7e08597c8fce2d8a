// NATS JetStream under measurement: the peer that live fan-out is held against.
//
//   ASSIGN_OR_RETURN(const auto server, JetStreamServer::Start({folder, identity, certificates}));
//   server->address();   // "tls://127.0.0.1:40123"
//
// It listens on a free port of loopback and takes the clients whose certificates it was given, as
// the broker does. What it acknowledges is in the page cache, as it comes: the version of Debian 12
// cannot be told to sync. `synced` makes its file system write each message at once instead, so
// that what it acknowledges is as durable as with the broker.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/tls_key.h"
#include "tests/support/process.h"

namespace shield::testing {

struct JetStreamOptions {
  std::string folder;                            // everything it writes is written below
  std::vector<std::string> client_certificates;  // PEM
  bool synced = false;
};

// Dies with the thread that started it.
class JetStreamServer {
 public:
  // NOT_FOUND when nats-server is not installed. UNIMPLEMENTED when the file system of `folder`
  // cannot write at once. INTERNAL with its own words when it does not start.
  static absl::StatusOr<std::unique_ptr<JetStreamServer>> Start(const JetStreamOptions& options);

  pid_t pid() const { return process_.pid(); }
  const std::string& address() const { return address_; }

 private:
  explicit JetStreamServer(const std::vector<std::string>& command) : process_(command) {}

  Process process_;
  std::string address_;
};

}  // namespace shield::testing
