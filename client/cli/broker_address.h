// HOST:PORT as the network under it sees it: whether the name resolves, and whether anything
// listens there. What `shield doctor` asks before it speaks TLS.
#pragma once

#include <netdb.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace shield::cli {

// Movable. Thread-compatible.
class BrokerAddress {
 public:
  // `address` is HOST:PORT or [HOST]:PORT. Waits as long as the system's resolver does.
  // INVALID_ARGUMENT: it is neither; UNAVAILABLE, rule NAME_UNRESOLVED: the host has no address.
  static absl::StatusOr<BrokerAddress> Resolve(const std::string& address);

  // Whether one of its addresses accepts a connection, which is closed at once. Each is given
  // `timeout`. UNAVAILABLE, rule NOT_LISTENING, with what the system said of the last.
  absl::Status Connect(absl::Duration timeout) const;

 private:
  struct Free {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
  };
  explicit BrokerAddress(std::unique_ptr<addrinfo, Free> found) : found_(std::move(found)) {}

  std::unique_ptr<addrinfo, Free> found_;  // at least one
};

}  // namespace shield::cli
