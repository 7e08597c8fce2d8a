// Sockets of the broker's listener: owning descriptors, addresses, and the bytes a peer has sent.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::broker {

// Owns a file descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

struct ListeningSocket {
  Descriptor descriptor;
  std::string address;  // with the port that was picked
};

// Listens on `address`, HOST:PORT with a numeric or resolvable host, IPv6 in brackets. Nobody else
// may listen there (no SO_REUSEPORT), but a restarted broker may at once.
absl::StatusOr<ListeningSocket> Listen(absl::string_view address);

// Who is at the other end of a socket.
struct PeerAddress {
  // Exactly as grpc::ServerContext::peer() prints it: "ipv4:127.0.0.1:40123". Two connections may
  // have the same one if they lead to two addresses of this machine.
  std::string name;
  // What limits per address count by: an IPv4 address, or the first 64 bits of an IPv6 one.
  std::string group;
};

// Accepts one connection, non-blocking, without Nagle's delay. UNAVAILABLE when none waits.
// RESOURCE_EXHAUSTED: the process or the machine has no descriptor or memory left for it.
struct AcceptedSocket {
  Descriptor descriptor;
  PeerAddress peer;
};
absl::StatusOr<AcceptedSocket> Accept(const Descriptor& listening);

PeerAddress PeerAddressOf(const sockaddr_storage& storage);

// The bytes of payload that have gone over a TCP socket; 0 when the kernel does not tell.
struct Traffic {
  uint64_t received = 0;      // from the peer, read or not
  uint64_t acknowledged = 0;  // that the peer has got
};
Traffic TrafficOf(const Descriptor& socket);

// Whether the peer has not closed yet, as far as can be seen from what has been read.
bool IsOpen(const Descriptor& socket);

// Resets a connection, whoever else holds a descriptor of it: what has not been sent or read is
// thrown away.
void ShutDown(const Descriptor& socket);

}  // namespace shield::broker
