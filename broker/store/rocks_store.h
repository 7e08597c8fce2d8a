// The store on RocksDB (docs/spec/storage.md).
//
// A store is a folder that holds `db`, the database, and `head`, the head sentinel. CreateStore
// (store_folder.h) makes one, once; opening never does. Opening checks the sentinel against the
// database, opened read-only, before anything may write; then it sweeps uploads that never became
// bulletins.
//
//   RocksStoreOptions options{.folder = home / "store", .space = &space};
//   ASSIGN_OR_RETURN(std::unique_ptr<RocksStore> store, RocksStore::Open(options));
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "broker/store/commit_feed.h"
#include "broker/store/fail_stop.h"
#include "broker/store/head_sentinel.h"
#include "broker/store/member_table.h"
#include "broker/store/pending_group.h"
#include "broker/store/rocks_database.h"
#include "broker/store/space_probe.h"
#include "broker/store/space_reclaimer.h"
#include "broker/store/store.h"
#include "broker/store/upload_table.h"

namespace shield::store {

// Publishes and chunks are refused when less than the watermark would stay free; acknowledgements,
// directories and all else when less than the floor would: RocksDB as Debian builds it aborts the
// process when the log cannot grow. The watermark is at least twice the floor, so that what RocksDB
// does by itself (kMaxCompactionBytes) does not eat what is kept for revoking.
inline constexpr uint64_t kPublishWatermarkBytes = uint64_t{512} << 20;
inline constexpr uint64_t kFloorBytes = uint64_t{128} << 20;

struct RocksStoreOptions {
  std::filesystem::path folder;
  SpaceProbe* space = nullptr;  // outlives the store
  uint64_t publish_watermark_bytes = kPublishWatermarkBytes;
  uint64_t floor_bytes = kFloorBytes;
};

class RocksStore final : public Store {
 public:
  // DATA_LOSS when the database is damaged, older than its sentinel, or either is missing: an empty
  // store never takes the place of a lost one. FAILED_PRECONDITION with STORE_IN_USE or
  // STORE_FORMAT. INVALID_ARGUMENT when the watermark is less than twice the floor. Anything else
  // is an error of the disk.
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(const RocksStoreOptions& options);
  ~RocksStore() override;

  CommitResults Commit(CommitGroup group) override;
  absl::StatusOr<UploadId> BeginUpload() override;
  absl::Status PutChunk(UploadId upload, uint32_t part, uint32_t chunk, ByteSpan bytes) override;
  absl::Status DropUpload(UploadId upload) override;
  absl::StatusOr<std::optional<PublishReceipt>> FindReceipt(const BulletinId& id,
                                                            const MemberId& sender,
                                                            const Digest& request_hash) override;
  absl::StatusOr<BulletinRecord> ReadBulletin(const BulletinId& id) override;
  absl::StatusOr<std::vector<BulletinContents>> ReadContents(
      std::span<const BulletinId> ids) override;
  absl::StatusOr<std::vector<RecipientCursor>> ReadRecipientCursors(const BulletinId& id) override;
  absl::StatusOr<std::vector<ReceiptRecord>> ReadReceipts(const BulletinId& id) override;
  absl::StatusOr<bool> HasReceipt(const BulletinId& id, const MemberId& member,
                                  uint8_t state) override;
  absl::StatusOr<std::vector<BulletinId>> ReadShares(const BulletinId& id) override;
  absl::StatusOr<DueScan> ReadDue(const DuePlace& from, absl::Time until, size_t max_rows) override;
  absl::StatusOr<uint64_t> CountUnerased(absl::Time now, uint64_t max) override;
  absl::StatusOr<Bytes> ReadChunk(const BulletinId& id, uint32_t part, uint32_t chunk) override;
  absl::StatusOr<InboxScan> ScanInbox(const MemberId& member, uint64_t after,
                                      const ScanLimits& limits) override;
  absl::StatusOr<InboxPosition> ReadPosition(const MemberId& member) override;
  absl::StatusOr<Digest> ReadChainHash(const MemberId& member, uint64_t seq) override;
  absl::StatusOr<ResumeToken> MakeResumeToken(const MemberId& member, uint64_t seq) override;
  absl::Status CheckResumeToken(const MemberId& member, const ResumeToken& token) override;
  absl::StatusOr<DirectoryRecord> ReadDirectory() override;
  uint64_t directory_version() override;
  uint64_t log_size() override;
  absl::StatusOr<Digest> ReadLogRoot(uint64_t size) override;
  absl::StatusOr<std::vector<Digest>> ReadInclusionPath(uint64_t index, uint64_t size) override;
  absl::StatusOr<std::vector<Digest>> ReadConsistencyPath(uint64_t old_size,
                                                          uint64_t new_size) override;
  absl::StatusOr<std::vector<Digest>> ReadLogNodes(uint32_t level, uint64_t first,
                                                   uint32_t count) override;
  absl::StatusOr<std::vector<Bytes>> ReadLogEntries(uint64_t first, uint32_t count) override;
  absl::StatusOr<std::vector<Digest>> ReadBatchPath(std::span<const uint64_t> indexes,
                                                    uint64_t size) override;
  absl::Status KeepWitnessed(absl::string_view text) override;
  absl::StatusOr<std::string> ReadWitnessed() override;
  uint64_t last_commit() override;
  absl::StatusOr<std::vector<std::shared_ptr<const CommitEvent>>> ReadCommits(uint64_t after,
                                                                              size_t max) override;
  absl::Status ReportDamage(absl::Status what) override;
  absl::Status health() override;
  absl::StatusOr<StoreReport> Verify() override;

 private:
  // What readers see of the head.
  struct Visible {
    uint64_t commit = 0;
    uint64_t log_size = 0;
    uint64_t directory_version = 0;
  };

  RocksStore(RocksStoreOptions options, std::unique_ptr<FailStop> fail_stop,
             std::unique_ptr<RocksDatabase> database, HeadSentinel sentinel, StoreHead head,
             uint64_t next_upload);

  absl::Status Usable();
  absl::StatusOr<DiskRoom> Room();
  Visible visible();
  absl::Status WriteGroup(PendingGroup& pending);
  void TakeOver(const PendingGroup& pending);
  absl::StatusOr<BulletinValue> FindBulletin(const BulletinId& id);
  // The same as it stands now (AddStanding).
  absl::StatusOr<BulletinValue> FindStanding(const BulletinId& id);
  absl::StatusOr<std::vector<BulletinValue>> FindEachStanding(std::span<const BulletinId> ids);
  // The leaves of the recipient trees of `values`, in their order.
  absl::StatusOr<std::vector<std::vector<Digest>>> ReadTrees(std::span<const BulletinValue> values);
  // A chunk of a bulletin that was live when `value` was read; nothing when it has ended since.
  absl::StatusOr<std::optional<Bytes>> ReadLiveChunk(const BulletinValue& value, uint32_t part,
                                                     uint32_t chunk);
  absl::StatusOr<std::vector<BulletinId>> EndedWith(const BulletinId& id);
  absl::StatusOr<std::shared_ptr<const CommitEvent>> RebuildEvent(uint64_t commit);

  const RocksStoreOptions options_;
  const std::unique_ptr<FailStop> fail_stop_;
  const std::unique_ptr<RocksDatabase> database_;
  const std::array<uint8_t, 16> epoch_;
  MemberTable members_;
  UploadTable uploads_;
  CommitFeed feed_;
  SpaceReclaimer reclaimer_;

  // Of the committing thread.
  HeadSentinel sentinel_;
  StoreHead head_;
  uint64_t erased_uploads_ = 1;  // above every upload number of which chunks were erased

  Mutex mutex_;
  Visible visible_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::store
