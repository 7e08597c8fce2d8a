#include "tests/e2e/member_client.h"

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "client/home/member_keys.h"
#include "client/transport/grpc_connection.h"
#include "policy/proof/network_file.h"

namespace shield::testing {
namespace {

// The value, or the end of the test program with the error's own words.
template <typename T>
T Must(absl::StatusOr<T> value) {
  if (!value.ok()) std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  SHIELD_CHECK(value.ok());
  return *std::move(value);
}

}  // namespace

Client MemberClients::Open(const RealNetwork& network, absl::string_view member,
                           const std::string& address, absl::Duration timeout) {
  const Home home = Must(Home::Open(network.HomeOf(member)));
  const struct NetworkFile file = Must(home.ReadNetwork());
  const MemberKeys keys = Must(home.ReadKeys(std::nullopt));
  std::shared_ptr<Connection> connection =
      Must(NewGrpcConnection({address, file.broker_pin, keys.tls}));
  ClientOptions options;
  options.timeout = timeout;
  options.first_backoff = absl::Milliseconds(5);
  options.max_backoff = absl::Milliseconds(50);
  return Must(Client::Open(home, std::nullopt, std::move(connection), clock_, random_, options));
}

Draft FlashAlert(absl::string_view title, absl::string_view tlp,
                 const std::vector<std::string>& to) {
  const std::string text = absl::StrCat(
      "+++\ntitle = \"", title, "\"\nkind = \"flash_alert\"\ntlp = \"", tlp,
      "\"\nto = ", TomlList(to), "\nexpires = 2099-12-01T00:00:00Z\n+++\nBody of ", title, ".\n");
  return Must(ParseDraft(text, "/", {}));
}

}  // namespace shield::testing
