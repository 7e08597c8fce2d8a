// RocksDB alone, as it comes, writing the rows of publishes: the ceiling of the store.
//
//   RawStore raw;
//   raw.WriteGroup(16, {100, 4096});   // one batch, one sync
//
// Keys have the shape and order of the store's own, rows are as many and as large: one inbox row
// for each recipient, numbered, and what all share. Nothing is hashed, checked or read.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {

struct RawPublish {
  size_t recipients = 0;
  size_t payload_bytes = 0;  // at most 64 KiB
};

// What fails aborts the program. Thread-safe.
class RawStore {
 public:
  // In a temporary folder of its own.
  RawStore();
  // In a folder that is made, and left behind.
  explicit RawStore(const std::string& folder);

  // One synced write of so many publishes. Several threads at once form groups of RocksDB's own.
  void WriteGroup(size_t publishes, const RawPublish& shape);

 private:
  RawStore(std::unique_ptr<TemporaryFolder> own_folder, const std::string& folder);

  void Add(rocksdb::WriteBatch& batch, uint64_t number, const RawPublish& shape) const;

  const std::unique_ptr<TemporaryFolder> own_folder_;
  const std::string filler_;
  std::unique_ptr<rocksdb::DB> database_;
  std::atomic<uint64_t> next_{1};
};

}  // namespace shield::testing
