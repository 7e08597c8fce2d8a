// The folder of a store, and the ways from a folder to an open database.
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/random.h"
#include "broker/store/head_sentinel.h"
#include "broker/store/records.h"
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

// Makes the folder, an empty database and its sentinel: once in the life of a home, or for a test.
// FAILED_PRECONDITION when the folder holds a database or a sentinel.
absl::Status CreateStore(const std::filesystem::path& folder, Random& random);

// Makes the folder ready for a database at NewDatabasePath, removing one that was left half-made.
// FAILED_PRECONDITION when the folder holds a database or a sentinel; those are never touched.
absl::Status PrepareNewStore(const std::filesystem::path& folder);

// Opens the database at NewDatabasePath in `mode`, gives it a new epoch and verifies it whole, up
// to `commit`; only then it gets its name, and the folder a sentinel that fits it. The epoch tells
// a made or restored store from any other. DATA_LOSS when it does not verify or ends elsewhere.
absl::StatusOr<StoreReport> AdoptDatabase(const std::filesystem::path& folder,
                                          RocksDatabase::Mode mode, Random& random,
                                          uint64_t commit);

// OK when the sentinel accepts the database, which is only read. DATA_LOSS when either is missing.
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
