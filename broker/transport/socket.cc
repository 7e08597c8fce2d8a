#include "broker/transport/socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::broker {
namespace {

constexpr int kBacklog = 1024;

struct HostPort {
  std::string host;
  std::string port;
};

absl::StatusOr<HostPort> Split(absl::string_view address) {
  const size_t colon = address.rfind(':');
  uint32_t port = 0;
  if (colon == absl::string_view::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &port) || port > 65535) {
    return WithHint(absl::InvalidArgumentError(absl::StrCat("listen address `", address,
                                                            "` refused: it is not HOST:PORT")),
                    "write it like 127.0.0.1:7443 or [::]:7443");
  }
  absl::string_view host = address.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return HostPort{std::string(host), absl::StrCat(port)};
}

absl::Status CannotListen(absl::string_view address, absl::string_view why) {
  return absl::UnavailableError(absl::StrCat("cannot listen on `", address, "`: ", why));
}

std::string Printed(const sockaddr_storage& storage, socklen_t length) {
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (getnameinfo(reinterpret_cast<const sockaddr*>(&storage), length, host, sizeof(host), port,
                  sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "unknown";
  }
  return storage.ss_family == AF_INET6 ? absl::StrCat("[", host, "]:", port)
                                       : absl::StrCat(host, ":", port);
}

PeerAddress Ipv4Peer(const in_addr& address, uint16_t port) {
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &address, text, sizeof(text));
  return {absl::StrCat("ipv4:", text, ":", port), text};
}

}  // namespace

PeerAddress PeerAddressOf(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    sockaddr_in ip;
    std::memcpy(&ip, &storage, sizeof(ip));
    return Ipv4Peer(ip.sin_addr, ntohs(ip.sin_port));
  }
  sockaddr_in6 ip;
  std::memcpy(&ip, &storage, sizeof(ip));
  if (IN6_IS_ADDR_V4MAPPED(&ip.sin6_addr)) {
    in_addr mapped;
    std::memcpy(&mapped, ip.sin6_addr.s6_addr + 12, sizeof(mapped));
    return Ipv4Peer(mapped, ntohs(ip.sin6_port));
  }
  char text[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, &ip.sin6_addr, text, sizeof(text));
  // The zone of a link-local address stands behind a percent sign, which is written "%25".
  const std::string zone = ip.sin6_scope_id == 0 ? "" : absl::StrCat("%25", ip.sin6_scope_id);
  return {absl::StrCat("ipv6:%5B", text, zone, "%5D:", ntohs(ip.sin6_port)),
          std::string(reinterpret_cast<const char*>(ip.sin6_addr.s6_addr), 8)};
}

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<ListeningSocket> Listen(absl::string_view address) {
  ASSIGN_OR_RETURN(const HostPort parts, Split(address));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(parts.host.c_str(), parts.port.c_str(), &hints, &found);
      error != 0) {
    return CannotListen(address, gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
  Descriptor socket_fd(
      socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int on = 1;
  setsockopt(socket_fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (socket_fd.get() < 0 || bind(socket_fd.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(socket_fd.get(), kBacklog) != 0) {
    return CannotListen(address, std::strerror(errno));
  }
  sockaddr_storage bound{};
  socklen_t length = sizeof(bound);
  getsockname(socket_fd.get(), reinterpret_cast<sockaddr*>(&bound), &length);
  return ListeningSocket{std::move(socket_fd), Printed(bound, length)};
}

absl::StatusOr<AcceptedSocket> Accept(const Descriptor& listening) {
  sockaddr_storage storage{};
  socklen_t length = sizeof(storage);
  Descriptor socket_fd(accept4(listening.get(), reinterpret_cast<sockaddr*>(&storage), &length,
                               SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket_fd.get() < 0) {
    const bool exhausted =
        errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
    return exhausted ? absl::ResourceExhaustedError("no descriptor left for a connection")
                     : absl::UnavailableError("no connection waits");
  }
  const int on = 1;
  setsockopt(socket_fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return AcceptedSocket{std::move(socket_fd), PeerAddressOf(storage)};
}

Traffic TrafficOf(const Descriptor& socket) {
  tcp_info info{};
  socklen_t length = sizeof(info);
  if (getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return {};
  return {info.tcpi_bytes_received, info.tcpi_bytes_acked};
}

bool IsOpen(const Descriptor& socket) {
  char byte = 0;
  const ssize_t count = recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count > 0 || (count < 0 && errno == EAGAIN);
}

void ShutDown(const Descriptor& socket) {
  // Dissolving the association resets a TCP connection whoever else holds it, and even if its owner
  // reads and writes nothing any more. Other sockets know no such thing.
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (connect(socket.get(), &nobody, sizeof(nobody)) != 0) shutdown(socket.get(), SHUT_RDWR);
}

}  // namespace shield::broker
