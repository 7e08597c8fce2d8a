// From a command's options to a client that can be called.
#pragma once

#include "absl/status/statusor.h"
#include "client/cli/session.h"
#include "client/client.h"
#include "client/home/home.h"

namespace shield::cli {

// The home the options name; UNAUTHENTICATED (NOT_ENROLLED) when it is not one.
absl::StatusOr<Home> OpenHome(const Session& session);

// A client over that home, connected (lazily) to the network's broker or to --broker. Asks for the
// passphrase when the keys are wrapped and a terminal is there.
absl::StatusOr<Client> OpenClient(Session& session);

// Fetches what is new, unless --offline; warnings go to standard error. DATA_LOSS when something
// that came failed its checks: what passed can be read all the same.
absl::Status Refresh(Session& session, Client& client);

}  // namespace shield::cli
