#include "client/cli/broker_address.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield::cli {
namespace {

// 0, or the error number with which the attempt ended.
int Attempt(const addrinfo& to, absl::Duration timeout) {
  const int type = to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const int peer = socket(to.ai_family, type, to.ai_protocol);
  if (peer < 0) return errno;
  const absl::Cleanup closing = [peer] { close(peer); };
  if (connect(peer, to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{peer, POLLOUT, 0};
  const int ready = poll(&waiting, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout)));
  if (ready == 0) return ETIMEDOUT;
  if (ready < 0) return errno;
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(peer, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

absl::StatusOr<BrokerAddress> BrokerAddress::Resolve(const std::string& address) {
  if (!IsHostPort(address)) {
    return absl::InvalidArgumentError(absl::StrCat("`", address, "` is not HOST:PORT"));
  }
  const size_t colon = address.rfind(':');
  absl::string_view host = absl::string_view(address).substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string name(host);
  const int failed = getaddrinfo(name.c_str(), address.c_str() + colon + 1, &hints, &found);
  if (failed == 0) return BrokerAddress(std::unique_ptr<addrinfo, Free>(found));
  return WithHint(
      WithRule(absl::UnavailableError(
                   absl::StrCat("the name `", name, "` has no address: ", gai_strerror(failed))),
               "NAME_UNRESOLVED"),
      "check the connection to the network and its name server; if the broker moved, ask the "
      "vetting officer, or give --broker HOST:PORT");
}

absl::Status BrokerAddress::Connect(absl::Duration timeout) const {
  int error = 0;
  for (const addrinfo* each = found_.get(); each != nullptr; each = each->ai_next) {
    error = Attempt(*each, timeout);
    if (error == 0) return absl::OkStatus();
  }
  return WithHint(WithRule(absl::UnavailableError(absl::StrCat(
                               "nothing accepts a connection at the broker's address: ",
                               std::generic_category().message(error))),
                           "NOT_LISTENING"),
                  "let this machine's firewall out to that port; if it is, the broker does not "
                  "run: tell its operator");
}

}  // namespace shield::cli
