// The head sentinel: a small file outside the database folder that remembers how far the database
// had come, so that a database that lost its end is recognised.
//
// RocksDB opens without complaint when its last log file is gone, its manifest was cut short, or
// the folder was replaced by yesterday's copy: what is left is consistent, only older. The sentinel
// holds the last commit number and the running hash over all commits; a database is accepted only
// if it contains exactly that commit. It may be further: the process can die between the
// database's sync and the sentinel's.
//
// The file holds two records of one sector each, written in turn in place and synced before any
// commit of the group is acknowledged; a torn write damages one record, and the other is at most
// one group older (docs/spec/storage.md section 4 has the bytes and the price).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/digest.h"

namespace shield::store {

struct SentinelRecord {
  std::array<uint8_t, 16> epoch{};
  uint64_t commit = 0;
  Digest running_hash = {};
  uint64_t directory_version = 0;
  friend bool operator==(const SentinelRecord&, const SentinelRecord&) = default;
};

// Thread-compatible.
class HeadSentinel {
 public:
  static constexpr size_t kSectorBytes = 4096;

  // The newest whole record of the file, nothing when there is no file. DATA_LOSS when neither
  // record is whole.
  static absl::StatusOr<std::optional<SentinelRecord>> Read(const std::filesystem::path& path);

  // Replaces the file with one that holds `record`: write, fsync, rename, fsync of the folder.
  static absl::StatusOr<HeadSentinel> Create(const std::filesystem::path& path,
                                             const SentinelRecord& record);

  HeadSentinel(HeadSentinel&& other) noexcept;
  HeadSentinel& operator=(HeadSentinel&& other) noexcept;
  ~HeadSentinel();

  // Durable when it returns OK. After an error the sentinel must not be used again: a failed sync
  // is never retried.
  absl::Status Write(const SentinelRecord& record);

 private:
  explicit HeadSentinel(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
  uint64_t writes_ = 1;  // decides which sector is next
};

}  // namespace shield::store
