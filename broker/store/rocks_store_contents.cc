// What many bulletins show, read at once: a reader that comes back is sent hundreds of them, and
// one pass over a column for all of them costs less than one for each.
#include "base/status.h"
#include "broker/store/rocks_store.h"
#include "broker/store/store_errors.h"
#include "broker/store/stored_rows.h"

namespace shield::store {
namespace {

std::vector<Digest> LeavesOf(const std::vector<RecipientValue>& rows, uint64_t recipients) {
  std::vector<Digest> leaves;
  leaves.reserve(recipients);
  for (uint64_t leaf = 0; leaf < recipients; ++leaf) leaves.push_back(rows[leaf].leaf);
  return leaves;
}

uint64_t HoldersOf(const BulletinValue& value) {
  return value.record.recipients + value.record.told;
}

bool ShowsPayload(const BulletinValue& value) {
  return value.record.state == BulletinState::kLive && PayloadIsWhole(value.record);
}

}  // namespace

absl::StatusOr<std::vector<BulletinContents>> RocksStore::ReadContents(
    std::span<const BulletinId> ids) {
  ASSIGN_OR_RETURN(std::vector<BulletinValue> values, FindEachStanding(ids));
  ASSIGN_OR_RETURN(std::vector<std::vector<Digest>> trees, ReadTrees(values));
  std::vector<Key> keys;
  for (const BulletinValue& value : values) {
    if (ShowsPayload(value)) keys.push_back(PayloadKey(value.upload, 0, 0));
  }
  ASSIGN_OR_RETURN(const RocksDatabase::Rows payloads, database_->GetEach(Column::kPayload, keys));
  std::vector<BulletinContents> contents;
  contents.reserve(values.size());
  size_t next = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    BulletinValue& value = values[i];
    Bytes payload;
    if (ShowsPayload(value)) {
      const std::optional<rocksdb::PinnableSlice>& row = payloads[next++];
      if (row.has_value() && row->size() == value.record.part_bytes[0]) {
        payload = ToBytes(AsBytes(AsView(*row)));
      } else {
        // Ended, and erased, since its row was read; or damaged.
        ASSIGN_OR_RETURN(std::optional<Bytes> again, ReadLiveChunk(value, 0, 0));
        if (!again.has_value()) {
          ASSIGN_OR_RETURN(value, FindStanding(ids[i]));
        }
        payload = std::move(again).value_or(Bytes());
      }
    }
    contents.push_back({std::move(value.record), std::move(trees[i]), std::move(payload)});
  }
  return contents;
}

absl::StatusOr<std::vector<BulletinValue>> RocksStore::FindEachStanding(
    std::span<const BulletinId> ids) {
  RETURN_IF_ERROR(Usable());
  std::vector<Key> keys;
  keys.reserve(ids.size());
  for (const BulletinId& id : ids) keys.push_back(BulletinKey(id));
  ASSIGN_OR_RETURN(const RocksDatabase::Rows rows, database_->GetEach(Column::kBulletin, keys));
  const uint64_t last = last_commit();
  std::vector<BulletinValue> values;
  values.reserve(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!rows[i].has_value()) return NoSuchBulletin(ids[i]);
    ASSIGN_OR_RETURN(BulletinValue value, BulletinOfRow(*database_, ids[i], AsView(*rows[i])));
    if (value.record.commit > last) return NoSuchBulletin(ids[i]);
    RETURN_IF_ERROR(AddStanding(*database_, value.record));
    values.push_back(std::move(value));
  }
  return values;
}

absl::StatusOr<std::vector<std::vector<Digest>>> RocksStore::ReadTrees(
    std::span<const BulletinValue> values) {
  std::vector<Key> keys;
  for (const BulletinValue& value : values) {
    if (HoldersOf(value) <= kRecipientsPerTile) keys.push_back(RecipientKey(value.record.id, 0));
  }
  ASSIGN_OR_RETURN(const RocksDatabase::Rows tiles, database_->GetEach(Column::kRecipient, keys));
  std::vector<std::vector<Digest>> trees;
  trees.reserve(values.size());
  size_t next = 0;
  for (const BulletinValue& value : values) {
    const uint64_t holders = HoldersOf(value);
    if (holders > kRecipientsPerTile) {
      ASSIGN_OR_RETURN(const auto rows, ReadRecipientRows(*database_, value.record.id, holders));
      trees.push_back(LeavesOf(rows, value.record.recipients));
      continue;
    }
    const std::optional<rocksdb::PinnableSlice>& tile = tiles[next++];
    const auto rows = tile.has_value() ? DecodeRecipients(AsView(*tile))
                                       : std::optional(std::vector<RecipientValue>());
    if (!rows.has_value()) return database_->Damaged("a recipient row cannot be read");
    RETURN_IF_ERROR(CheckHolders(*database_, value.record.id, rows->size(), holders));
    trees.push_back(LeavesOf(*rows, value.record.recipients));
  }
  return trees;
}

}  // namespace shield::store
