// The store's contract in memory: for tests of what stands on a store, and as the model that the
// RocksDB store is compared with. Written for clearness: maps, and one lock around everything.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "broker/store/store.h"

namespace shield::testing {

// Thread-safe, Commit excepted as for every Store.
class MemoryStore final : public store::Store {
 public:
  MemoryStore();

  // Tests: the next Commit fails as a failed disk write does, and the store with it.
  void FailNextCommit(absl::Status cause);
  // Tests: publishes and chunks are refused with DISK_LOW while set.
  void SetDiskLow(bool low);
  // Tests: the same rows under a new epoch, as in a store that was restored from a backup.
  void RenewEpoch();
  // Tests: how often an inbox or the contents of a bulletin have been read.
  uint64_t reads_for_feeds();
  // Tests: the stored statement of a bulletin is not what was written.
  void DamageStatement(const BulletinId& id);

  store::CommitResults Commit(store::CommitGroup group) override;
  absl::StatusOr<store::UploadId> BeginUpload() override;
  absl::Status PutChunk(store::UploadId upload, uint32_t part, uint32_t chunk,
                        ByteSpan bytes) override;
  absl::Status DropUpload(store::UploadId upload) override;
  absl::StatusOr<std::optional<store::PublishReceipt>> FindReceipt(
      const BulletinId& id, const MemberId& sender, const Digest& request_hash) override;
  absl::StatusOr<store::BulletinRecord> ReadBulletin(const BulletinId& id) override;
  absl::StatusOr<std::vector<store::BulletinContents>> ReadContents(
      std::span<const BulletinId> ids) override;
  absl::StatusOr<std::vector<store::RecipientCursor>> ReadRecipientCursors(
      const BulletinId& id) override;
  absl::StatusOr<std::vector<store::ReceiptRecord>> ReadReceipts(const BulletinId& id) override;
  absl::StatusOr<bool> HasReceipt(const BulletinId& id, const MemberId& member,
                                  uint8_t state) override;
  absl::StatusOr<std::vector<BulletinId>> ReadShares(const BulletinId& id) override;
  absl::StatusOr<store::DueScan> ReadDue(const store::DuePlace& from, absl::Time until,
                                         size_t max_rows) override;
  absl::StatusOr<uint64_t> CountUnerased(absl::Time now, uint64_t max) override;
  absl::StatusOr<Bytes> ReadChunk(const BulletinId& id, uint32_t part, uint32_t chunk) override;
  absl::StatusOr<store::InboxScan> ScanInbox(const MemberId& member, uint64_t after,
                                             const store::ScanLimits& limits) override;
  absl::StatusOr<store::InboxPosition> ReadPosition(const MemberId& member) override;
  absl::StatusOr<Digest> ReadChainHash(const MemberId& member, uint64_t seq) override;
  absl::StatusOr<store::ResumeToken> MakeResumeToken(const MemberId& member, uint64_t seq) override;
  absl::Status CheckResumeToken(const MemberId& member, const store::ResumeToken& token) override;
  absl::StatusOr<store::DirectoryRecord> ReadDirectory() override;
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
  uint64_t last_commit() override;
  absl::StatusOr<std::vector<std::shared_ptr<const store::CommitEvent>>> ReadCommits(
      uint64_t after, size_t max) override;
  absl::Status ReportDamage(absl::Status what) override;
  absl::Status KeepWitnessed(absl::string_view text) override;
  absl::StatusOr<std::string> ReadWitnessed() override;
  absl::Status health() override;
  absl::StatusOr<store::StoreReport> Verify() override;

 private:
  using Parts = std::map<std::pair<uint32_t, uint32_t>, Bytes>;  // part, chunk
  struct Bulletin {
    store::BulletinRecord record;
    Digest request_hash;
    store::PublishReceipt receipt;
    std::vector<Digest> leaves;
    std::vector<store::InboxPlace> places;
    Parts parts;
    bool to_erase = false;
    std::map<std::pair<size_t, uint8_t>, store::ReceiptRecord> receipts = {};  // number, state
  };
  struct Inbox {
    std::vector<store::InboxEntry> entries;
    uint64_t acknowledged = 0;
  };
  struct Upload {
    std::vector<uint64_t> part_bytes;
    Parts parts;
  };

  absl::StatusOr<store::PublishReceipt> Publish(store::PublishCommand command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckReferred(const store::PublishCommand& command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<BulletinId> SharesOf(const BulletinId& id) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<MemberId> ToTell(const store::PublishCommand& command) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<BulletinId> End(const store::PublishCommand& command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<store::BulletinContents> ContentsOf(const BulletinId& id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  store::BulletinRecord Standing(const Bulletin& bulletin) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<store::SweepReceipt> Sweep(const store::SweepCommand& command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Parts> TakeParts(const store::PublishCommand& command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Deliver(const store::PublishCommand& command, Bulletin& bulletin)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<uint64_t> Acknowledge(const store::AcknowledgeCommand& command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<uint64_t> AddReceipts(const store::ReceiptsCommand& command,
                                       uint64_t committed_before)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether it has an entry, and its number among those who do, by first entries.
  std::optional<size_t> NumberOf(const MemberId& member, uint64_t committed_before)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<store::DirectoryReceipt> SetDirectory(store::DirectoryCommand command)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SetFresh(store::FreshCommand command) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Digest> ChainHash(const MemberId& member, uint64_t seq)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Usable() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<const Bulletin*> Find(const BulletinId& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::optional<store::PublishReceipt>> Find(const BulletinId& id,
                                                            const MemberId& sender,
                                                            const Digest& request_hash)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  uint64_t reads_for_feeds_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string witnessed_ ABSL_GUARDED_BY(mutex_);
  std::map<BulletinId, Bulletin> bulletins_ ABSL_GUARDED_BY(mutex_);
  std::map<MemberId, Inbox> inboxes_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, Upload> uploads_ ABSL_GUARDED_BY(mutex_);
  std::vector<Digest> log_ ABSL_GUARDED_BY(mutex_);
  std::vector<Bytes> log_entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<const store::CommitEvent>> commits_ ABSL_GUARDED_BY(mutex_);
  std::optional<store::DirectoryRecord> directory_ ABSL_GUARDED_BY(mutex_);
  std::array<uint8_t, 16> epoch_ ABSL_GUARDED_BY(mutex_){};
  uint64_t next_upload_ ABSL_GUARDED_BY(mutex_) = 1;
  bool disk_low_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status fail_next_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::testing
