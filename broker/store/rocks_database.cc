#include "broker/store/rocks_database.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/store_errors.h"
#include "rocksdb/listener.h"

namespace shield::store {
namespace {

rocksdb::Slice ToSlice(absl::string_view text) { return {text.data(), text.size()}; }

// A flush or compaction that fails has no caller to tell: it trips the latch itself.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  explicit BackgroundErrors(FailStop& fail_stop) : fail_stop_(fail_stop) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    fail_stop_.Trip(FromRocks(*status, "working in the background")).IgnoreError();
  }

 private:
  FailStop& fail_stop_;
};

// RocksDB has no code of its own for a lock that another process, or this one, holds.
bool IsLockHeld(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (absl::StrContains(text, "lock hold by current process") ||
                                (absl::StrContains(text, "While lock file") &&
                                 absl::StrContains(text, "temporarily unavailable")));
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status, absl::string_view deed) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(deed, ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(message);
  return absl::InternalError(message);
}

std::string AfterPrefix(absl::string_view prefix) {
  std::string after(prefix);
  while (!after.empty() && static_cast<uint8_t>(after.back()) == 0xff) after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(static_cast<uint8_t>(after.back()) + 1);
  return after;
}

absl::StatusOr<std::unique_ptr<RocksDatabase>> RocksDatabase::Open(
    const std::filesystem::path& folder, Mode mode, FailStop& fail_stop) {
  RocksSetup setup = MakeRocksSetup();
  setup.database.create_if_missing = mode == Mode::kCreate;
  setup.database.error_if_exists = mode == Mode::kCreate;
  setup.database.create_missing_column_families = mode == Mode::kCreate;
  setup.database.listeners.push_back(std::make_shared<BackgroundErrors>(fail_stop));
  std::vector<rocksdb::ColumnFamilyDescriptor> columns;
  for (size_t i = 0; i < kColumnNames.size(); ++i) {
    columns.emplace_back(std::string(kColumnNames[i]), setup.columns[i]);
  }
  std::unique_ptr<RocksDatabase> opened(new RocksDatabase(fail_stop));
  rocksdb::DB* raw = nullptr;
  const rocksdb::Status status =
      mode == Mode::kReadOnly
          ? rocksdb::DB::OpenForReadOnly(setup.database, folder.string(), columns,
                                         &opened->handles_, &raw)
          : rocksdb::DB::Open(setup.database, folder.string(), columns, &opened->handles_, &raw);
  opened->database_.reset(raw);
  if (IsLockHeld(status)) return StoreInUse(folder.string());
  RETURN_IF_ERROR(FromRocks(status, absl::StrCat("opening database `", folder.string(), "`")));
  return opened;
}

RocksDatabase::~RocksDatabase() {
  if (database_ == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* handle : handles_) {
    database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  database_->Close().PermitUncheckedError();
}

absl::Status RocksDatabase::Fail(const rocksdb::Status& status, absl::string_view deed) {
  return fail_stop_.Trip(FromRocks(status, deed));
}

absl::Status RocksDatabase::Damaged(absl::string_view what) {
  return fail_stop_.Trip(StoreCorrupt(what));
}

absl::StatusOr<std::optional<std::string>> RocksDatabase::Get(Column column, absl::string_view key,
                                                              const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  std::string value;
  const rocksdb::Status status = database_->Get(options, handle(column), ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return Fail(status, "reading");
  return value;
}

absl::StatusOr<RocksDatabase::Rows> RocksDatabase::GetEach(Column column,
                                                           const std::vector<std::string>& keys) {
  std::vector<rocksdb::Slice> wanted;
  wanted.reserve(keys.size());
  for (const std::string& key : keys) wanted.push_back(ToSlice(key));
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database_->MultiGet(rocksdb::ReadOptions(), handle(column), keys.size(), wanted.data(),
                      values.data(), statuses.data());
  Rows rows;
  rows.reserve(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok()) {
      rows.emplace_back(std::move(values[i]));
    } else if (statuses[i].IsNotFound()) {
      rows.emplace_back(std::nullopt);
    } else {
      return Fail(statuses[i], "reading");
    }
  }
  return rows;
}

absl::Status RocksDatabase::Scan(Column column, absl::string_view from, absl::string_view to,
                                 Visit visit, const rocksdb::Snapshot* snapshot) {
  const rocksdb::Slice upper = ToSlice(to);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  if (column == Column::kInbox) {
    options.prefix_same_as_start = true;
  }
  std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(options, handle(column)));
  for (iterator->Seek(ToSlice(from)); iterator->Valid(); iterator->Next()) {
    ASSIGN_OR_RETURN(const bool more, visit(AsView(iterator->key()), AsView(iterator->value())));
    if (!more) return absl::OkStatus();
  }
  if (!iterator->status().ok()) return Fail(iterator->status(), "scanning");
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::pair<std::string, std::string>>> RocksDatabase::Last(
    Column column, absl::string_view from, absl::string_view to) {
  const rocksdb::Slice lower = ToSlice(from);
  const rocksdb::Slice upper = ToSlice(to);
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  if (!from.empty()) options.iterate_lower_bound = &lower;
  if (!to.empty()) options.iterate_upper_bound = &upper;
  std::unique_ptr<rocksdb::Iterator> iterator(database_->NewIterator(options, handle(column)));
  iterator->SeekToLast();
  if (iterator->Valid()) {
    return std::make_pair(iterator->key().ToString(), iterator->value().ToString());
  }
  if (!iterator->status().ok()) return Fail(iterator->status(), "scanning");
  return std::nullopt;
}

absl::Status RocksDatabase::Write(rocksdb::WriteBatch& batch, bool sync) {
  rocksdb::WriteOptions options;
  options.sync = sync;
  const rocksdb::Status status = database_->Write(options, &batch);
  if (!status.ok()) return Fail(status, "writing");
  return absl::OkStatus();
}

absl::Status RocksDatabase::GiveBack(Column column, absl::string_view from, absl::string_view to) {
  // All columns: a log goes only when none needs it.
  const rocksdb::Status flushed = database_->Flush(rocksdb::FlushOptions(), handles_);
  if (!flushed.ok()) return Fail(flushed, "flushing");
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kDisable;
  const rocksdb::Slice begin = ToSlice(from);
  const rocksdb::Slice end = ToSlice(to);
  const rocksdb::Status compacted = database_->CompactRange(options, handle(column), &begin, &end);
  if (!compacted.ok()) return Fail(compacted, "giving space back");
  return absl::OkStatus();
}

absl::Status RocksDatabase::CheckFiles() {
  const rocksdb::Status files = database_->VerifyFileChecksums(rocksdb::ReadOptions());
  if (!files.ok()) return Fail(files, "checking file checksums");
  const rocksdb::Status blocks = database_->VerifyChecksum(rocksdb::ReadOptions());
  if (!blocks.ok()) return Fail(blocks, "checking block checksums");
  return absl::OkStatus();
}

}  // namespace shield::store
