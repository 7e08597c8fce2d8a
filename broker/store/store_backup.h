// Backups that leave the machine, and the way back.
//
// A backup folder holds any number of backups, each with the checksum of every file; files that two
// backups share are stored once. A restored store gets a new epoch. Readers whose last entry it
// holds go on; readers that had been sent more than it holds are told so (ResumeToken), instead of
// silently missing entries.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "broker/store/records.h"
#include "broker/store/rocks_database.h"

namespace shield::store {

// Adds a backup of the open database to `target`.
absl::Status BackupDatabase(RocksDatabase& database, const std::filesystem::path& target);

// For `shieldd backup`, while no broker runs: checks the sentinel, then backs up.
absl::Status BackupStore(const std::filesystem::path& folder, const std::filesystem::path& target);

// For `shieldd restore`: makes a store in `folder` from the newest backup in `source`, verifies it
// whole and reports what it holds. FAILED_PRECONDITION when `folder` is not empty; nothing is
// overwritten. DATA_LOSS when the backup is damaged.
absl::StatusOr<StoreReport> RestoreStore(const std::filesystem::path& source,
                                         const std::filesystem::path& folder, Random& random);

}  // namespace shield::store
