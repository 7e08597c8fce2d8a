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
  bool as_former_seat = false;  // the connection is one with the key before a rotation
};

// The authority's home, its passphrase if one is needed, and a connection as its own seat. When a
// directory is on its way that exchanges the seat's keys and the broker knows the present ones no
// more, it is a connection with the new ones; when the broker refuses the present ones and the home
// keeps the former (client/authority/former_seat.h), one with that, if the broker admits it.
absl::StatusOr<AuthorityCall> OpenCall(Session& session);

// After an upload without an answer: exchanges the connection for one with the keys that it may
// have brought into force, if there are any and the broker admits them. These are the staged keys
// of the seat, or the present ones after a connection with the former.
bool ReconnectAsNewSeat(Session& session, AuthorityCall& call);

// The version the broker says it holds; nothing when it holds none. Its signatures are not looked
// at.
absl::StatusOr<std::optional<HeldDirectory>> HeldByBroker(const AuthorityCall& call);

}  // namespace shield::cli
