// Erases what has ended, a bounded part at a time: slots first, then payload and objects. Number,
// slot digest and chain hash of every entry stay, so that each inbox still adds up.
#include <algorithm>

#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/pending_group.h"
#include "broker/store/store_errors.h"
#include "broker/store/stored_rows.h"

namespace shield::store {
namespace {

uint64_t TotalOf(const std::vector<uint64_t>& part_bytes) {
  uint64_t total = 0;
  for (const uint64_t bytes : part_bytes) total += bytes;
  return total;
}

}  // namespace

absl::StatusOr<SweepReceipt> PendingGroup::Sweep(const SweepCommand& command) {
  if (batch_.Count() != 0) return absl::InternalError("a sweep goes alone in its group");
  const size_t most = std::min(command.max_rows, kMaxSweptRows);
  SweepReceipt receipt;
  ASSIGN_OR_RETURN(size_t used, ExpireDue(command.now, most));
  // What was found above is erased by the next one: its rows are not in the database yet.
  receipt.more = used > 0;
  auto visit = [&](absl::string_view key, absl::string_view row) -> absl::StatusOr<bool> {
    const std::optional<BulletinId> id = BulletinId::FromBytes(AsBytes(key.substr(1)));
    const std::optional<uint64_t> from = DecodeU64(row);
    if (!id.has_value() || !from.has_value()) {
      return database_.Damaged("a row of the erasures cannot be read");
    }
    if (used >= most) {
      receipt.more = true;
      return false;
    }
    ASSIGN_OR_RETURN(const size_t taken, Erase(*id, *from, receipt));
    used += taken;
    return true;
  };
  RETURN_IF_ERROR(
      database_.Scan(Column::kMeta, ErasurePrefix(), AfterPrefix(ErasurePrefix()), visit));
  // Erasing writes before it gives anything back.
  const absl::Status room = CheckRoom(0, room_.floor);
  if (room.ok()) return receipt;
  batch_.Clear();
  removals_.clear();
  return room;
}

absl::StatusOr<size_t> PendingGroup::ExpireDue(absl::Time now, size_t most) {
  const int64_t seconds = std::max<int64_t>(0, absl::ToUnixSeconds(now));
  Key end;
  PutU64(end, static_cast<uint64_t>(seconds) + 1);
  std::vector<std::pair<Key, BulletinId>> due;
  RETURN_IF_ERROR(database_.Scan(
      Column::kExpiry, "", end,
      [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
        const std::optional<BulletinId> id = key.size() == 8 + BulletinId::kSize
                                                 ? BulletinId::FromBytes(AsBytes(key.substr(8)))
                                                 : std::nullopt;
        if (!id.has_value()) return database_.Damaged("an expiry row cannot be read");
        due.emplace_back(key, *id);
        return due.size() < most;
      }));
  for (const auto& [key, id] : due) {
    Delete(Column::kExpiry, key);
    ASSIGN_OR_RETURN(std::optional<BulletinValue> value, ReadBulletinRow(database_, id));
    if (!value.has_value()) return database_.Damaged("an expiry row names an unknown bulletin");
    if (value->record.state != BulletinState::kLive) continue;  // it ended before
    value->record.state = BulletinState::kExpired;
    Put(Column::kBulletin, BulletinKey(id), EncodeBulletin(*value));
    Put(Column::kMeta, ErasureKey(id), EncodeU64(0));
  }
  return due.size();
}

// One tile of recipients, or what is left when there is none.
absl::StatusOr<size_t> PendingGroup::Erase(const BulletinId& id, uint64_t from,
                                           SweepReceipt& receipt) {
  ASSIGN_OR_RETURN(const std::optional<BulletinValue> value, ReadBulletinRow(database_, id));
  if (!value.has_value()) return database_.Damaged("an erasure names an unknown bulletin");
  size_t taken = 1;
  if (from < value->record.recipients) {
    ASSIGN_OR_RETURN(taken, EraseSlots(*value, from, receipt));
    from += taken;
  }
  if (from < value->record.recipients) {
    Put(Column::kMeta, ErasureKey(id), EncodeU64(from));
    receipt.more = true;
    return taken;
  }
  EraseChunks(*value);
  Delete(Column::kMeta, ErasureKey(id));
  ++receipt.bulletins;
  return taken;
}

absl::StatusOr<size_t> PendingGroup::EraseSlots(const BulletinValue& value, uint64_t from,
                                                SweepReceipt& receipt) {
  const auto number = static_cast<uint32_t>(from / kRecipientsPerTile);
  ASSIGN_OR_RETURN(auto tile,
                   database_.Get(Column::kRecipient, RecipientKey(value.record.id, number)));
  const auto rows = tile.has_value() ? DecodeRecipients(*tile) : std::nullopt;
  const uint64_t first = uint64_t{number} * kRecipientsPerTile;
  if (!rows.has_value() || first + rows->size() <= from) {
    return database_.Damaged("a recipient row is missing or cannot be read");
  }
  const uint64_t last = std::min<uint64_t>(first + rows->size(), value.record.recipients);
  for (uint64_t leaf = from; leaf < last; ++leaf) {
    const RecipientValue& row = (*rows)[leaf - first];
    ASSIGN_OR_RETURN(InboxEntry entry, ReadInboxRow(database_, row.member, row.seq));
    if (entry.slot.empty()) continue;
    entry.slot.clear();
    Put(Column::kInbox, InboxKey(row.member, row.seq), EncodeInboxEntry(entry));
    ++receipt.slots;
  }
  return static_cast<size_t>(last - from);
}

// A share's chunks are its original's, which erases them.
void PendingGroup::EraseChunks(const BulletinValue& value) {
  if (value.upload == 0 || FindShared(value.record.referrals) != nullptr) return;
  batch_
      .DeleteRange(database_.handle(Column::kPayload), PayloadKey(value.upload, 0, 0),
                   PayloadKey(value.upload + 1, 0, 0))
      .PermitUncheckedError();
  removals_.push_back({value.upload, TotalOf(value.record.part_bytes)});
  erased_uploads_ = std::max(erased_uploads_, value.upload + 1);
  Put(Column::kMeta, UploadsErasedKey(), EncodeU64(erased_uploads_));
}

}  // namespace shield::store
