#include "broker/store/stored_rows.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store_errors.h"
#include "policy/proof/inbox_chain.h"

namespace shield::store {

absl::StatusOr<std::optional<BulletinValue>> ReadBulletinRow(RocksDatabase& database,
                                                             const BulletinId& id,
                                                             const rocksdb::Snapshot* snapshot) {
  ASSIGN_OR_RETURN(auto row, database.Get(Column::kBulletin, BulletinKey(id), snapshot));
  if (!row.has_value()) return std::nullopt;
  return BulletinOfRow(database, id, *row);
}

absl::StatusOr<BulletinValue> BulletinOfRow(RocksDatabase& database, const BulletinId& id,
                                            absl::string_view row) {
  std::optional<BulletinValue> value = DecodeBulletin(id, row);
  if (!value.has_value()) {
    return database.Damaged(absl::StrCat("the row of bulletin `", id.ToHex(), "` cannot be read"));
  }
  return *std::move(value);
}

absl::Status AddStanding(RocksDatabase& database, BulletinRecord& record) {
  const BulletinId* original = FindShared(record.referrals);
  if (original != nullptr && record.state == BulletinState::kLive) {
    ASSIGN_OR_RETURN(const auto value, ReadBulletinRow(database, *original));
    if (!value.has_value()) return database.Damaged("the original of a share is not there");
    record.state = value->record.state;
    record.ended_by = value->record.ended_by;
  }
  if (!record.ended_by.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto ending, ReadBulletinRow(database, *record.ended_by));
  if (!ending.has_value()) {
    return database.Damaged(
        absl::StrCat("what ended bulletin `", record.id.ToHex(), "` is not there"));
  }
  record.ending = std::move(ending->record.statement);
  return absl::OkStatus();
}

absl::StatusOr<PublishReceipt> ReplayReceipt(const BulletinValue& value, const MemberId& sender,
                                             const Digest& request_hash) {
  if (value.record.sender != sender || value.request_hash != request_hash) {
    return IdTaken(value.record.id);
  }
  return PublishReceipt{.commit = value.record.commit,
                        .log_index = value.record.log_index,
                        .directory_version = value.record.directory_version,
                        .recipients = value.record.recipients,
                        .told = value.record.told,
                        .replayed = true,
                        .warnings = value.warnings};
}

absl::StatusOr<std::vector<RecipientValue>> ReadRecipientRows(RocksDatabase& database,
                                                              const BulletinId& id,
                                                              uint64_t holders,
                                                              const rocksdb::Snapshot* snapshot) {
  std::vector<RecipientValue> values;
  values.reserve(holders);
  const std::string prefix = BulletinKey(id);
  std::string after = RecipientKey(id, UINT32_MAX);
  RETURN_IF_ERROR(database.Scan(
      Column::kRecipient, prefix, after,
      [&database, &values](absl::string_view, absl::string_view tile) -> absl::StatusOr<bool> {
        const std::optional<std::vector<RecipientValue>> some = DecodeRecipients(tile);
        if (!some.has_value()) return database.Damaged("a recipient row cannot be read");
        values.insert(values.end(), some->begin(), some->end());
        return true;
      },
      snapshot));
  RETURN_IF_ERROR(CheckHolders(database, id, values.size(), holders));
  return values;
}

absl::Status CheckHolders(RocksDatabase& database, const BulletinId& id, uint64_t rows,
                          uint64_t holders) {
  if (rows == holders) return absl::OkStatus();
  return database.Damaged(absl::StrCat("bulletin `", id.ToHex(), "` has ", rows,
                                       " recipient rows, but ", holders, " holders"));
}

std::optional<ReceiptRow> ReadReceiptRow(absl::string_view key, absl::string_view row) {
  constexpr size_t kKeyBytes = BulletinId::kSize + 4 + 1;
  std::optional<ReceiptValue> value = DecodeReceipt(row);
  if (key.size() != kKeyBytes || !value.has_value()) return std::nullopt;
  ReceiptRow receipt{{ReadU32(AsBytes(key.substr(BulletinId::kSize)))},
                     static_cast<uint8_t>(key.back()),
                     *std::move(value)};
  if (receipt.state == 0 || receipt.state > kMaxReceiptState) return std::nullopt;
  return receipt;
}

absl::StatusOr<std::vector<BulletinId>> ReadShareRows(RocksDatabase& database,
                                                      const BulletinId& original) {
  std::vector<BulletinId> shares;
  const Key prefix = SharePrefix(original);
  RETURN_IF_ERROR(
      database.Scan(Column::kMeta, prefix, AfterPrefix(prefix),
                    [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
                      const std::optional<BulletinId> share =
                          BulletinId::FromBytes(AsBytes(key.substr(prefix.size())));
                      if (!share.has_value())
                        return database.Damaged("a row of a share cannot be read");
                      shares.push_back(*share);
                      return true;
                    }));
  return shares;
}

absl::StatusOr<InboxEntry> ReadInboxRow(RocksDatabase& database, MemberNumber number,
                                        uint64_t seq) {
  ASSIGN_OR_RETURN(auto row, database.Get(Column::kInbox, InboxKey(number, seq)));
  std::optional<InboxEntry> entry = row.has_value() ? DecodeInboxEntry(seq, *row) : std::nullopt;
  if (!entry.has_value()) {
    return database.Damaged(absl::StrCat("inbox entry ", seq, " of member ", number.value,
                                         " is missing or cannot be read"));
  }
  return *std::move(entry);
}

absl::StatusOr<Digest> ReadEntryHash(RocksDatabase& database, const MemberId& member,
                                     MemberNumber number, uint64_t seq) {
  if (seq == 0) return InboxGenesis(member);
  ASSIGN_OR_RETURN(const InboxEntry entry, ReadInboxRow(database, number, seq));
  return entry.chain_hash;
}

}  // namespace shield::store
