// How RocksDB is set up, and why (docs/spec/storage.md section 3; observed with 7.8.3 as Debian
// ships it).
#pragma once

#include <array>
#include <vector>

#include "absl/strings/string_view.h"
#include "rocksdb/options.h"

namespace shield::store {

// The columns, in the order in which they are opened, and flushed by a start. The commits come
// last: a manifest that lost its end has then lost them first, which the head sentinel notices.
enum class Column : size_t {
  kMeta,       // epoch, format, members, cursors, directory, staged uploads
  kInbox,      // member | seq -> entry
  kBulletin,   // id -> statement, state, idempotence record
  kRecipient,  // id | tile -> member, seq, leaf
  kPayload,    // upload | part | chunk -> bytes
  kLog,        // level | index -> node
  kExpiry,     // expires | id -> nothing
  kReceipt,    // id | member | state -> signed receipt
  kCommit,     // commit -> what, running hash
};
inline constexpr std::array<absl::string_view, 9> kColumnNames = {
    "default", "inbox", "bulletin", "recipient", "payload", "log", "expiry", "receipt", "commit"};

inline constexpr size_t kBlockCacheBytes = 64 << 20;
inline constexpr size_t kWriteBuffersBytes = 32 << 20;  // of all columns, charged to the cache
inline constexpr size_t kMaxWalBytes = 64 << 20;        // bounds the replay at start
inline constexpr int kMaxOpenFiles = 512;
inline constexpr size_t kMaxCompactionBytes = 128 << 20;  // that one compaction writes
// How often every file of an erasable column is compacted, so that what was erased leaves the disk.
inline constexpr uint64_t kRewritePeriodSeconds = 24 * 60 * 60;

struct RocksSetup {
  rocksdb::DBOptions database;
  std::vector<rocksdb::ColumnFamilyOptions> columns;  // parallel to kColumnNames
};

RocksSetup MakeRocksSetup();

}  // namespace shield::store
