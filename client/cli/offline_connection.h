// The connection of a command under --offline: it answers nothing.
#pragma once

#include <memory>

#include "client/connection.h"

namespace shield::cli {

// Every call fails at once with ABORTED, rule OFFLINE: nothing tries it again, and nothing that is
// not here is held against the bulletin.
std::shared_ptr<Connection> NewOfflineConnection();

}  // namespace shield::cli
