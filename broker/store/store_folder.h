// The folder of a store, and the ways from a folder to an open database.
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "broker/store/head_sentinel.h"
#include "broker/store/rocks_database.h"
#include "broker/store/store_head.h"

namespace shield::store {

inline std::filesystem::path DatabasePath(const std::filesystem::path& folder) {
  return folder / "db";
}
inline std::filesystem::path SentinelPath(const std::filesystem::path& folder) {
  return folder / "head";
}
// Where a database is made before it is given its name, so that a crash leaves none half-made.
inline std::filesystem::path NewDatabasePath(const std::filesystem::path& folder) {
  return folder / "db.new";
}

// Makes an empty database and its sentinel. The folder holds neither.
absl::Status CreateStore(const std::filesystem::path& folder, Random& random, FailStop& fail_stop);

// Opens the database at NewDatabasePath in `mode`, gives it a new epoch and its name, and the
// folder a sentinel that fits it. For databases that are made or restored: readers learn from the
// epoch that history may have been set back.
absl::Status AdoptDatabase(const std::filesystem::path& folder, RocksDatabase::Mode mode,
                           Random& random, FailStop& fail_stop);

// OK when the sentinel accepts the database, which is only read.
absl::Status CheckStore(const std::filesystem::path& folder, FailStop& fail_stop);

struct OpenedStore {
  std::unique_ptr<RocksDatabase> database;
  StoreHead head;
  HeadSentinel sentinel;
};
// Checks, then opens for writing.
absl::StatusOr<OpenedStore> OpenCheckedStore(const std::filesystem::path& folder,
                                             FailStop& fail_stop);

}  // namespace shield::store
