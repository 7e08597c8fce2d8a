#include "client/cli/authority_call.h"

#include <utility>

#include "base/status.h"
#include "client/authority/former_seat.h"
#include "client/authority/made_note.h"
#include "client/cli/open_authority.h"
#include "client/home/member_keys.h"

namespace shield::cli {

namespace {

// Exchanges the connection for one with `tls`, if the broker admits that key.
bool Reconnect(Session& session, AuthorityCall& call, const TlsKeyPair& tls) {
  absl::StatusOr<std::shared_ptr<Connection>> connection = ConnectAs(session, call.authority, tls);
  if (!connection.ok() || !(*connection)->GetBroker(call.timeout).ok()) return false;
  call.connection = *std::move(connection);
  call.as_former_seat = false;
  return true;
}

// The broker is the right one, and knows the key of this home no more or not yet.
bool IsShutOut(const absl::Status& status) {
  return (absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status)) &&
         RuleOf(status) != "WRONG_BROKER_PIN";
}

void ReconnectAsFormerSeat(Session& session, AuthorityCall& call) {
  const absl::StatusOr<TlsKeyPair> tls = ReadFormerSeat(call.authority.home(), call.passphrase);
  if (!tls.ok() || !Reconnect(session, call, *tls)) return;
  call.as_former_seat = true;
  session.out().Note(
      "The broker knows this home by the key before its seat was exchanged: it holds an older "
      "directory, and `shield directory publish` brings it the newest.");
}

}  // namespace

absl::StatusOr<AuthorityCall> OpenCall(Session& session) {
  ASSIGN_OR_RETURN(Authority authority, OpenAuthority(session));
  ASSIGN_OR_RETURN(const absl::Duration timeout, session.Timeout());
  ASSIGN_OR_RETURN(Passphrase passphrase, session.Passphrase("Passphrase of the authority's keys: ",
                                                             authority.home().KeysAreWrapped()));
  ASSIGN_OR_RETURN(std::shared_ptr<Connection> connection,
                   ConnectAuthority(session, authority, passphrase));
  AuthorityCall call{std::move(authority), std::move(passphrase), std::move(connection), timeout};
  const Authority& home = call.authority;
  if (!home.HasDirectoryOnItsWay() && !HasFormerSeat(home.home())) return call;
  const absl::Status known = call.connection->GetBroker(timeout).status();
  if (known.ok() || ReconnectAsNewSeat(session, call)) return call;
  if (IsShutOut(known)) ReconnectAsFormerSeat(session, call);
  return call;
}

bool ReconnectAsNewSeat(Session& session, AuthorityCall& call) {
  const Home& home = call.authority.home();
  const absl::StatusOr<MemberKeys> staged = home.ReadStagedKeys(call.passphrase);
  if (staged.ok() && Reconnect(session, call, staged->tls)) return true;
  if (!call.as_former_seat) return false;
  const absl::StatusOr<MemberKeys> present = home.ReadKeys(call.passphrase);
  return present.ok() && Reconnect(session, call, present->tls);
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
