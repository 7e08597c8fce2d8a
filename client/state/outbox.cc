// The outbox of state.db.
#include "client/state/outbox.h"

#include <utility>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/state/entry_columns.h"
#include "client/state/state.h"

namespace shield {
namespace {

absl::StatusOr<std::optional<OutboxEntry>> FindRow(SqlDatabase& database, const Digest& draft) {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database.Prepare(
          "SELECT id, statement, openings, slots, payload, spool, begun, seal_keys, orgs "
          "FROM outbox WHERE draft = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(draft.span()).Step());
  if (!row) return std::nullopt;
  const std::optional<BulletinId> id = BulletinId::FromBytes(query.Blob(0));
  if (!id.has_value()) return absl::DataLossError("local state: a bulletin on its way has no id");
  OutboxEntry entry{draft, *id, query.Text(1), {}, query.Blob(3), query.Blob(4), {}, {}};
  ASSIGN_OR_RETURN(entry.openings, UnpackOpenings(query.Text(2)));
  entry.spool = absl::StrSplit(query.Text(5), '\n', absl::SkipEmpty());
  entry.begun = absl::FromUnixMillis(static_cast<int64_t>(query.Number(6)));
  entry.seal_keys = query.Blob(7);
  ASSIGN_OR_RETURN(entry.orgs, UnpackOrgs(query.Text(8)));
  return std::optional<OutboxEntry>(std::move(entry));
}

absl::Status InsertRow(SqlDatabase& database, const OutboxEntry& entry) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare("INSERT OR REPLACE INTO outbox VALUES "
                                                    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  return query.Bind(entry.draft.span())
      .Bind(entry.id.span())
      .Bind(AsBytes(entry.statement))
      .Bind(AsBytes(PackOpenings(entry.openings)))
      .Bind(entry.slots)
      .Bind(entry.payload)
      .Bind(AsBytes(absl::StrJoin(entry.spool, "\n")))
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(entry.begun)))
      .Bind(entry.seal_keys)
      .Bind(PackOrgs(entry.orgs))
      .Run();
}

absl::Status MakeRoom(SqlDatabase& database) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("DELETE FROM outbox WHERE draft IN (SELECT draft FROM outbox "
                                    "ORDER BY begun DESC, draft LIMIT -1 OFFSET ?)"));
  return query.Bind(uint64_t{kMaxOutboxEntries - 1}).Run();
}

}  // namespace

absl::StatusOr<OutboxEntry> ClientState::PutOutbox(const OutboxEntry& entry,
                                                   absl::string_view replaced_statement) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(std::optional<OutboxEntry> held, FindRow(database_, entry.draft));
  if (held.has_value() && held->statement != replaced_statement) return *std::move(held);
  if (!held.has_value()) RETURN_IF_ERROR(MakeRoom(database_));
  RETURN_IF_ERROR(InsertRow(database_, entry));
  RETURN_IF_ERROR(transaction.Commit());
  return entry;
}

absl::StatusOr<std::optional<OutboxEntry>> ClientState::FindOutbox(const Digest& draft) {
  MutexLock lock(mutex_);
  return FindRow(database_, draft);
}

absl::Status ClientState::RemoveOutbox(const OutboxEntry& entry) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("DELETE FROM outbox WHERE draft = ? AND statement = ?"));
  return query.Bind(entry.draft.span()).Bind(AsBytes(entry.statement)).Run();
}

absl::Status ClientState::ForgetOutbox(absl::Time begun_before) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("DELETE FROM outbox WHERE begun < ?"));
  return query.Bind(static_cast<uint64_t>(absl::ToUnixMillis(begun_before))).Run();
}

absl::StatusOr<std::set<std::string>> ClientState::SpoolInUse() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT spool FROM outbox"));
  std::set<std::string> names;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return names;
    for (const absl::string_view name : absl::StrSplit(query.Text(0), '\n', absl::SkipEmpty())) {
      names.emplace(name);
    }
  }
}

}  // namespace shield
