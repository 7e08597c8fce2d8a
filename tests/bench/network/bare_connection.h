// The bare server under measurement: its process and what it is asked to do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/transport/pinned_channel.h"
#include "crypto/tls_key.h"
#include "tests/bench/ceiling/bare_wire.h"
#include "tests/support/process.h"

namespace shield::testing {

// Dies with the thread that started it.
class BareConnection {
 public:
  // Starts bare_fanout; what is uploaded is written under `folder`. Aborts when it does not start.
  // `authors` connections, over which publishes are spread.
  BareConnection(const std::string& folder, const TlsKeyPair& own, size_t authors = 1);

  pid_t pid() const { return server_.pid(); }
  const std::string& address() const { return address_; }
  const Digest& pin() const { return pin_; }

  // `count` more entries of `bytes` each for whoever is subscribed.
  absl::Status Append(uint64_t count, uint64_t bytes);
  // `count` publishes by as many calls at once as `in_flight`, each of which uploads
  // `statement_bytes`, then `slot_bytes`, then its payload, and has been made durable when it ends.
  struct Relayed {
    BarePublish publish;
    size_t statement_bytes = 0;
    size_t slot_bytes = 0;
  };
  absl::Status PublishAll(size_t count, size_t in_flight, const Relayed& relayed);
  absl::Status Download(uint64_t bytes);
  absl::Status Upload(uint64_t bytes);

 private:
  std::shared_ptr<PinnedChannel> NewChannel(const std::string& address,
                                            const TlsKeyPair& own) const;

  Process server_;
  std::string address_;
  Digest pin_;
  std::shared_ptr<PinnedChannel> channel_;
  std::vector<std::shared_ptr<PinnedChannel>> authors_;
};

}  // namespace shield::testing
