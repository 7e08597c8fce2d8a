#include "client/cli/open_client.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/member_keys.h"
#include "policy/proof/network_file.h"

namespace shield::cli {

absl::StatusOr<Home> OpenHome(const Session& session) {
  ASSIGN_OR_RETURN(const std::filesystem::path folder, session.Home());
  return Home::Open(folder.string());
}

absl::StatusOr<Client> OpenClient(Session& session) {
  ASSIGN_OR_RETURN(const Home home, OpenHome(session));
  ASSIGN_OR_RETURN(const NetworkFile network, home.ReadNetwork());
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  ASSIGN_OR_RETURN(const Passphrase passphrase,
                   session.Passphrase("Passphrase of the keys: ", home.KeysAreWrapped()));
  ASSIGN_OR_RETURN(MemberKeys keys, home.ReadKeys(passphrase));
  Environment& environment = session.environment();
  const std::string& address =
      session.broker_override().empty() ? network.broker_address : session.broker_override();
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> connection,
                   environment.connect(
                       {address, network.broker_pin, keys.tls.key_pem, keys.tls.certificate_pem}));
  ClientOptions options;
  options.timeout = timeout;
  return Client::Open(home, std::move(keys), std::move(connection), environment.clock,
                      environment.random, options);
}

absl::Status Refresh(Session& session, Client& client) {
  if (session.offline()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const SyncReport report, client.Sync());
  for (const std::string& warning : report.warnings) {
    session.out().Note(absl::StrCat("shield: warning: ", warning));
  }
  if (report.refused == 0) return absl::OkStatus();
  return WithRule(
      WithHint(
          absl::DataLossError(absl::StrCat(report.refused, " of ", report.received,
                                           " new entries failed their checks and are kept closed")),
          "`shield inbox ls` names the check that failed; tell the police IT operator"),
      "ENTRY_REFUSED");
}

}  // namespace shield::cli
