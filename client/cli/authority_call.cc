#include "client/cli/authority_call.h"

#include <utility>

#include "base/status.h"
#include "client/authority/made_note.h"
#include "client/cli/open_authority.h"
#include "client/home/member_keys.h"

namespace shield::cli {

absl::StatusOr<AuthorityCall> OpenCall(Session& session) {
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  ASSIGN_OR_RETURN(Passphrase passphrase, session.Passphrase("Passphrase of the authority's keys: ",
                                                             authority.home().KeysAreWrapped()));
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> connection,
                   ConnectAuthority(session, authority, passphrase));
  AuthorityCall call{std::move(authority), std::move(passphrase), std::move(connection), timeout};
  if (call.authority.HasDirectoryOnItsWay() && !call.connection->GetBroker(timeout).ok()) {
    ReconnectAsNewSeat(session, call);
  }
  return call;
}

bool ReconnectAsNewSeat(Session& session, AuthorityCall& call) {
  const absl::StatusOr<MemberKeys> keys = call.authority.home().ReadStagedKeys(call.passphrase);
  if (!keys.ok()) return false;
  absl::StatusOr<std::shared_ptr<Connection>> connection =
      ConnectAs(session, call.authority, *keys);
  if (!connection.ok() || !(*connection)->GetBroker(call.timeout).ok()) return false;
  call.connection = *std::move(connection);
  return true;
}

absl::StatusOr<std::optional<HeldDirectory>> HeldByBroker(const AuthorityCall& call) {
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> published, call.authority.PublishedHeld());
  const absl::StatusOr<DirectoryAnswer> held =
      call.connection->GetDirectory(published.has_value() ? published->version : 0, call.timeout);
  if (RuleOf(held.status()) == "NO_DIRECTORY") return std::optional<HeldDirectory>();
  RETURN_IF_ERROR(held.status());
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(held->note));
  return std::make_optional(made.held);
}

}  // namespace shield::cli
