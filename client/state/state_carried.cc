// What of state.db came in folders (docs/spec/carriage.md).
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/entry_row.h"
#include "client/state/state.h"

namespace shield {
namespace {

// The same statement came from the broker.
constexpr absl::string_view kSameEntry =
    "(SELECT 1 FROM entry WHERE entry.id = carried.id AND entry.statement = carried.statement";

absl::Status MovedMeanwhile() {
  return absl::AbortedError("local state: another process has stored something that counts here");
}

absl::StatusOr<bool> IsStored(SqlDatabase& database, const KeptEntry& entry) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare("SELECT 1 FROM carried WHERE id = ?"));
  return query.Bind(entry.id->span()).Step();
}

absl::StatusOr<KeptEntry> ReadCarried(const SqlQuery& row) {
  ASSIGN_OR_RETURN(KeptEntry entry, ReadEntry(row));
  entry.carried = true;
  return entry;
}

}  // namespace

absl::StatusOr<bool> ClientState::StoreCarried(const KeptEntry& entry, const EntryEffects& effects,
                                               const std::optional<KeptDirectory>& directory,
                                               uint64_t newest_version) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const uint64_t newest, NewestVersionLocked());
  if (newest != newest_version) return MovedMeanwhile();
  ASSIGN_OR_RETURN(const uint64_t endings, CountEndingsLocked(effects.weighed));
  if (endings != effects.endings_weighed) return MovedMeanwhile();
  ASSIGN_OR_RETURN(const bool stored, IsStored(database_, entry));
  if (stored) return false;
  if (directory.has_value()) RETURN_IF_ERROR(WriteDirectoryLocked(*directory));
  RETURN_IF_ERROR(InsertCarried(database_, entry, entry.opens_from));
  RETURN_IF_ERROR(ApplyEffects(effects, entry.delivered.statement));
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::StatusOr<std::vector<KeptEntry>> ClientState::Carried() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat(
                                       "SELECT ", kEntryColumns, " FROM carried WHERE NOT EXISTS ",
                                       kSameEntry, " AND entry.finding = 0) ORDER BY number")));
  std::vector<KeptEntry> entries;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return entries;
    ASSIGN_OR_RETURN(KeptEntry entry, ReadCarried(query));
    entries.push_back(std::move(entry));
  }
}

absl::StatusOr<std::optional<KeptEntry>> ClientState::NextCarriedToHand(absl::Time now) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat(
                                       "SELECT ", kEntryColumns, " FROM carried WHERE handed = 0 ",
                                       "AND opens_from <= ? AND NOT EXISTS ", kSameEntry,
                                       ") ORDER BY number LIMIT 1")));
  query.Bind(static_cast<uint64_t>(absl::ToUnixMillis(now)));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(KeptEntry entry, ReadCarried(query));
  return std::optional<KeptEntry>(std::move(entry));
}

absl::Status ClientState::SetCarriedHanded(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("UPDATE carried SET handed = 1 WHERE id = ?"));
  return query.Bind(id.span()).Run();
}

absl::StatusOr<bool> ClientState::WasHandedCarried(const BulletinId& id,
                                                   absl::string_view statement) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("SELECT 1 FROM carried WHERE id = ? AND statement = ? AND handed = 1"));
  return query.Bind(id.span()).Bind(AsBytes(statement)).Step();
}

}  // namespace shield
