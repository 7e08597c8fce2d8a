#include "broker/store/pending_group.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store_errors.h"
#include "broker/store/stored_rows.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"
#include "policy/proof/inbox_chain.h"

namespace shield::store {
namespace {

// What a delivery's rows take on disk beyond its slot, roughly.
constexpr uint64_t kDeliveryBytes = 160;
constexpr uint64_t kCommandBytes = 1024;

uint64_t DiskBytes(const PublishCommand& command) {
  uint64_t bytes = kCommandBytes + command.statement.size() + command.payload.size();
  for (const Delivery& delivery : command.deliveries) {
    bytes += kDeliveryBytes + delivery.slot.size();
  }
  return bytes;
}

uint64_t DiskBytes(const DirectoryCommand& command) {
  uint64_t bytes =
      kCommandBytes + command.note.size() + command.fresh.size() + command.authority.size();
  for (const std::string& line : command.lines) bytes += line.size() + 1;
  return bytes;
}

}  // namespace

PendingGroup::PendingGroup(StoreHead head, DiskRoom room, RocksDatabase& database,
                           MemberTable& members, UploadTable& uploads, uint64_t erased_uploads,
                           size_t expected_bytes)
    : head_(std::move(head)),
      room_(room),
      database_(database),
      members_(members),
      uploads_(uploads),
      batch_(expected_bytes),
      next_member_(members.size()),
      erased_uploads_(erased_uploads) {}

size_t PendingGroup::ExpectedBytes(const std::vector<PublishCommand>& publishes) {
  size_t bytes = kCommandBytes;
  for (const PublishCommand& command : publishes) bytes += DiskBytes(command);
  return bytes;
}

absl::StatusOr<PublishReceipt> PendingGroup::Publish(PublishCommand command) {
  ASSIGN_OR_RETURN(std::optional<PublishReceipt> replay, FindReplay(command));
  if (replay.has_value()) return *std::move(replay);
  RETURN_IF_ERROR(CheckPublish(command));
  ASSIGN_OR_RETURN(const Endings endings, ReadEndings(command));
  RETURN_IF_ERROR(
      CheckRoom(DiskBytes(command) + endings.told.size() * kDeliveryBytes, MustStayFree(command)));

  const uint64_t log_index = head_.log.size();
  const uint64_t commit = Step({.kind = CommitKind::kPublish,
                                .log_index = log_index,
                                .directory_version = head_.directory_version,
                                .id = command.id},
                               command.log_entry);
  PublishReceipt receipt{.commit = commit,
                         .log_index = log_index,
                         .directory_version = head_.directory_version,
                         .recipients = command.deliveries.size(),
                         .told = endings.told.size(),
                         .warnings = command.warnings};
  PutBulletin(command, receipt,
              endings.shared.has_value() ? endings.shared->upload : PutParts(command));
  std::vector<BulletinId> ended = PutEndings(command, endings);
  for (const MemberId& member : endings.told) {
    command.deliveries.push_back({.member = member, .slot_digest = Sha256(ByteSpan())});
  }
  published_.emplace(command.id, Published{command.sender, command.request_hash, receipt});
  const BulletinId id = command.id;
  events_.push_back(
      std::make_shared<const CommitEvent>(CommitEvent{.commit = commit,
                                                      .kind = CommitKind::kPublish,
                                                      .id = id,
                                                      .directory_version = head_.directory_version,
                                                      .log_index = log_index,
                                                      .places = Deliver(command, log_index),
                                                      .ended = std::move(ended)}));
  return receipt;
}

// A full disk never costs the ability to take something back.
uint64_t PendingGroup::MustStayFree(const PublishCommand& command) const {
  for (const Referral& referral : command.referrals) {
    if (referral.effect == Effect::kWithdraws) return room_.floor;
  }
  return room_.publish_watermark;
}

absl::Status PendingGroup::CheckPublish(const PublishCommand& command) {
  RETURN_IF_ERROR(CheckCommand(command));
  if (command.directory_version != head_.directory_version) {
    return DirectoryMoved(command.directory_version, head_.directory_version);
  }
  std::vector<uint64_t> staged;
  if (command.upload.has_value()) {
    const bool used = std::find(ended_uploads_.begin(), ended_uploads_.end(), *command.upload) !=
                      ended_uploads_.end();
    std::optional<std::vector<uint64_t>> found = uploads_.Staged(*command.upload);
    if (used || !found.has_value()) return absl::InvalidArgumentError("no such upload");
    staged = *std::move(found);
  }
  if (FindShared(command.referrals) == nullptr) RETURN_IF_ERROR(CheckParts(command, staged));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<PublishReceipt>> PendingGroup::FindReplay(
    const PublishCommand& command) {
  auto earlier = published_.find(command.id);
  if (earlier != published_.end()) {
    const Published& published = earlier->second;
    if (published.sender != command.sender || published.request_hash != command.request_hash) {
      return IdTaken(command.id);
    }
    PublishReceipt receipt = published.receipt;
    receipt.replayed = true;
    return receipt;
  }
  ASSIGN_OR_RETURN(std::optional<BulletinValue> stored, ReadBulletinRow(database_, command.id));
  if (!stored.has_value()) return std::nullopt;
  return ReplayReceipt(*stored, command.sender, command.request_hash);
}

absl::Status PendingGroup::CheckRoom(uint64_t bytes, uint64_t must_stay_free) const {
  const uint64_t needed = must_stay_free + batch_.GetDataSize() + bytes;
  return room_.free_bytes >= needed ? absl::OkStatus() : DiskLow(room_.free_bytes, needed);
}

uint64_t PendingGroup::PutParts(const PublishCommand& command) {
  uint64_t upload = 0;
  if (command.upload.has_value()) {
    upload = command.upload->number;
    batch_.Delete(database_.handle(Column::kMeta), StagedKey(upload)).PermitUncheckedError();
    ended_uploads_.push_back(*command.upload);
  } else if (!command.payload.empty()) {
    upload = uploads_.NextNumber();
  }
  if (!command.payload.empty()) {
    Put(Column::kPayload, PayloadKey(upload, 0, 0), AsText(command.payload));
  }
  return upload;
}

void PendingGroup::PutBulletin(const PublishCommand& command, const PublishReceipt& receipt,
                               uint64_t upload) {
  const BulletinValue value{.record = RecordOf(command, receipt),
                            .request_hash = command.request_hash,
                            .upload = upload,
                            .warnings = command.warnings};
  Put(Column::kBulletin, BulletinKey(command.id), EncodeBulletin(value));
  PutExpiry(command.id, command.expires);
}

void PendingGroup::PutExpiry(const BulletinId& id, absl::Time expires) {
  if (expires == absl::InfiniteFuture()) return;
  const int64_t seconds = std::max<int64_t>(0, absl::ToUnixSeconds(expires));
  Put(Column::kExpiry, ExpiryKey(static_cast<uint64_t>(seconds), id), "");
}

std::vector<InboxPlace> PendingGroup::Deliver(PublishCommand& command, uint64_t log_index) {
  std::vector<InboxPlace> places;
  std::vector<InboxRow> rows;
  places.reserve(command.deliveries.size());
  rows.reserve(command.deliveries.size());
  std::string tile;
  for (uint32_t leaf = 0; leaf < command.deliveries.size(); ++leaf) {
    Delivery& delivery = command.deliveries[leaf];
    MemberStanding& standing = ChangeOf(delivery.member).standing;
    standing.last_seq += 1;
    standing.hash = InboxNext(standing.hash, standing.last_seq,
                              {log_index, command.text_digest, delivery.slot_digest});
    rows.push_back({standing.number, standing.last_seq, leaf, standing.hash});
    AppendRecipient(tile, {standing.number, standing.last_seq, delivery.leaf});
    places.push_back({std::move(delivery.member), standing.last_seq, standing.hash});
    if ((leaf + 1) % kRecipientsPerTile == 0 || leaf + 1 == command.deliveries.size()) {
      const auto number = static_cast<uint32_t>(leaf / kRecipientsPerTile);
      Put(Column::kRecipient, RecipientKey(command.id, number), tile);
      tile.clear();
    }
  }
  PutInboxRows(command, std::move(rows));
  return places;
}

// In the order of their keys: recipients come in the order of their sealing keys, which is random,
// and a commit of 10,000 sorted rows costs a sixth less (store_bench).
void PendingGroup::PutInboxRows(const PublishCommand& command, std::vector<InboxRow> rows) {
  std::sort(rows.begin(), rows.end(),
            [](const InboxRow& a, const InboxRow& b) { return a.member.value < b.member.value; });
  std::string value;
  for (const InboxRow& row : rows) {
    const Delivery& delivery = command.deliveries[row.leaf_index];
    const InboxEntry entry{.seq = row.seq,
                           .id = command.id,
                           .leaf_index = row.leaf_index,
                           .slot_digest = delivery.slot_digest,
                           .chain_hash = row.hash};
    value.clear();
    AppendInboxEntry(value, entry, delivery.slot);
    Put(Column::kInbox, InboxKey(row.member, row.seq), value);
  }
}

MemberTable::Change& PendingGroup::ChangeOf(const MemberId& member) {
  auto [found, fresh] = change_of_.try_emplace(member, changes_.size());
  if (fresh) {
    const std::optional<MemberStanding> standing = members_.Find(member);
    changes_.push_back(standing.has_value() ? MemberTable::Change{member, *standing}
                                            : Join(member));
  }
  return changes_[found->second];
}

MemberTable::Change PendingGroup::Join(const MemberId& member) {
  const MemberNumber number{next_member_++};
  Put(Column::kMeta, MemberKey(member), EncodeU32(number.value));
  return {member, {.number = number, .hash = InboxGenesis(member)}};
}

uint64_t PendingGroup::Step(CommitValue value, const Bytes& log_entry) {
  const Digest log_leaf = LeafHash(log_entry);
  head_.commit += 1;
  head_.running_hash = NextRunningHash(head_.running_hash, head_.commit, value, log_leaf);
  head_.directory_version = value.directory_version;
  value.running_hash = head_.running_hash;
  Put(Column::kCommit, CommitKey(head_.commit), EncodeCommit(value));
  Put(Column::kLog, LogEntryKey(value.log_index), AsText(log_entry));
  for (const MerkleNode& node : head_.log.Append(log_leaf)) {
    Put(Column::kLog, LogKey(node.level, node.index), AsText(node.hash.span()));
  }
  return head_.commit;
}

absl::StatusOr<uint64_t> PendingGroup::Acknowledge(const AcknowledgeCommand& command) {
  const auto change = change_of_.find(command.member);
  const std::optional<MemberStanding> committed = members_.Find(command.member);
  // Entries of this very group have been shown to nobody yet: they count as not there.
  const uint64_t last = committed.has_value() ? committed->last_seq : 0;
  if (command.seq > last) return CursorAhead(command.seq, last);
  ASSIGN_OR_RETURN(
      const Digest hash,
      ReadEntryHash(database_, command.member,
                    committed.has_value() ? committed->number : MemberNumber{}, command.seq));
  if (hash != command.hash) return HistoryDiffers(command.seq);
  if (!committed.has_value()) return uint64_t{0};
  const uint64_t before = change == change_of_.end()
                              ? committed->acknowledged
                              : changes_[change->second].standing.acknowledged;
  if (command.seq <= before) return before;
  RETURN_IF_ERROR(CheckRoom(kCommandBytes, room_.floor));
  ChangeOf(command.member).standing.acknowledged = command.seq;
  Put(Column::kMeta, CursorKey(committed->number), EncodeU64(command.seq));
  return command.seq;
}

absl::StatusOr<DirectoryReceipt> PendingGroup::SetDirectory(DirectoryCommand command) {
  RETURN_IF_ERROR(CheckCommand(command));
  if (command.expected_version != head_.directory_version) {
    return DirectoryMoved(command.expected_version, head_.directory_version);
  }
  RETURN_IF_ERROR(CheckRoom(DiskBytes(command), room_.floor));
  const uint64_t log_index = head_.log.size();
  const uint64_t commit = Step({.kind = CommitKind::kDirectory,
                                .log_index = log_index,
                                .directory_version = command.version},
                               command.log_entry);
  PutDirectory({.version = command.version,
                .log_index = log_index,
                .note = std::move(command.note),
                .fresh = std::move(command.fresh),
                .authority = std::move(command.authority)},
               &command.lines);
  events_.push_back(std::make_shared<const CommitEvent>(CommitEvent{
      .commit = commit,
      .kind = CommitKind::kDirectory,
      .directory_version = command.version,
      .log_index = log_index,
  }));
  return DirectoryReceipt{.commit = commit, .log_index = log_index, .version = command.version};
}

absl::Status PendingGroup::SetFresh(FreshCommand command) {
  RETURN_IF_ERROR(CheckCommand(command));
  if (head_.directory_version == 0 || command.version != head_.directory_version) {
    return DirectoryMoved(command.version, head_.directory_version);
  }
  RETURN_IF_ERROR(CheckRoom(kCommandBytes + command.fresh.size(), room_.floor));
  if (!directory_.has_value()) {
    ASSIGN_OR_RETURN(auto row, database_.Get(Column::kMeta, DirectoryKey()));
    directory_ = row.has_value() ? DecodeDirectory(*row) : std::nullopt;
    if (!directory_.has_value()) return database_.Damaged("the directory row cannot be read");
  }
  DirectoryValue value = *directory_;
  value.fresh = std::move(command.fresh);
  PutDirectory(std::move(value), nullptr);
  return absl::OkStatus();
}

void PendingGroup::PutDirectory(DirectoryValue value, const std::vector<std::string>* lines) {
  if (lines != nullptr) {
    const std::string from = DirectoryLinesPrefix();
    batch_.DeleteRange(database_.handle(Column::kMeta), from, AfterPrefix(from))
        .PermitUncheckedError();
    for (const std::string& block : LineBlocks(*lines)) {
      Put(Column::kMeta, DirectoryLinesKey(value.blocks++), block);
    }
  }
  Put(Column::kMeta, DirectoryKey(), EncodeDirectory(value));
  directory_ = std::move(value);
}

void PendingGroup::Delete(Column column, absl::string_view key) {
  batch_.Delete(database_.handle(column), rocksdb::Slice(key.data(), key.size()))
      .PermitUncheckedError();
}

// Adding to a batch in memory fails only for a null handle or a key above 4 GiB.
void PendingGroup::Put(Column column, absl::string_view key, absl::string_view value) {
  batch_
      .Put(database_.handle(column), rocksdb::Slice(key.data(), key.size()),
           rocksdb::Slice(value.data(), value.size()))
      .PermitUncheckedError();
}

}  // namespace shield::store
