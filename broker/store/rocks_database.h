// One open RocksDB database with the store's columns. Every failure trips the store's latch on the
// line where it is born; nothing else of the store sees a rocksdb::Status.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "broker/store/fail_stop.h"
#include "broker/store/rocks_options.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

namespace shield::store {

// DATA_LOSS for damage, INTERNAL for the rest; the message names `deed`.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view deed);

inline rocksdb::Slice AsSlice(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline absl::string_view AsView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

// Thread-safe.
class RocksDatabase {
 public:
  enum class Mode {
    kCreate,    // the folder must not hold a database
    kReadOnly,  // changes no byte on disk
    kReadWrite,
  };
  // `fail_stop` outlives the database, and is also tripped by what fails in RocksDB's own threads.
  // FAILED_PRECONDITION/STORE_IN_USE while another process writes there.
  static absl::StatusOr<std::unique_ptr<RocksDatabase>> Open(const std::filesystem::path& folder,
                                                             Mode mode, FailStop& fail_stop);
  ~RocksDatabase();
  RocksDatabase(const RocksDatabase&) = delete;
  RocksDatabase& operator=(const RocksDatabase&) = delete;

  // Nothing when the key is absent. `snapshot` null: the present.
  absl::StatusOr<std::optional<std::string>> Get(Column column, absl::string_view key,
                                                 const rocksdb::Snapshot* snapshot = nullptr);

  // The same for many keys, in their order, of the present.
  using Rows = std::vector<std::optional<rocksdb::PinnableSlice>>;
  absl::StatusOr<Rows> GetEach(Column column, const std::vector<std::string>& keys);

  // Calls `visit` for keys in [from, to) in order until it says false. Within one inbox when column
  // is kInbox: both bounds have the same member prefix.
  using Visit =
      absl::FunctionRef<absl::StatusOr<bool>(absl::string_view key, absl::string_view value)>;
  absl::Status Scan(Column column, absl::string_view from, absl::string_view to, Visit visit,
                    const rocksdb::Snapshot* snapshot = nullptr);
  // The greatest key in [from, to), with its value.
  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(Column column,
                                                                          absl::string_view from,
                                                                          absl::string_view to);

  // Durable on return when `sync`; otherwise with the next synced write at the latest.
  absl::Status Write(rocksdb::WriteBatch& batch, bool sync);

  // Trips the latch: a row is not what was written. `what` is a sentence.
  absl::Status Damaged(absl::string_view what);

  // Gives the disk back what deleted rows of [from, to) took, in logs, tables and blob files that
  // hold nothing else. Moves no row that is still there, so it needs next to no space. Slow.
  absl::Status GiveBack(Column column, absl::string_view from, absl::string_view to);

  // Reads every file against its recorded checksum.
  absl::Status CheckFiles();

  rocksdb::ColumnFamilyHandle* handle(Column column) {
    return handles_[static_cast<size_t>(column)];
  }
  rocksdb::DB& raw() { return *database_; }

 private:
  explicit RocksDatabase(FailStop& fail_stop) : fail_stop_(fail_stop) {}
  absl::Status Fail(const rocksdb::Status& status, absl::string_view deed);

  FailStop& fail_stop_;
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

// The least key that begins with none of what begins with `prefix`; prefix is not all 0xff.
std::string AfterPrefix(absl::string_view prefix);

}  // namespace shield::store
