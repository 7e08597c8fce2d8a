// The outbox of state.db.
#include "client/state/outbox.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/state/entry_columns.h"
#include "client/state/state.h"

namespace shield {
namespace {

constexpr char kColumns[] =
    "SELECT draft, id, statement, openings, slots, payload, spool, begun, "
    "ifnull(acknowledge_by, 0), seal_keys, readers, orgs FROM outbox ";

absl::StatusOr<OutboxEntry> ReadRow(const SqlQuery& row) {
  const std::optional<Digest> draft = Digest::FromBytes(row.Blob(0));
  const std::optional<BulletinId> id = BulletinId::FromBytes(row.Blob(1));
  if (!draft.has_value() || !id.has_value()) {
    return absl::DataLossError("local state: a bulletin on its way has no id");
  }
  OutboxEntry entry{*draft, *id, row.Text(2), {}, row.Blob(4), row.Blob(5), {}, {}};
  ASSIGN_OR_RETURN(entry.openings, UnpackOpenings(row.Text(3)));
  entry.spool = absl::StrSplit(row.Text(6), '\n', absl::SkipEmpty());
  entry.begun = absl::FromUnixMillis(static_cast<int64_t>(row.Number(7)));
  if (row.Number(8) > 0) {
    entry.acknowledge_by = absl::FromUnixSeconds(static_cast<int64_t>(row.Number(8)));
  }
  entry.seal_keys = row.Blob(9);
  ASSIGN_OR_RETURN(entry.readers, UnpackMembers(row.Text(10)));
  ASSIGN_OR_RETURN(entry.orgs, UnpackOrgs(row.Text(11)));
  return entry;
}

absl::StatusOr<std::optional<OutboxEntry>> FindRow(SqlDatabase& database, const Digest& draft) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare(absl::StrCat(kColumns, "WHERE draft = ?")));
  ASSIGN_OR_RETURN(const bool row, query.Bind(draft.span()).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(OutboxEntry entry, ReadRow(query));
  return std::optional<OutboxEntry>(std::move(entry));
}

uint64_t SecondsOf(const std::optional<absl::Time>& time) {
  return time.has_value() ? static_cast<uint64_t>(absl::ToUnixSeconds(*time)) : 0;
}

absl::Status InsertRow(SqlDatabase& database, const OutboxEntry& entry) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("INSERT OR REPLACE INTO outbox VALUES "
                                    "(?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?)"));
  return query.Bind(entry.draft.span())
      .Bind(entry.id.span())
      .Bind(AsBytes(entry.statement))
      .Bind(AsBytes(PackOpenings(entry.openings)))
      .Bind(entry.slots)
      .Bind(entry.payload)
      .Bind(AsBytes(absl::StrJoin(entry.spool, "\n")))
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(entry.begun)))
      .Bind(SecondsOf(entry.acknowledge_by))
      .Bind(entry.seal_keys)
      .Bind(AsBytes(PackMembers(entry.readers)))
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

absl::StatusOr<std::vector<OutboxEntry>> ClientState::Outbox() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare(absl::StrCat(kColumns, "ORDER BY begun, draft")));
  std::vector<OutboxEntry> entries;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return entries;
    ASSIGN_OR_RETURN(OutboxEntry entry, ReadRow(query));
    entries.push_back(std::move(entry));
  }
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
