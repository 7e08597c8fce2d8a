// What of state.db this member has to say about bulletins it was sent.
#include "base/status.h"
#include "client/state/state.h"

namespace shield {
namespace {

void BindKey(SqlQuery& query, const DueReceipt& receipt) {
  query.Bind(receipt.id.span())
      .Bind(receipt.text_digest.span())
      .Bind(static_cast<uint64_t>(receipt.state));
}

absl::StatusOr<DueReceipt> ReadReceipt(const SqlQuery& row) {
  const std::optional<BulletinId> id = BulletinId::FromBytes(row.Blob(0));
  const std::optional<Digest> digest = Digest::FromBytes(row.Blob(1));
  if (!id.has_value() || !digest.has_value()) {
    return absl::DataLossError("local state: a receipt is about no bulletin");
  }
  return DueReceipt{*id, *digest, static_cast<ReceiptState>(row.Number(2)),
                    absl::FromUnixSeconds(static_cast<int64_t>(row.Number(3)))};
}

}  // namespace

// A store that was set back has lost the receipts that came after its backup. What has ended has
// lost its slot.
absl::Status ClientState::MakeReceiptsDueLocked() {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("UPDATE receipt SET due = 1, tries = 0 WHERE due = 0 AND id IN "
                        "(SELECT id FROM entry WHERE finding = 0 AND slot <> x'')"));
  return query.Run();
}

absl::Status ClientState::NoteReceiptLocked(const DueReceipt& receipt) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("INSERT OR IGNORE INTO receipt VALUES (?, ?, ?, ?, 1, 0)"));
  BindKey(query, receipt);
  return query.Bind(static_cast<uint64_t>(absl::ToUnixSeconds(receipt.time))).Run();
}

// An entry that held and can be opened; what came as a tombstone, or without a slot, is none.
absl::Status ClientState::NoteDeliveryLocked(const KeptEntry& entry, const EntryEffects& effects) {
  const bool delivered =
      entry.finding == Finding::kHeld && effects.seen.has_value() && !entry.delivered.slot.empty();
  if (!delivered) return absl::OkStatus();
  // Of an entry that was cut back and comes again, what the broker has taken is lost to it too.
  ASSIGN_OR_RETURN(SqlQuery again, database_.Prepare("UPDATE receipt SET due = 1, tries = 0 WHERE "
                                                     "id = ? AND digest = ?"));
  RETURN_IF_ERROR(again.Bind(effects.seen->id.span()).Bind(effects.seen->text_digest.span()).Run());
  return NoteReceiptLocked(
      {effects.seen->id, effects.seen->text_digest, ReceiptState::kDelivered, entry.checked});
}

absl::Status ClientState::NoteReceipt(const DueReceipt& receipt, Durability durability) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_, durability));
  RETURN_IF_ERROR(NoteReceiptLocked(receipt));
  if (durability == Durability::kLater) RETURN_IF_ERROR(SayDurableLocked(durability));
  return transaction.Commit();
}

absl::Status ClientState::RenewReceipt(const DueReceipt& receipt) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  RETURN_IF_ERROR(NoteReceiptLocked(receipt));
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE receipt SET due = 1, tries = 0 WHERE due = 0 AND id = "
                                     "? AND digest = ? AND state = ?"));
  BindKey(query, receipt);
  RETURN_IF_ERROR(query.Run());
  return transaction.Commit();
}

absl::StatusOr<std::vector<DueReceipt>> ClientState::DueReceipts(uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT id, digest, state, time FROM receipt WHERE due = 1 "
                                     "ORDER BY tries, time, id, state LIMIT ?"));
  query.Bind(max);
  std::vector<DueReceipt> receipts;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return receipts;
    ASSIGN_OR_RETURN(DueReceipt receipt, ReadReceipt(query));
    receipts.push_back(receipt);
  }
}

// Lost, they are sent once more, and the broker has them already.
absl::Status ClientState::SettleReceipts(std::span<const DueReceipt> receipts) {
  if (receipts.empty()) return absl::OkStatus();
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction,
                   SqlTransaction::Begin(database_, Durability::kLater));
  for (const DueReceipt& receipt : receipts) {
    ASSIGN_OR_RETURN(
        SqlQuery query,
        database_.Prepare("UPDATE receipt SET due = 0 WHERE id = ? AND digest = ? AND state = ?"));
    BindKey(query, receipt);
    RETURN_IF_ERROR(query.Run());
  }
  return transaction.Commit();
}

absl::Status ClientState::PutOffReceipt(const DueReceipt& receipt) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE receipt SET tries = tries + 1 WHERE id = ? AND "
                                     "digest = ? AND state = ?"));
  BindKey(query, receipt);
  return query.Run();
}

absl::StatusOr<std::optional<absl::Time>> ClientState::FindReceipt(const BulletinId& id,
                                                                   ReceiptState state) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT time FROM receipt WHERE id = ? AND state = ? "
                                     "ORDER BY time LIMIT 1"));
  query.Bind(id.span()).Bind(static_cast<uint64_t>(state));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return std::nullopt;
  return std::make_optional(absl::FromUnixSeconds(static_cast<int64_t>(query.Number(0))));
}

}  // namespace shield
