// What state.db makes of a broker that was restored, when the authority says that this is known.
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "client/state/entry_row.h"
#include "client/state/state.h"

namespace shield {
namespace {

// SHA-256 of nothing: the slot of an entry that only tells of an ending.
constexpr absl::string_view kNoSlot =
    "x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'";

}  // namespace

absl::StatusOr<InboxLog> ClientState::FollowedLogLocked() {
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT key, since FROM followed"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return InboxLog{};
  return InboxLog{query.Text(0), absl::FromUnixSeconds(static_cast<int64_t>(query.Number(1)))};
}

absl::StatusOr<InboxLog> ClientState::FollowedLog() {
  MutexLock lock(mutex_);
  return FollowedLogLocked();
}

absl::Status ClientState::FollowLocked(const InboxLog& log) {
  const auto since = static_cast<uint64_t>(absl::ToUnixSeconds(log.since));
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("INSERT OR REPLACE INTO followed VALUES (1, ?, ?)"));
  RETURN_IF_ERROR(query.Bind(log.key).Bind(since).Run());
  // What this home published before is known to be lost, or was proven: no log is asked for it. A
  // directory's time is a whole second, and what was published within it may be lost too.
  ASSIGN_OR_RETURN(
      SqlQuery lost,
      database_.Prepare("DELETE FROM unlogged WHERE id IN "
                        "(SELECT id FROM publication WHERE published < (? + 1) * 1000)"));
  return lost.Bind(since).Run();
}

absl::Status ClientState::SetFollowedLog(const InboxLog& log) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  RETURN_IF_ERROR(FollowLocked(log));
  return transaction.Commit();
}

// Of what was set aside before, what does not hold gives way to the entry of its id that does and
// is carried now: the row below would be left out for it, and its content would go with the entry.
absl::Status ClientState::GiveWayLocked(uint64_t after) {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat("DELETE FROM carried WHERE finding <> 0 AND id IN (SELECT id ",
                                     "FROM entry WHERE seq > ? AND finding = 0 AND slot_hash <> ",
                                     kNoSlot, ")")));
  return query.Bind(after).Run();
}

// What only told of an ending is kept with what it ended. What was closed for now may open, or end
// something, yet.
absl::Status ClientState::CarryLocked(uint64_t after, uint64_t handed) {
  const std::string columns(absl::StripPrefix(kEntryColumns, "seq, "));
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat(
          "INSERT OR IGNORE INTO carried (seq, ", columns, ", opens_from, handed) SELECT 0, ",
          columns, ", ifnull(opens_from, 0), CASE WHEN seq > ?2 THEN 0 WHEN opens_from IS NULL ",
          "THEN 1 ELSE 2 END FROM entry WHERE seq > ?1 AND finding <> 2 AND id IS NOT NULL AND ",
          "(finding = 1 OR slot_hash <> ", kNoSlot, ") ORDER BY finding, seq")));
  return query.Bind(after).Bind(handed).Run();
}

absl::Status ClientState::SetAsideLocked(uint64_t after) {
  ASSIGN_OR_RETURN(SqlQuery heads, database_.Prepare("DELETE FROM head WHERE seq > ?"));
  RETURN_IF_ERROR(heads.Bind(after).Run());
  ASSIGN_OR_RETURN(const InboxCursor position, PositionLocked());
  if (position.size <= after) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Digest> hash, ChainHashLocked(after));
  RETURN_IF_ERROR(GiveWayLocked(after));
  RETURN_IF_ERROR(CarryLocked(after, position.handed));
  ASSIGN_OR_RETURN(SqlQuery rows, database_.Prepare("DELETE FROM entry WHERE seq > ?"));
  RETURN_IF_ERROR(rows.Bind(after).Run());
  ASSIGN_OR_RETURN(SqlQuery cursors,
                   database_.Prepare("UPDATE position SET size = ?1, head = ?2, confirmed = "
                                     "min(confirmed, ?1), handed = min(handed, ?1), "
                                     "acknowledged = min(acknowledged, ?1)"));
  cursors.Bind(after).Bind(hash.has_value() ? hash->span() : ByteSpan());
  RETURN_IF_ERROR(cursors.Run());
  ASSIGN_OR_RETURN(SqlQuery logged, database_.Prepare("UPDATE logged SET seq = min(seq, ?)"));
  return logged.Bind(after).Run();
}

absl::StatusOr<bool> ClientState::SetAside(uint64_t after, const InboxLog& log) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const InboxLog followed, FollowedLogLocked());
  if (followed.key == log.key) return false;
  RETURN_IF_ERROR(SetAsideLocked(after));
  RETURN_IF_ERROR(FollowLocked(log));
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

}  // namespace shield
