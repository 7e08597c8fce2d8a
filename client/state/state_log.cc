// What state.db remembers of the transparency log: its checkpoints, and what it was seen to hold.
#include <utility>

#include "base/status.h"
#include "client/state/state.h"

namespace shield {
namespace {

KeptCheckpoint ReadCheckpoint(const SqlQuery& row) {
  return {row.Text(0), row.Number(1), Digest::FromBytes(row.Blob(2)).value_or(Digest{}),
          row.Text(3)};
}

uint64_t Millis(absl::Time time) { return static_cast<uint64_t>(absl::ToUnixMillis(time)); }

absl::Time AtMillis(uint64_t millis) { return absl::FromUnixMillis(static_cast<int64_t>(millis)); }

absl::StatusOr<std::optional<KeptCheckpoint>> Newest(SqlDatabase& database,
                                                     absl::string_view log_key) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("SELECT log_key, size, root, note FROM checkpoint WHERE "
                                    "log_key = ? ORDER BY size DESC LIMIT 1"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(log_key).Step());
  if (!row) return std::nullopt;
  return std::optional<KeptCheckpoint>(ReadCheckpoint(query));
}

}  // namespace

absl::StatusOr<std::optional<KeptCheckpoint>> ClientState::NewestCheckpoint(
    absl::string_view log_key) {
  MutexLock lock(mutex_);
  return Newest(database_, log_key);
}

absl::StatusOr<std::vector<KeptCheckpoint>> ClientState::Checkpoints() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT log_key, size, root, note FROM "
                                                     "checkpoint ORDER BY log_key, size"));
  std::vector<KeptCheckpoint> checkpoints;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return checkpoints;
    checkpoints.push_back(ReadCheckpoint(query));
  }
}

absl::StatusOr<bool> ClientState::StoreCheckpoint(const KeptCheckpoint& checkpoint,
                                                  uint64_t proven_from) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const std::optional<KeptCheckpoint> held, Newest(database_, checkpoint.log_key));
  if ((held.has_value() ? held->size : 0) != proven_from) return false;
  ASSIGN_OR_RETURN(SqlQuery insert,
                   database_.Prepare("INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)"));
  RETURN_IF_ERROR(insert.Bind(checkpoint.log_key)
                      .Bind(checkpoint.size)
                      .Bind(checkpoint.root.span())
                      .Bind(AsBytes(checkpoint.note))
                      .Run());
  ASSIGN_OR_RETURN(
      SqlQuery forget,
      database_.Prepare("DELETE FROM checkpoint WHERE log_key = ?1 AND size NOT IN (SELECT size "
                        "FROM checkpoint WHERE log_key = ?1 ORDER BY size DESC LIMIT ?2)"));
  RETURN_IF_ERROR(forget.Bind(checkpoint.log_key).Bind(kMaxCheckpoints).Run());
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::StatusOr<std::vector<LoggedStatement>> ClientState::Unlogged(uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT seq, statement, log_index FROM entry WHERE seq > "
                                     "(SELECT seq FROM logged) AND seq <= (SELECT confirmed FROM "
                                     "position) AND finding <> 2 ORDER BY seq LIMIT ?"));
  query.Bind(max);
  std::vector<LoggedStatement> statements;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return statements;
    statements.push_back({query.Number(0), std::nullopt, query.Text(1), query.Number(2)});
  }
}

absl::Status ClientState::SetLogged(uint64_t seq) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("UPDATE logged SET seq = max(seq, ?)"));
  return query.Bind(seq).Run();
}

absl::StatusOr<std::vector<LoggedStatement>> ClientState::UnloggedPublications(uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT id, statement, log_index FROM publication JOIN "
                                     "unlogged USING (id) ORDER BY log_index LIMIT ?"));
  query.Bind(max);
  std::vector<LoggedStatement> statements;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return statements;
    statements.push_back({0, BulletinId::FromBytes(query.Blob(0)), query.Text(1), query.Number(2)});
  }
}

absl::Status ClientState::SetPublicationLogged(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("DELETE FROM unlogged WHERE id = ?"));
  return query.Bind(id.span()).Run();
}

absl::Status ClientState::NoteWitnessed(absl::string_view log_key, uint64_t size, absl::Time time) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("INSERT INTO witnessed VALUES (?, NULL, ?, ?) ON CONFLICT "
                                     "(log_key) DO UPDATE SET time = max(ifnull(time, 0), "
                                     "excluded.time), size = max(size, excluded.size)"));
  return query.Bind(log_key).Bind(Millis(time)).Bind(size).Run();
}

absl::StatusOr<QuorumSeen> ClientState::KnowQuorum(absl::string_view log_key, absl::Time now) {
  MutexLock lock(mutex_);
  // A clock that was ahead when it was noted must not put the end of the first day off.
  ASSIGN_OR_RETURN(SqlQuery note,
                   database_.Prepare("INSERT INTO witnessed VALUES (?1, ?2, NULL, 0) ON CONFLICT "
                                     "(log_key) DO UPDATE SET known = min(ifnull(known, ?2), ?2) "
                                     "WHERE known IS NULL OR known > ?2"));
  RETURN_IF_ERROR(note.Bind(log_key).Bind(Millis(now)).Run());
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT known, time IS NOT NULL, ifnull(time, 0), size FROM "
                                     "witnessed WHERE log_key = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(log_key).Step());
  if (!row) return absl::InternalError("local state: what was noted of witnesses is not there");
  QuorumSeen seen;
  seen.known = AtMillis(query.Number(0));
  if (query.Number(1) != 0) seen.witnessed = AtMillis(query.Number(2));
  seen.size = query.Number(3);
  return seen;
}

absl::Status ClientState::NoteHeldSize(absl::string_view log_key, uint64_t size, absl::Time now) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery note,
                   database_.Prepare("INSERT OR IGNORE INTO held_size SELECT ?1, ?2, ?3 WHERE NOT "
                                     "EXISTS (SELECT 1 FROM held_size WHERE log_key = ?1 AND seen "
                                     "> ?4 AND seen <= ?2)"));
  RETURN_IF_ERROR(
      note.Bind(log_key).Bind(Millis(now)).Bind(size).Bind(Millis(now - kHeldStep)).Run());
  ASSIGN_OR_RETURN(SqlQuery forget, database_.Prepare("DELETE FROM held_size WHERE log_key = ?1 "
                                                      "AND seen < (SELECT max(seen) FROM held_size "
                                                      "WHERE log_key = ?1 AND seen <= ?2)"));
  return forget.Bind(log_key).Bind(Millis(now - absl::Hours(24))).Run();
}

absl::StatusOr<uint64_t> ClientState::HeldSizeAt(absl::string_view log_key, absl::Time time) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT ifnull(max(size), 0) FROM held_size WHERE log_key = ? "
                                     "AND seen <= ?"));
  RETURN_IF_ERROR(query.Bind(log_key).Bind(Millis(time)).Step().status());
  return query.Number(0);
}

absl::StatusOr<LogSilence> ClientState::NoteLogUnanswered(absl::Time now) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery note,
                   database_.Prepare("INSERT INTO unanswered VALUES (1, ?1, ?1, 1) ON CONFLICT "
                                     "(one) DO UPDATE SET counted = ?1, failures = failures + 1 "
                                     "WHERE counted <= ?2"));
  RETURN_IF_ERROR(note.Bind(Millis(now)).Bind(Millis(now - kSilenceStep)).Run());
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT since, failures FROM unanswered"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return absl::InternalError("local state: what was noted of the log is not there");
  return LogSilence{AtMillis(query.Number(0)), query.Number(1)};
}

absl::Status ClientState::ForgetLogUnanswered() {
  MutexLock lock(mutex_);
  return database_.Execute("DELETE FROM unanswered");
}

}  // namespace shield
