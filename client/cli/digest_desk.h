// Where a briefing is made: a client over a home, and whether the broker could be asked.
#pragma once

#include "absl/status/statusor.h"
#include "client/cli/session.h"
#include "client/client.h"
#include "client/home/home.h"

namespace shield::cli {

// What is here can be briefed of without the broker; then what came without its content stays so.
struct Desk {
  Client client;
  Home home;
  absl::Status refreshed;  // the outcome of asking for what is new
  Fetching fetching = Fetching::kAllowed;
};

// Errors are those of OpenHome, OpenClient, and of a Refresh that prevents reading.
absl::StatusOr<Desk> OpenDesk(Session& session);

}  // namespace shield::cli
