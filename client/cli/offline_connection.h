// The connections of commands that ask no broker.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/connection.h"

namespace shield::cli {

// Every call fails at once with ABORTED, rule OFFLINE: nothing tries it again, and nothing that is
// not here is held against the bulletin.
std::shared_ptr<Connection> NewOfflineConnection();

// The same, but that attachments are taken from a folder that carried them sealed
// (`attachments/1.age`, …), a piece at a time; they are checked as if the broker had sent them.
// NOT_FOUND when there is no such folder.
absl::StatusOr<std::shared_ptr<Connection>> NewFolderConnection(const std::string& folder);

}  // namespace shield::cli
