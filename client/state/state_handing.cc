// What of state.db the application has had, and what of that it had closed.
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/state.h"

namespace shield {

absl::Status ClientState::AdvanceMarkLocked(absl::string_view mark, uint64_t seq) {
  ASSIGN_OR_RETURN(const InboxCursor position, PositionLocked());
  if (seq > position.size) {
    return WithRule(absl::FailedPreconditionError(absl::StrCat(
                        "inbox entry ", seq, " cannot be passed: only ", position.size, " came")),
                    "CURSOR_AHEAD");
  }
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat("UPDATE position SET ", mark,
                                                                  " = max(", mark, ", ?)")));
  return query.Bind(seq).Run();
}

// Lost, it is handed over once more, as when the process ends right after the handler.
absl::Status ClientState::SetHanded(const KeptEntry& entry, std::optional<absl::Time> opens_from,
                                    const std::optional<DueReceipt>& opened) {
  MutexLock lock(mutex_);
  const uint64_t seq = entry.delivered.seq;
  ASSIGN_OR_RETURN(SqlTransaction transaction,
                   SqlTransaction::Begin(database_, Durability::kLater));
  ASSIGN_OR_RETURN(const std::optional<Digest> stored, ChainHashLocked(seq));
  if (stored != entry.chain_hash) {
    return absl::AbortedError(absl::StrCat("local state: inbox entry ", seq,
                                           " was cut back by another process while it was handed"));
  }
  RETURN_IF_ERROR(AdvanceMarkLocked("handed", seq));
  if (opens_from.has_value()) {
    ASSIGN_OR_RETURN(SqlQuery query,
                     database_.Prepare("UPDATE entry SET opens_from = ? WHERE seq = ?"));
    query.Bind(static_cast<uint64_t>(absl::ToUnixMillis(*opens_from))).Bind(seq);
    RETURN_IF_ERROR(query.Run());
  }
  if (opened.has_value()) RETURN_IF_ERROR(NoteReceiptLocked(*opened));
  return transaction.Commit();
}

absl::Status ClientState::SetAcknowledged(uint64_t seq) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  RETURN_IF_ERROR(AdvanceMarkLocked("acknowledged", seq));
  return transaction.Commit();
}

absl::StatusOr<std::vector<uint64_t>> ClientState::Waiting(uint64_t after, absl::Time now,
                                                           uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT seq FROM entry WHERE opens_from IS NOT NULL AND "
                                     "seq > ? AND opens_from <= ? ORDER BY seq LIMIT ?"));
  query.Bind(after).Bind(static_cast<uint64_t>(absl::ToUnixMillis(now))).Bind(max);
  std::vector<uint64_t> numbers;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return numbers;
    numbers.push_back(query.Number(0));
  }
}

absl::StatusOr<bool> ClientState::IsWaiting(uint64_t seq) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("SELECT 1 FROM entry WHERE seq = ? AND opens_from IS NOT NULL"));
  return query.Bind(seq).Step();
}

absl::Status ClientState::EndWaiting(const KeptEntry& entry,
                                     const std::optional<DueReceipt>& opened) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("UPDATE entry SET opens_from = NULL WHERE seq = ? AND chain_hash = ?"));
  RETURN_IF_ERROR(query.Bind(entry.delivered.seq).Bind(entry.chain_hash.span()).Run());
  if (opened.has_value()) RETURN_IF_ERROR(NoteReceiptLocked(*opened));
  return transaction.Commit();
}

}  // namespace shield
