// A group on its way to disk: each command is checked against what is committed and against the
// commands before it, and adds its rows to one write batch. Nothing outside changes until the store
// has written the batch and takes the results over; a refused command adds nothing.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
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
  PendingGroup(StoreHead head, DiskRoom room, RocksDatabase& database, MemberTable& members,
               UploadTable& uploads);

  absl::StatusOr<PublishReceipt> Publish(PublishCommand command);
  absl::StatusOr<uint64_t> Acknowledge(const AcknowledgeCommand& command);
  absl::StatusOr<DirectoryReceipt> SetDirectory(DirectoryCommand command);
  absl::Status SetFresh(FreshCommand command);

  // What the store writes, then takes over.
  rocksdb::WriteBatch& batch() { return batch_; }
  const StoreHead& head() const { return head_; }
  const std::vector<MemberTable::Change>& changes() const { return changes_; }
  const CommitFeed::Events& events() const { return events_; }
  const std::vector<UploadId>& ended_uploads() const { return ended_uploads_; }

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

  absl::Status CheckPublish(const PublishCommand& command);
  absl::StatusOr<std::optional<PublishReceipt>> FindReplay(const PublishCommand& command);
  absl::Status CheckRoom(uint64_t bytes, uint64_t must_stay_free) const;
  uint64_t PutParts(const PublishCommand& command);
  void PutBulletin(const PublishCommand& command, const PublishReceipt& receipt, uint64_t upload);
  std::vector<InboxPlace> Deliver(PublishCommand& command, uint64_t log_index);
  void PutInboxRows(PublishCommand& command, std::vector<InboxRow> rows);
  MemberTable::Change& ChangeOf(const MemberId& member);
  MemberTable::Change Join(const MemberId& member);
  // Log leaf, commit row and head; returns the commit.
  uint64_t Step(CommitValue value, const Digest& log_leaf);
  void PutDirectory(DirectoryValue value, const std::vector<std::string>* lines);
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
  std::optional<DirectoryValue> directory_;  // as of a directory command before, in this group
  CommitFeed::Events events_;
  std::vector<UploadId> ended_uploads_;
};

}  // namespace shield::store
