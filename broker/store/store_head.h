// How far a database has come: what every commit moves on, and what the head sentinel remembers.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "broker/store/head_sentinel.h"
#include "broker/store/rocks_database.h"
#include "crypto/merkle_frontier.h"

namespace shield::store {

// Raised whenever rows written before would be read otherwise.
inline constexpr uint32_t kStoreFormat = 4;

struct StoreHead {
  std::array<uint8_t, 16> epoch{};
  uint64_t commit = 0;
  Digest running_hash = {};
  uint64_t directory_version = 0;
  MerkleFrontier log;

  SentinelRecord ToRecord() const {
    return {
        .epoch = epoch,
        .commit = commit,
        .running_hash = running_hash,
        .directory_version = directory_version,
    };
  }
};

// Reads the head from the database's own rows. DATA_LOSS when they do not fit together.
absl::StatusOr<StoreHead> LoadStoreHead(RocksDatabase& database);

// OK when the database whose head is `head` contains the commit that `record` names.
absl::Status CheckAgainstSentinel(RocksDatabase& database, const StoreHead& head,
                                  const SentinelRecord& record);

// OK when none of the newest commits is missing, as far back as a log of kMaxWalBytes reaches: a
// manifest that lost its end forgets a file of older rows while those of the log are there.
inline constexpr uint64_t kNewestCommits = 65'536;
absl::Status CheckNewestCommits(RocksDatabase& database, const StoreHead& head);

// A stored log node; DATA_LOSS when it is missing.
absl::StatusOr<Digest> ReadLogNode(RocksDatabase& database, uint32_t level, uint64_t index);
// The entry that a leaf is the hash of; DATA_LOSS when it is missing.
absl::StatusOr<Bytes> ReadLogEntry(RocksDatabase& database, uint64_t index);

}  // namespace shield::store
