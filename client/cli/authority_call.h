// What a command of the authority needs that talks to the broker.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/authority/authority.h"
#include "client/cli/session.h"
#include "client/connection.h"
#include "policy/proof/verified_directory.h"

namespace shield::cli {

struct AuthorityCall {
  Authority authority;
  Passphrase passphrase;
  std::shared_ptr<Connection> connection;
  absl::Duration timeout;
};

// The authority's home, its passphrase if one is needed, and a connection as its own seat. When a
// directory is on its way that exchanges the seat's keys and the broker knows the present ones no
// more, it is a connection with the new ones.
absl::StatusOr<AuthorityCall> OpenCall(Session& session);

// Exchanges the connection for one with the staged keys of the seat, if there are any and the
// broker admits them: then the directory that names them has been accepted.
bool ReconnectAsNewSeat(Session& session, AuthorityCall& call);

// The version the broker says it holds; nothing when it holds none. Its signatures are not looked
// at.
absl::StatusOr<std::optional<HeldDirectory>> HeldByBroker(const AuthorityCall& call);

}  // namespace shield::cli
