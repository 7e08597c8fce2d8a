#include "broker/store/rocks_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store_errors.h"
#include "broker/store/store_folder.h"
#include "broker/store/store_values.h"
#include "broker/store/store_verify.h"
#include "broker/store/stored_rows.h"

namespace shield::store {
namespace {

static_assert(kMaxCompactionBytes <= kFloorBytes,
              "RocksDB's own work must fit below the watermark");

// A run of upload numbers.
struct UploadRange {
  uint64_t first = 0;
  uint64_t last = 0;
};

// Removes chunks that no bulletin refers to: their process died before it published them. Nothing
// when there were none.
absl::StatusOr<std::optional<UploadRange>> SweepUploads(RocksDatabase& database) {
  rocksdb::WriteBatch batch;
  std::optional<UploadRange> swept;
  RETURN_IF_ERROR(database.Scan(
      Column::kMeta, StagedPrefix(), AfterPrefix(StagedPrefix()),
      [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
        if (key.size() != 9) return database.Damaged("a staging row cannot be read");
        const uint64_t upload = ReadU64(AsBytes(key.substr(1)));
        swept = UploadRange{swept.has_value() ? swept->first : upload, upload};
        batch
            .DeleteRange(database.handle(Column::kPayload), PayloadKey(upload, 0, 0),
                         PayloadKey(upload + 1, 0, 0))
            .PermitUncheckedError();
        batch.Delete(database.handle(Column::kMeta), StagedKey(upload)).PermitUncheckedError();
        return true;
      }));
  if (swept.has_value()) RETURN_IF_ERROR(database.Write(batch, true));
  return swept;
}

// Above every number of which chunks were erased; 1 while none were.
absl::StatusOr<uint64_t> ErasedUploads(RocksDatabase& database) {
  ASSIGN_OR_RETURN(const auto row, database.Get(Column::kMeta, UploadsErasedKey()));
  if (!row.has_value()) return uint64_t{1};
  const std::optional<uint64_t> number = DecodeU64(*row);
  if (!number.has_value()) return database.Damaged("the row of erased uploads cannot be read");
  return *number;
}

// Above every number in use, staged and erased ones included.
absl::StatusOr<uint64_t> FirstFreeUpload(RocksDatabase& database) {
  ASSIGN_OR_RETURN(uint64_t next, ErasedUploads(database));
  ASSIGN_OR_RETURN(auto payload, database.Last(Column::kPayload, "", ""));
  if (payload.has_value()) next = std::max(next, ReadU64(AsBytes(payload->first)) + 1);
  ASSIGN_OR_RETURN(auto staged,
                   database.Last(Column::kMeta, StagedPrefix(), AfterPrefix(StagedPrefix())));
  if (staged.has_value()) {
    next = std::max(next, ReadU64(AsBytes(staged->first).subspan(1)) + 1);
  }
  return next;
}

template <typename Result>
void Refuse(std::vector<Result>& results, size_t size, const absl::Status& status) {
  results.clear();
  for (size_t i = 0; i < size; ++i) results.emplace_back(status);
}

CommitResults RefuseAll(const CommitGroup& group, const absl::Status& status) {
  CommitResults results;
  Refuse(results.publishes, group.publishes.size(), status);
  Refuse(results.acknowledges, group.acknowledges.size(), status);
  Refuse(results.receipts, group.receipts.size(), status);
  Refuse(results.directories, group.directories.size(), status);
  Refuse(results.freshes, group.freshes.size(), status);
  Refuse(results.sweeps, group.sweeps.size(), status);
  return results;
}

// What was accepted is in doubt; what was refused stays refused.
template <typename Result>
void PutInDoubt(std::vector<Result>& results, const absl::Status& status) {
  for (Result& result : results) {
    if (result.ok()) result = status;
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(const RocksStoreOptions& options) {
  if (options.publish_watermark_bytes < 2 * options.floor_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a watermark of ", options.publish_watermark_bytes,
                     " bytes leaves no room to acknowledge and revoke above the floor of ",
                     options.floor_bytes, ": it must be at least twice that"));
  }
  auto fail_stop = std::make_unique<FailStop>();
  ASSIGN_OR_RETURN(OpenedStore opened, OpenCheckedStore(options.folder, *fail_stop));
  ASSIGN_OR_RETURN(const uint64_t next_upload, FirstFreeUpload(*opened.database));
  ASSIGN_OR_RETURN(const std::optional<UploadRange> swept, SweepUploads(*opened.database));
  std::unique_ptr<RocksStore> store(
      new RocksStore(options, std::move(fail_stop), std::move(opened.database),
                     std::move(opened.sentinel), std::move(opened.head), next_upload));
  ASSIGN_OR_RETURN(store->erased_uploads_, ErasedUploads(*store->database_));
  RETURN_IF_ERROR(store->members_.Load(*store->database_));
  // How much was swept is not known without reading it; it happens once a start.
  if (swept.has_value()) {
    store->reclaimer_.Removed(swept->first, swept->last, SpaceReclaimer::kDueBytes);
  }
  return store;
}

RocksStore::RocksStore(RocksStoreOptions options, std::unique_ptr<FailStop> fail_stop,
                       std::unique_ptr<RocksDatabase> database, HeadSentinel sentinel,
                       StoreHead head, uint64_t next_upload)
    : options_(std::move(options)),
      fail_stop_(std::move(fail_stop)),
      database_(std::move(database)),
      epoch_(head.epoch),
      uploads_(next_upload),
      reclaimer_(*database_),
      sentinel_(std::move(sentinel)),
      head_(std::move(head)),
      visible_{head_.commit, head_.log.size(), head_.directory_version} {}

RocksStore::~RocksStore() = default;

absl::Status RocksStore::Usable() {
  return fail_stop_->tripped() ? StoreFailed(fail_stop_->cause()) : absl::OkStatus();
}

absl::StatusOr<DiskRoom> RocksStore::Room() {
  ASSIGN_OR_RETURN(const uint64_t free_bytes, options_.space->FreeBytes());
  return DiskRoom{free_bytes, options_.publish_watermark_bytes, options_.floor_bytes};
}

CommitResults RocksStore::Commit(CommitGroup group) {
  if (absl::Status usable = Usable(); !usable.ok()) return RefuseAll(group, usable);
  const absl::StatusOr<DiskRoom> room = Room();
  if (!room.ok()) return RefuseAll(group, room.status());

  PendingGroup pending(head_, *room, *database_, members_, uploads_, erased_uploads_,
                       PendingGroup::ExpectedBytes(group.publishes));
  CommitResults results;
  for (PublishCommand& command : group.publishes) {
    results.publishes.push_back(pending.Publish(std::move(command)));
  }
  for (const AcknowledgeCommand& command : group.acknowledges) {
    results.acknowledges.push_back(pending.Acknowledge(command));
  }
  for (const ReceiptsCommand& command : group.receipts) {
    results.receipts.push_back(pending.AddReceipts(command));
  }
  for (DirectoryCommand& command : group.directories) {
    results.directories.push_back(pending.SetDirectory(std::move(command)));
  }
  for (FreshCommand& command : group.freshes) {
    results.freshes.push_back(pending.SetFresh(std::move(command)));
  }
  for (const SweepCommand& command : group.sweeps) {
    results.sweeps.push_back(pending.Sweep(command));
  }
  // A read failed on the way: nothing has been written.
  if (absl::Status usable = Usable(); !usable.ok()) return RefuseAll(group, usable);

  if (absl::Status written = WriteGroup(pending); !written.ok()) {
    const absl::Status unknown = OutcomeUnknown(written);
    PutInDoubt(results.publishes, unknown);
    PutInDoubt(results.acknowledges, unknown);
    PutInDoubt(results.receipts, unknown);
    PutInDoubt(results.directories, unknown);
    PutInDoubt(results.freshes, unknown);
    PutInDoubt(results.sweeps, unknown);
    return results;
  }
  TakeOver(pending);
  return results;
}

absl::Status RocksStore::WriteGroup(PendingGroup& pending) {
  if (pending.batch().Count() == 0) return absl::OkStatus();
  RETURN_IF_ERROR(database_->Write(pending.batch(), true));
  if (pending.head().commit == head_.commit) return absl::OkStatus();  // cursors, freshness
  const absl::Status sentinel = sentinel_.Write(pending.head().ToRecord());
  return sentinel.ok() ? sentinel : fail_stop_->Trip(sentinel);
}

// One step for readers: whoever sees an entry must find its bulletin, and whoever sees a bulletin
// must find its recipients.
void RocksStore::TakeOver(const PendingGroup& pending) {
  head_ = pending.head();
  erased_uploads_ = pending.erased_uploads();
  for (const PendingGroup::Removal& removal : pending.removals()) {
    reclaimer_.Removed(removal.upload, removal.upload, removal.bytes);
  }
  MutexLock lock(mutex_);
  members_.Apply(pending.changes());
  feed_.Push(pending.events());
  for (const UploadId& upload : pending.ended_uploads()) uploads_.End(upload);
  visible_ = {head_.commit, head_.log.size(), head_.directory_version};
}

absl::StatusOr<UploadId> RocksStore::BeginUpload() {
  RETURN_IF_ERROR(Usable());
  return uploads_.Begin();
}

absl::Status RocksStore::PutChunk(UploadId upload, uint32_t part, uint32_t chunk, ByteSpan bytes) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckChunk(part, chunk, bytes));
  RETURN_IF_ERROR(uploads_.Check(upload, part, chunk));
  ASSIGN_OR_RETURN(const DiskRoom room, Room());
  if (room.free_bytes < room.publish_watermark + bytes.size()) {
    return DiskLow(room.free_bytes, room.publish_watermark + bytes.size());
  }
  rocksdb::WriteBatch batch;
  if (chunk == 0) {
    batch.Put(database_->handle(Column::kMeta), StagedKey(upload.number), "")
        .PermitUncheckedError();
  }
  batch
      .Put(database_->handle(Column::kPayload), PayloadKey(upload.number, part, chunk),
           AsSlice(bytes))
      .PermitUncheckedError();
  RETURN_IF_ERROR(database_->Write(batch, false));
  uploads_.Add(upload, part, bytes.size());
  return absl::OkStatus();
}

absl::Status RocksStore::DropUpload(UploadId upload) {
  RETURN_IF_ERROR(Usable());
  const std::optional<uint64_t> bytes = uploads_.End(upload);
  if (!bytes.has_value()) return absl::OkStatus();
  rocksdb::WriteBatch batch;
  batch
      .DeleteRange(database_->handle(Column::kPayload), PayloadKey(upload.number, 0, 0),
                   PayloadKey(upload.number + 1, 0, 0))
      .PermitUncheckedError();
  batch.Delete(database_->handle(Column::kMeta), StagedKey(upload.number)).PermitUncheckedError();
  RETURN_IF_ERROR(database_->Write(batch, false));
  reclaimer_.Removed(upload.number, upload.number, *bytes);
  return absl::OkStatus();
}

absl::Status RocksStore::KeepWitnessed(absl::string_view text) {
  RETURN_IF_ERROR(Usable());
  if (text.size() > kMaxWitnessedBytes) {
    return LimitExceeded("bytes of witnesses", text.size(), kMaxWitnessedBytes);
  }
  ASSIGN_OR_RETURN(const DiskRoom room, Room());
  if (room.free_bytes < room.floor + text.size()) {
    return DiskLow(room.free_bytes, room.floor + text.size());
  }
  rocksdb::WriteBatch batch;
  batch.Put(database_->handle(Column::kMeta), WitnessedKey(), AsSlice(AsBytes(text)))
      .PermitUncheckedError();
  return database_->Write(batch, true);
}

absl::StatusOr<std::string> RocksStore::ReadWitnessed() {
  RETURN_IF_ERROR(Usable());
  ASSIGN_OR_RETURN(std::optional<std::string> row, database_->Get(Column::kMeta, WitnessedKey()));
  return row.has_value() ? *std::move(row) : std::string();
}

absl::Status RocksStore::ReportDamage(absl::Status what) { return fail_stop_->Trip(what); }

absl::Status RocksStore::health() {
  return fail_stop_->tripped() ? fail_stop_->cause() : absl::OkStatus();
}

absl::StatusOr<StoreReport> RocksStore::Verify() {
  RETURN_IF_ERROR(Usable());
  absl::StatusOr<StoreReport> report = VerifyDatabase(*database_);
  if (absl::IsDataLoss(report.status())) fail_stop_->Trip(report.status()).IgnoreError();
  return report;
}

}  // namespace shield::store
