// What of state.db came in folders (docs/spec/carriage.md).
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/entry_row.h"
#include "client/state/state.h"

namespace shield {
namespace {

// What the application has had of it, as `handed` stands in the table; 0 is nothing.
constexpr uint64_t kHanded = 1;
constexpr uint64_t kHandedClosed = 2;  // and is to have it once more when it opens

// The text of a note ends with the first empty line; what follows are signatures, of which one text
// may have several.
constexpr absl::string_view kText = "substr(statement, 1, instr(statement, x'0a0a'))";

// The same text came from the broker, and was not refused for good.
constexpr absl::string_view kSameEntry =
    "(SELECT 1 FROM entry WHERE entry.id = carried.id AND substr(entry.statement, 1, "
    "instr(entry.statement, x'0a0a')) = substr(carried.statement, 1, "
    "instr(carried.statement, x'0a0a')) AND entry.finding <> 2";

absl::Status MovedMeanwhile() {
  return absl::AbortedError("local state: another process has stored something that counts here");
}

absl::string_view TextOf(absl::string_view note) {
  const size_t end = note.find("\n\n");
  return end == absl::string_view::npos ? note : note.substr(0, end + 1);
}

// Whether this text was carried before and held. BULLETIN_FORK when another was under its id.
absl::StatusOr<bool> IsStored(SqlDatabase& database, const KeptEntry& entry) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare("SELECT statement FROM carried WHERE id = ? "
                                                    "AND finding = 0"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(entry.id->span()).Step());
  if (!row) return false;
  if (TextOf(query.Text(0)) == TextOf(entry.delivered.statement)) return true;
  return WithRule(absl::DataLossError(absl::StrCat("bulletin refused: another text is here as `",
                                                   entry.id->ToHex(), "`")),
                  "BULLETIN_FORK");
}

// What was set aside and does not hold gives way: anybody can sign an id with a key that nobody was
// given.
absl::Status GiveWayTo(SqlDatabase& database, const KeptEntry& entry) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("DELETE FROM carried WHERE id = ? AND finding <> 0"));
  return query.Bind(entry.id->span()).Run();
}

absl::StatusOr<KeptEntry> ReadCarried(const SqlQuery& row) {
  ASSIGN_OR_RETURN(KeptEntry entry, ReadEntry(row));
  entry.carried = true;
  return entry;
}

absl::StatusOr<std::vector<CarriedPlace>> ReadPlaces(SqlQuery& query) {
  std::vector<CarriedPlace> places;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return places;
    const std::optional<BulletinId> id = BulletinId::FromBytes(query.Blob(1));
    if (!id.has_value()) return absl::DataLossError("local state: a bulletin has no id");
    places.push_back({query.Number(0), *id});
  }
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
  RETURN_IF_ERROR(GiveWayTo(database_, entry));
  RETURN_IF_ERROR(InsertCarried(database_, entry, entry.opens_from));
  RETURN_IF_ERROR(ApplyEffects(effects, entry.delivered.statement));
  RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::Status ClientState::StoreEffects(const EntryEffects& effects, absl::string_view statement) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  RETURN_IF_ERROR(ApplyEffects(effects, statement));
  return transaction.Commit();
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

absl::StatusOr<std::vector<ClosedStatement>> ClientState::CarriedClosedForNow(uint64_t before,
                                                                              uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat("SELECT number, id, statement FROM carried WHERE finding = 1 ",
                                     "AND number < ? AND NOT EXISTS ", kSameEntry,
                                     ") ORDER BY number DESC LIMIT ?")));
  query.Bind(before).Bind(max);
  return ReadClosedStatements(query);
}

absl::StatusOr<std::optional<KeptEntry>> ClientState::FindCarried(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat("SELECT ", kEntryColumns,
                                                                  " FROM carried WHERE id = ?")));
  ASSIGN_OR_RETURN(const bool row, query.Bind(id.span()).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(KeptEntry entry, ReadCarried(query));
  return std::optional<KeptEntry>(std::move(entry));
}

absl::StatusOr<std::vector<CarriedPlace>> ClientState::CarriedToHand(uint64_t after, absl::Time now,
                                                                     uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat(
          "SELECT number, id FROM carried WHERE number > ? AND handed = ",
          "0 AND opens_from <= ? AND NOT EXISTS ", kSameEntry, ") ORDER BY number LIMIT ?")));
  query.Bind(after).Bind(static_cast<uint64_t>(absl::ToUnixMillis(now))).Bind(max);
  return ReadPlaces(query);
}

absl::StatusOr<bool> ClientState::IsCarriedToHand(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare(absl::StrCat("SELECT 1 FROM carried WHERE id = ? AND handed "
                                                  "= 0 AND NOT EXISTS ",
                                                  kSameEntry, ")")));
  return query.Bind(id.span()).Step();
}

absl::Status ClientState::SetCarriedHanded(const BulletinId& id,
                                           std::optional<absl::Time> opens_from) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE carried SET handed = ?, opens_from = ifnull(?, "
                                     "opens_from) WHERE id = ?"));
  query.Bind(opens_from.has_value() ? kHandedClosed : kHanded);
  opens_from.has_value() ? query.Bind(static_cast<uint64_t>(absl::ToUnixMillis(*opens_from)))
                         : query.BindNull();
  return query.Bind(id.span()).Run();
}

absl::StatusOr<std::vector<CarriedPlace>> ClientState::CarriedWaiting(uint64_t after,
                                                                      absl::Time now,
                                                                      uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat(
                                       "SELECT number, id FROM carried WHERE number > ? AND handed "
                                       "= ? AND opens_from <= ? AND NOT EXISTS ",
                                       kSameEntry, ") ORDER BY number LIMIT ?")));
  query.Bind(after)
      .Bind(kHandedClosed)
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(now)))
      .Bind(max);
  return ReadPlaces(query);
}

absl::StatusOr<bool> ClientState::IsCarriedWaiting(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare(absl::StrCat("SELECT 1 FROM carried WHERE id = ? AND handed "
                                                  "= ? AND NOT EXISTS ",
                                                  kSameEntry, ")")));
  return query.Bind(id.span()).Bind(kHandedClosed).Step();
}

absl::StatusOr<bool> ClientState::WasHandedCarried(const BulletinId& id,
                                                   absl::string_view statement) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare(absl::StrCat("SELECT 1 FROM carried WHERE id = ? AND ", kText,
                                                  " = ? AND handed = 1")));
  return query.Bind(id.span()).Bind(AsBytes(TextOf(statement))).Step();
}

}  // namespace shield
