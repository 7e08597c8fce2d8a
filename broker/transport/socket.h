// Sockets of the broker's listener: owning descriptors, addresses, and the bytes a peer has sent.
#pragma once

#include <cstddef>
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
  // Exactly as grpc::ServerContext::peer() prints it: "ipv4:127.0.0.1:40123". Unique among the
  // connections that are open to one listening port.
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

// How many bytes of payload the peer of a TCP socket has sent; 0 when the kernel does not tell.
size_t BytesReceived(const Descriptor& socket);

}  // namespace shield::broker
