// Reads single rows as values, for the committing side and for readers alike. A row that cannot be
// read, or is not there although it must be, is DATA_LOSS and trips the database's latch: whoever
// met it first, nothing goes on as if nothing had been seen.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/store/commands.h"
#include "broker/store/rocks_database.h"
#include "broker/store/store_values.h"

namespace shield::store {

// A bulletin's row, nothing when the id is unused; DATA_LOSS when it cannot be read.
absl::StatusOr<std::optional<BulletinValue>> ReadBulletinRow(
    RocksDatabase& database, const BulletinId& id, const rocksdb::Snapshot* snapshot = nullptr);

// The same of a row that was read already.
absl::StatusOr<BulletinValue> BulletinOfRow(RocksDatabase& database, const BulletinId& id,
                                            absl::string_view row);

// What became of a bulletin since its own row was written: a share ends with its original; of one
// that was ended, the statement that did it.
absl::Status AddStanding(RocksDatabase& database, BulletinRecord& record);

// The stored receipt if `value` is exactly this request, else ID_TAKEN.
absl::StatusOr<PublishReceipt> ReplayReceipt(const BulletinValue& value, const MemberId& sender,
                                             const Digest& request_hash);

// All holders of a bulletin: its recipients in the order of their tree, then those who were told
// with it of what it ended. `holders` is how many there must be.
absl::StatusOr<std::vector<RecipientValue>> ReadRecipientRows(
    RocksDatabase& database, const BulletinId& id, uint64_t holders,
    const rocksdb::Snapshot* snapshot = nullptr);

// OK when a bulletin has as many rows of recipients as it has holders.
absl::Status CheckHolders(RocksDatabase& database, const BulletinId& id, uint64_t rows,
                          uint64_t holders);

// The member, state and value of a row of column receipt; nothing when it cannot be read.
struct ReceiptRow {
  MemberNumber member;
  uint8_t state = 0;
  ReceiptValue value;
};
std::optional<ReceiptRow> ReadReceiptRow(absl::string_view key, absl::string_view row);

// The bulletins that share this one, ascending by id.
absl::StatusOr<std::vector<BulletinId>> ReadShareRows(RocksDatabase& database,
                                                      const BulletinId& original);

// One inbox entry, which must exist.
absl::StatusOr<InboxEntry> ReadInboxRow(RocksDatabase& database, MemberNumber number, uint64_t seq);

// The chain hash of an entry that exists; of seq 0 the genesis.
absl::StatusOr<Digest> ReadEntryHash(RocksDatabase& database, const MemberId& member,
                                     MemberNumber number, uint64_t seq);

}  // namespace shield::store
