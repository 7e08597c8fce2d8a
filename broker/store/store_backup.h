// Backups that leave the machine, and the way back.
//
// A backup folder holds any number of backups, each with the checksum of every file; files that two
// backups share are stored once. A restored store gets a new epoch. Readers whose last entry it
// holds go on; readers that had been sent more than it holds are told so (ResumeToken), instead of
// silently missing entries.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "broker/store/records.h"

namespace shield::store {

// One backup of a folder.
struct BackupFacts {
  uint32_t id = 0;  // 1, 2, 3 … in the order of their making
  absl::Time made;
  uint64_t commit = 0;  // the last it holds
};

// For `shieldd backup`, while no broker runs: checks the sentinel, adds a backup to `target`, and
// reads it back against its checksums. `target` is made when absent. FAILED_PRECONDITION when
// others can enter it; DATA_LOSS when it holds a damaged backup, to which nothing is added, or when
// the store or the new backup is damaged.
absl::StatusOr<BackupFacts> BackupStore(const std::filesystem::path& folder,
                                        const std::filesystem::path& target);

// For `shieldd restore`: makes a store in `folder` from backup `id` of `source`, by default the
// newest, verifies it whole and reports what it holds. FAILED_PRECONDITION when `folder` holds a
// store; nothing is overwritten. DATA_LOSS when that backup is damaged; without `id` also when any
// is, because the newest whole one may not be the newest. NOT_FOUND when there is none.
struct Restored {
  BackupFacts backup;
  StoreReport report;
};
absl::StatusOr<Restored> RestoreStore(const std::filesystem::path& source,
                                      std::optional<uint32_t> id,
                                      const std::filesystem::path& folder, Random& random);

}  // namespace shield::store
