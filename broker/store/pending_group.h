// A group on its way to disk: each command is checked against what is committed and against the
// commands before it, and adds its rows to one write batch. Nothing outside changes until the store
// has written the batch and takes the results over; a refused command adds nothing.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "broker/store/commands.h"
#include "broker/store/commit_feed.h"
#include "broker/store/member_table.h"
#include "broker/store/rocks_database.h"
#include "broker/store/store_head.h"
#include "broker/store/store_values.h"
#include "broker/store/upload_table.h"
#include "rocksdb/write_batch.h"

namespace shield::store {

// How much disk a group may use.
struct DiskRoom {
  uint64_t free_bytes = 0;
  uint64_t publish_watermark = 0;  // what must stay free after a publish
  uint64_t floor = 0;              // what must stay free after anything else
};

// Thread-compatible; lives for one Commit.
class PendingGroup {
 public:
  // `erased_uploads`: above every upload number of which chunks were erased. `expected_bytes`:
  // about what the group will write.
  PendingGroup(StoreHead head, DiskRoom room, RocksDatabase& database, MemberTable& members,
               UploadTable& uploads, uint64_t erased_uploads, size_t expected_bytes);

  // About what these will write.
  static size_t ExpectedBytes(const std::vector<PublishCommand>& publishes);

  absl::StatusOr<PublishReceipt> Publish(PublishCommand command);
  absl::StatusOr<uint64_t> Acknowledge(const AcknowledgeCommand& command);
  // How many of them are new (pending_receipts.cc).
  absl::StatusOr<uint64_t> AddReceipts(const ReceiptsCommand& command);
  absl::StatusOr<DirectoryReceipt> SetDirectory(DirectoryCommand command);
  absl::Status SetFresh(FreshCommand command);
  // Erases a part of what has ended (pending_sweep.cc). Alone in its group.
  absl::StatusOr<SweepReceipt> Sweep(const SweepCommand& command);

  // Chunks that were removed for good, for whoever gives their space back.
  struct Removal {
    uint64_t upload = 0;
    uint64_t bytes = 0;
  };

  // What the store writes, then takes over.
  rocksdb::WriteBatch& batch() { return batch_; }
  const StoreHead& head() const { return head_; }
  const std::vector<MemberTable::Change>& changes() const { return changes_; }
  const CommitFeed::Events& events() const { return events_; }
  const std::vector<UploadId>& ended_uploads() const { return ended_uploads_; }
  const std::vector<Removal>& removals() const { return removals_; }
  uint64_t erased_uploads() const { return erased_uploads_; }

 private:
  struct Published {
    MemberId sender;
    Digest request_hash;
    PublishReceipt receipt;
  };

  struct InboxRow {
    MemberNumber member;
    uint64_t seq;
    uint32_t leaf_index;
    Digest hash;
  };

  // What a publish does to bulletins that are there already (pending_endings.cc).
  struct Endings {
    std::vector<BulletinValue> ended;   // as they were
    std::vector<BulletinId> with_them;  // shares of them
    std::vector<MemberId> told;         // who is given an entry without slot
    std::optional<BulletinValue> shared;
  };

  absl::Status CheckPublish(const PublishCommand& command);
  uint64_t MustStayFree(const PublishCommand& command) const;
  absl::StatusOr<Endings> ReadEndings(const PublishCommand& command);
  absl::Status AddHolders(const BulletinValue& value, absl::flat_hash_set<MemberId>& known,
                          std::vector<MemberId>& told);
  std::vector<BulletinId> PutEndings(const PublishCommand& command, const Endings& endings);
  // Sweep's parts: each gives how much of `most` it used up.
  absl::StatusOr<size_t> ExpireDue(absl::Time now, size_t most);
  absl::StatusOr<size_t> Erase(const BulletinId& id, uint64_t from, SweepReceipt& receipt);
  absl::StatusOr<size_t> EraseSlots(const BulletinValue& value, uint64_t from,
                                    SweepReceipt& receipt);
  void EraseChunks(const BulletinValue& value);
  absl::StatusOr<std::optional<PublishReceipt>> FindReplay(const PublishCommand& command);
  absl::StatusOr<bool> AddReceipt(MemberNumber member, const NewReceipt& receipt);
  absl::Status CheckRoom(uint64_t bytes, uint64_t must_stay_free) const;
  uint64_t PutParts(const PublishCommand& command);
  void PutBulletin(const PublishCommand& command, const PublishReceipt& receipt, uint64_t upload);
  void PutExpiry(const BulletinId& id, absl::Time expires);
  std::vector<InboxPlace> Deliver(PublishCommand& command, uint64_t log_index);
  void PutInboxRows(const PublishCommand& command, std::vector<InboxRow> rows);
  MemberTable::Change& ChangeOf(const MemberId& member);
  MemberTable::Change Join(const MemberId& member);
  // Log leaf, commit row and head; returns the commit.
  uint64_t Step(CommitValue value, const Bytes& log_entry);
  void PutDirectory(DirectoryValue value, const std::vector<std::string>* lines);
  void Delete(Column column, absl::string_view key);
  void Put(Column column, absl::string_view key, absl::string_view value);

  StoreHead head_;
  const DiskRoom room_;
  RocksDatabase& database_;
  MemberTable& members_;
  UploadTable& uploads_;

  rocksdb::WriteBatch batch_;
  std::vector<MemberTable::Change> changes_;
  absl::flat_hash_map<MemberId, size_t> change_of_;  // index into changes_
  uint32_t next_member_;
  absl::flat_hash_map<BulletinId, Published> published_;
  absl::flat_hash_set<Key> added_receipts_;
  std::optional<DirectoryValue> directory_;  // as of a directory command before, in this group
  CommitFeed::Events events_;
  std::vector<UploadId> ended_uploads_;
  std::vector<Removal> removals_;
  uint64_t erased_uploads_;  // above every upload number of which chunks were erased
};

}  // namespace shield::store
