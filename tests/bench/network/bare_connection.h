// The bare server under measurement: its process and what it is asked to do.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "client/transport/pinned_channel.h"
#include "crypto/tls_key.h"
#include "tests/support/process.h"

namespace shield::testing {

// Dies with the thread that started it.
class BareConnection {
 public:
  // Starts bare_fanout; what is uploaded is written under `folder`. Aborts when it does not start.
  BareConnection(const std::string& folder, const TlsKeyPair& own);

  pid_t pid() const { return server_.pid(); }
  const std::string& address() const { return address_; }
  const Digest& pin() const { return pin_; }

  // `count` more entries of `bytes` each for whoever is subscribed.
  absl::Status Append(uint64_t count, uint64_t bytes);
  absl::Status Download(uint64_t bytes);
  absl::Status Upload(uint64_t bytes);

 private:
  Process server_;
  std::string address_;
  Digest pin_;
  std::shared_ptr<PinnedChannel> channel_;
};

}  // namespace shield::testing
