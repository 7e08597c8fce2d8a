// The reading half of RocksStore.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/rocks_store.h"
#include "broker/store/store_errors.h"
#include "broker/store/stored_rows.h"
#include "policy/proof/inbox_chain.h"

namespace shield::store {
namespace {

// What an entry counts against ScanLimits::max_bytes beyond its slot.
constexpr size_t kEntryFixedBytes = 100;

absl::Status NoSuchEntry(uint64_t seq) {
  return absl::NotFoundError(absl::StrCat("the inbox has no entry ", seq));
}

absl::Status NoSuchChunk(const BulletinId& id, uint32_t part, uint32_t chunk) {
  return absl::NotFoundError(
      absl::StrCat("bulletin `", id.ToHex(), "` has no chunk ", chunk, " of part ", part));
}

// How long a chunk is; 0 beyond the last.
uint64_t BytesOf(const BulletinRecord& record, uint32_t part, uint32_t chunk) {
  const uint64_t bytes = part < record.part_bytes.size() ? record.part_bytes[part] : 0;
  const uint64_t before = uint64_t{chunk} * kChunkBytes;
  return before >= bytes ? 0 : std::min<uint64_t>(kChunkBytes, bytes - before);
}

}  // namespace

RocksStore::Visible RocksStore::visible() {
  MutexLock lock(mutex_);
  return visible_;
}

uint64_t RocksStore::directory_version() { return visible().directory_version; }
uint64_t RocksStore::log_size() { return visible().log_size; }
uint64_t RocksStore::last_commit() { return visible().commit; }

absl::StatusOr<std::optional<PublishReceipt>> RocksStore::FindReceipt(const BulletinId& id,
                                                                      const MemberId& sender,
                                                                      const Digest& request_hash) {
  RETURN_IF_ERROR(Usable());
  ASSIGN_OR_RETURN(auto value, ReadBulletinRow(*database_, id));
  if (!value.has_value() || value->record.commit > last_commit()) return std::nullopt;
  return ReplayReceipt(*value, sender, request_hash);
}

absl::StatusOr<BulletinValue> RocksStore::FindBulletin(const BulletinId& id) {
  RETURN_IF_ERROR(Usable());
  ASSIGN_OR_RETURN(auto value, ReadBulletinRow(*database_, id));
  if (!value.has_value() || value->record.commit > last_commit()) {
    return NoSuchBulletin(id);
  }
  return *std::move(value);
}

absl::StatusOr<BulletinValue> RocksStore::FindStanding(const BulletinId& id) {
  ASSIGN_OR_RETURN(BulletinValue value, FindBulletin(id));
  RETURN_IF_ERROR(AddStanding(*database_, value.record));
  return value;
}

absl::StatusOr<BulletinRecord> RocksStore::ReadBulletin(const BulletinId& id) {
  ASSIGN_OR_RETURN(BulletinValue value, FindStanding(id));
  return std::move(value.record);
}

absl::StatusOr<std::vector<RecipientCursor>> RocksStore::ReadRecipientCursors(
    const BulletinId& id) {
  ASSIGN_OR_RETURN(const BulletinValue value, FindBulletin(id));
  ASSIGN_OR_RETURN(const auto rows,
                   ReadRecipientRows(*database_, id, value.record.recipients + value.record.told));
  std::vector<RecipientCursor> cursors;
  cursors.reserve(rows.size());
  for (const RecipientValue& row : rows) {
    std::optional<MemberId> member = members_.Name(row.member);
    const std::optional<uint64_t> acknowledged = members_.Acknowledged(row.member);
    if (!member.has_value() || !acknowledged.has_value()) {
      return database_->Damaged("a recipient row names an unknown member");
    }
    const bool told = cursors.size() >= value.record.recipients;
    cursors.push_back({*std::move(member), row.seq, *acknowledged >= row.seq, told});
  }
  return cursors;
}

absl::StatusOr<std::vector<ReceiptRecord>> RocksStore::ReadReceipts(const BulletinId& id) {
  RETURN_IF_ERROR(FindBulletin(id).status());
  const uint64_t last = last_commit();
  std::vector<ReceiptRecord> receipts;
  const auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    std::optional<ReceiptRow> receipt = ReadReceiptRow(key, row);
    if (!receipt.has_value()) return database_->Damaged("a receipt row cannot be read");
    if (receipt->value.commit > last) return true;  // about to be committed
    std::optional<MemberId> member = members_.Name(receipt->member);
    if (!member.has_value()) return database_->Damaged("a receipt row names an unknown member");
    receipts.push_back({*std::move(member), receipt->state, std::move(receipt->value.note)});
    return true;
  };
  const Key prefix = ReceiptPrefix(id);
  RETURN_IF_ERROR(
      database_->Scan(Column::kReceipt, prefix, ReceiptKey(id, {UINT32_MAX}, UINT8_MAX), visit));
  return receipts;
}

absl::StatusOr<bool> RocksStore::HasReceipt(const BulletinId& id, const MemberId& member,
                                            uint8_t state) {
  RETURN_IF_ERROR(Usable());
  const std::optional<MemberStanding> standing = members_.Find(member);
  if (!standing.has_value()) return false;
  const Key key = ReceiptKey(id, standing->number, state);
  ASSIGN_OR_RETURN(const auto row, database_->Get(Column::kReceipt, key));
  if (!row.has_value()) return false;
  const std::optional<ReceiptRow> receipt = ReadReceiptRow(key, *row);
  if (!receipt.has_value()) return database_->Damaged("a receipt row cannot be read");
  return receipt->value.commit <= last_commit();
}

absl::StatusOr<std::vector<BulletinId>> RocksStore::ReadShares(const BulletinId& id) {
  RETURN_IF_ERROR(FindBulletin(id).status());
  ASSIGN_OR_RETURN(const std::vector<BulletinId> listed, ReadShareRows(*database_, id));
  std::vector<BulletinId> shares;
  for (const BulletinId& share : listed) {
    const absl::StatusOr<BulletinValue> value = FindBulletin(share);
    if (absl::IsNotFound(value.status())) continue;  // about to be committed
    RETURN_IF_ERROR(value.status());
    shares.push_back(share);
  }
  return shares;
}

absl::StatusOr<Bytes> RocksStore::ReadChunk(const BulletinId& id, uint32_t part, uint32_t chunk) {
  ASSIGN_OR_RETURN(const BulletinValue value, FindStanding(id));
  if (value.record.state != BulletinState::kLive || BytesOf(value.record, part, chunk) == 0) {
    return NoSuchChunk(id, part, chunk);
  }
  ASSIGN_OR_RETURN(std::optional<Bytes> stored, ReadLiveChunk(value, part, chunk));
  if (!stored.has_value()) return NoSuchChunk(id, part, chunk);
  return *std::move(stored);
}

absl::StatusOr<std::optional<Bytes>> RocksStore::ReadLiveChunk(const BulletinValue& value,
                                                               uint32_t part, uint32_t chunk) {
  ASSIGN_OR_RETURN(const auto stored,
                   database_->Get(Column::kPayload, PayloadKey(value.upload, part, chunk)));
  if (!stored.has_value()) {
    // It may have ended, and been erased, since its row was read.
    ASSIGN_OR_RETURN(const BulletinValue now, FindStanding(value.record.id));
    if (now.record.state != BulletinState::kLive) return std::nullopt;
  }
  if (!stored.has_value() || stored->size() != BytesOf(value.record, part, chunk)) {
    return database_->Damaged(absl::StrCat("chunk ", chunk, " of part ", part, " of bulletin `",
                                           value.record.id.ToHex(), "` is missing or cut short"));
  }
  return ToBytes(AsBytes(*stored));
}

absl::StatusOr<InboxScan> RocksStore::ScanInbox(const MemberId& member, uint64_t after,
                                                const ScanLimits& limits) {
  RETURN_IF_ERROR(Usable());
  InboxScan scan;
  const std::optional<MemberStanding> standing = members_.Find(member);
  if (!standing.has_value()) return scan;
  scan.last_seq = standing->last_seq;
  if (after >= standing->last_seq || limits.max_entries == 0) return scan;
  size_t bytes = 0;
  uint64_t expected = after + 1;
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    const uint64_t seq = key.size() == 12 ? ReadU64(AsBytes(key).subspan(4)) : 0;
    std::optional<InboxEntry> entry = DecodeInboxEntry(seq, row);
    if (seq != expected || !entry.has_value()) {
      return database_->Damaged(absl::StrCat("inbox entry ", expected, " of member ",
                                             standing->number.value, " is missing"));
    }
    bytes += entry->slot.size() + kEntryFixedBytes;
    if (!scan.entries.empty() && bytes > limits.max_bytes) return false;
    scan.entries.push_back(*std::move(entry));
    return expected++ < standing->last_seq && scan.entries.size() < limits.max_entries;
  };
  RETURN_IF_ERROR(database_->Scan(Column::kInbox, InboxKey(standing->number, after + 1),
                                  InboxKey(standing->number, standing->last_seq + 1), visit));
  if (scan.entries.empty()) {
    return database_->Damaged(absl::StrCat("inbox entry ", after + 1, " of member ",
                                           standing->number.value, " is missing"));
  }
  return scan;
}

absl::StatusOr<InboxPosition> RocksStore::ReadPosition(const MemberId& member) {
  RETURN_IF_ERROR(Usable());
  const std::optional<MemberStanding> standing = members_.Find(member);
  if (!standing.has_value()) return InboxPosition{.hash = InboxGenesis(member)};
  return InboxPosition{standing->last_seq, standing->hash, standing->acknowledged};
}

absl::StatusOr<Digest> RocksStore::ReadChainHash(const MemberId& member, uint64_t seq) {
  RETURN_IF_ERROR(Usable());
  if (seq == 0) return InboxGenesis(member);
  const std::optional<MemberStanding> standing = members_.Find(member);
  if (!standing.has_value() || seq > standing->last_seq) return NoSuchEntry(seq);
  if (seq == standing->last_seq) return standing->hash;
  return ReadEntryHash(*database_, member, standing->number, seq);
}

absl::StatusOr<ResumeToken> RocksStore::MakeResumeToken(const MemberId& member, uint64_t seq) {
  RETURN_IF_ERROR(Usable());
  ResumeToken token{.epoch = epoch_, .seq = seq, .id = {}};
  if (seq == 0) return token;
  const std::optional<MemberStanding> standing = members_.Find(member);
  if (!standing.has_value() || seq > standing->last_seq) return NoSuchEntry(seq);
  ASSIGN_OR_RETURN(const InboxEntry entry, ReadInboxRow(*database_, standing->number, seq));
  const ByteSpan id = entry.id.span();
  std::copy(id.begin(), id.end(), token.id.begin());
  return token;
}

absl::Status RocksStore::CheckResumeToken(const MemberId& member, const ResumeToken& token) {
  const absl::StatusOr<ResumeToken> mine = MakeResumeToken(member, token.seq);
  if (absl::IsNotFound(mine.status())) return HistoryDiffers(token.seq);
  RETURN_IF_ERROR(mine.status());
  return mine->id == token.id ? absl::OkStatus() : HistoryDiffers(token.seq);
}

absl::StatusOr<DirectoryRecord> RocksStore::ReadDirectory() {
  RETURN_IF_ERROR(Usable());
  // One snapshot, so that head and lines are of the same version.
  const std::shared_ptr<const rocksdb::Snapshot> snapshot(
      database_->raw().GetSnapshot(),
      [this](const rocksdb::Snapshot* taken) { database_->raw().ReleaseSnapshot(taken); });
  ASSIGN_OR_RETURN(auto row, database_->Get(Column::kMeta, DirectoryKey(), snapshot.get()));
  if (!row.has_value()) return absl::NotFoundError("the broker has no directory yet");
  std::optional<DirectoryValue> value = DecodeDirectory(*row);
  if (!value.has_value()) {
    return database_->Damaged("the directory row cannot be read");
  }
  DirectoryRecord record{.version = value->version,
                         .log_index = value->log_index,
                         .note = std::move(value->note),
                         .fresh = std::move(value->fresh),
                         .authority = std::move(value->authority)};
  uint32_t blocks = 0;
  RETURN_IF_ERROR(database_->Scan(
      Column::kMeta, DirectoryLinesPrefix(), AfterPrefix(DirectoryLinesPrefix()),
      [&](absl::string_view, absl::string_view block) -> absl::StatusOr<bool> {
        ++blocks;
        if (AppendLines(block, record.lines)) return true;
        return database_->Damaged("a block of directory lines cannot be read");
      },
      snapshot.get()));
  if (blocks != value->blocks) {
    return database_->Damaged("the directory's lines are not complete");
  }
  return record;
}

absl::StatusOr<Digest> RocksStore::ReadLogRoot(uint64_t size) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(size, size, log_size()));
  return StoredRoot(size, [this](uint32_t level, uint64_t index) {
    return ReadLogNode(*database_, level, index);
  });
}

absl::StatusOr<std::vector<Digest>> RocksStore::ReadInclusionPath(uint64_t index, uint64_t size) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(index + 1, size, log_size()));
  return StoredInclusionPath(index, size, [this](uint32_t level, uint64_t node) {
    return ReadLogNode(*database_, level, node);
  });
}

absl::StatusOr<std::vector<Digest>> RocksStore::ReadConsistencyPath(uint64_t old_size,
                                                                    uint64_t new_size) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(old_size, new_size, log_size()));
  return StoredConsistencyPath(old_size, new_size, [this](uint32_t level, uint64_t node) {
    return ReadLogNode(*database_, level, node);
  });
}

absl::StatusOr<std::vector<Digest>> RocksStore::ReadLogNodes(uint32_t level, uint64_t first,
                                                             uint32_t count) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogNodes(level, first, count, log_size()));
  std::vector<Digest> nodes;
  nodes.reserve(count);
  for (uint64_t index = first; index < first + count; ++index) {
    ASSIGN_OR_RETURN(nodes.emplace_back(), ReadLogNode(*database_, level, index));
  }
  return nodes;
}

absl::StatusOr<std::vector<Bytes>> RocksStore::ReadLogEntries(uint64_t first, uint32_t count) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogNodes(0, first, count, log_size()));
  std::vector<Bytes> entries;
  entries.reserve(count);
  for (uint64_t index = first; index < first + count; ++index) {
    ASSIGN_OR_RETURN(entries.emplace_back(), ReadLogEntry(*database_, index));
  }
  return entries;
}

absl::StatusOr<std::vector<Digest>> RocksStore::ReadBatchPath(std::span<const uint64_t> indexes,
                                                              uint64_t size) {
  RETURN_IF_ERROR(Usable());
  RETURN_IF_ERROR(CheckLogRange(indexes.back() + 1, size, log_size()));
  return StoredBatchPath(indexes, size, [this](uint32_t level, uint64_t node) {
    return ReadLogNode(*database_, level, node);
  });
}

absl::StatusOr<std::vector<std::shared_ptr<const CommitEvent>>> RocksStore::ReadCommits(
    uint64_t after, size_t max) {
  RETURN_IF_ERROR(Usable());
  const uint64_t last = last_commit();
  CommitFeed::Events events;
  if (after >= last) return events;
  if (std::optional<CommitFeed::Events> kept = feed_.Read(after, max)) return *std::move(kept);
  for (uint64_t commit = after + 1; commit <= last && events.size() < max; ++commit) {
    ASSIGN_OR_RETURN(auto event, RebuildEvent(commit));
    events.push_back(std::move(event));
  }
  return events;
}

// A share that was made and had ended before is among them too: to forget it again costs nothing.
absl::StatusOr<std::vector<BulletinId>> RocksStore::EndedWith(const BulletinId& id) {
  ASSIGN_OR_RETURN(const BulletinValue value, FindBulletin(id));
  std::vector<BulletinId> ended;
  for (const Referral& referral : value.record.referrals) {
    if (!Ends(referral.effect)) continue;
    ended.push_back(referral.id);
    ASSIGN_OR_RETURN(const std::vector<BulletinId> shares, ReadShareRows(*database_, referral.id));
    ended.insert(ended.end(), shares.begin(), shares.end());
  }
  return ended;
}

absl::StatusOr<std::shared_ptr<const CommitEvent>> RocksStore::RebuildEvent(uint64_t commit) {
  ASSIGN_OR_RETURN(auto row, database_->Get(Column::kCommit, CommitKey(commit)));
  const std::optional<CommitValue> value = row.has_value() ? DecodeCommit(*row) : std::nullopt;
  if (!value.has_value()) {
    return database_->Damaged(absl::StrCat("commit ", commit, " is missing"));
  }
  CommitEvent event{.commit = commit,
                    .kind = value->kind,
                    .id = value->id,
                    .directory_version = value->directory_version,
                    .log_index = value->log_index};
  if (value->kind == CommitKind::kPublish) {
    ASSIGN_OR_RETURN(auto cursors, ReadRecipientCursors(*value->id));
    event.places.reserve(cursors.size());
    for (RecipientCursor& cursor : cursors) {
      event.places.push_back({std::move(cursor.member), cursor.seq});
    }
    ASSIGN_OR_RETURN(event.ended, EndedWith(*value->id));
  }
  return std::make_shared<const CommitEvent>(std::move(event));
}

}  // namespace shield::store
