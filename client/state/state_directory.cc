// The directory, the fork alarms and the publications of state.db.
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/state/entry_columns.h"
#include "client/state/state.h"

namespace shield {
namespace {

absl::Status WritePart(SqlDatabase& database, uint64_t version, const DirectoryPart& part) {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database.Prepare("INSERT OR REPLACE INTO directory_part VALUES (?, ?, ?, ?, ?)"));
  const std::string own = absl::StrJoin(part.own_lines, "\n");
  return query.Bind(version)
      .Bind(static_cast<uint64_t>(part.index))
      .Bind(PackDigests(part.proof))
      .Bind(AsBytes(part.line))
      .Bind(AsBytes(own))
      .Run();
}

absl::StatusOr<std::vector<DirectoryPart>> ReadParts(SqlDatabase& database, uint64_t version) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("SELECT idx, proof, line, own_lines FROM directory_part WHERE "
                                    "version = ? ORDER BY idx"));
  query.Bind(version);
  std::vector<DirectoryPart> parts;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return parts;
    DirectoryPart part;
    part.index = static_cast<uint32_t>(query.Number(0));
    ASSIGN_OR_RETURN(part.proof, UnpackDigests(query.Blob(1)));
    part.line = query.Text(2);
    part.own_lines = absl::StrSplit(query.Text(3), '\n', absl::SkipEmpty());
    parts.push_back(std::move(part));
  }
}

KeptDirectory ReadDirectory(const SqlQuery& row) {
  KeptDirectory directory;
  directory.version = row.Number(0);
  directory.digest = Digest::FromBytes(row.Blob(1)).value_or(Digest{});
  directory.answer.note = row.Text(2);
  directory.answer.fresh = row.Text(3);
  directory.answer.authority = row.Text(4);
  directory.carried = row.Number(5) == 1;
  directory.network = row.Text(6);
  return directory;
}

absl::StatusOr<Publication> ReadPublication(const SqlQuery& row) {
  const std::optional<BulletinId> id = BulletinId::FromBytes(row.Blob(0));
  if (!id.has_value()) return absl::DataLossError("local state: a publication has no id");
  Publication publication{*id, row.Text(1), {}, 0, 0, 0, {}};
  ASSIGN_OR_RETURN(publication.openings, UnpackOpenings(row.Text(2)));
  publication.recipients = row.Number(3);
  publication.directory_version = row.Number(4);
  publication.log_index = row.Number(5);
  publication.published = absl::FromUnixMillis(static_cast<int64_t>(row.Number(6)));
  const uint64_t acknowledge_by = row.Number(7);  // 0 for none
  if (acknowledge_by > 0) {
    publication.acknowledge_by = absl::FromUnixSeconds(static_cast<int64_t>(acknowledge_by));
  }
  publication.seal_keys = row.Blob(8);
  publication.slots = row.Blob(9);
  ASSIGN_OR_RETURN(publication.orgs, UnpackOrgs(row.Text(10)));
  return publication;
}

absl::Status InsertPublication(SqlDatabase& database, const Publication& publication) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database.Prepare("INSERT OR REPLACE INTO publication VALUES "
                                    "(?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?)"));
  return query.Bind(publication.id.span())
      .Bind(AsBytes(publication.statement))
      .Bind(AsBytes(PackOpenings(publication.openings)))
      .Bind(publication.recipients)
      .Bind(publication.directory_version)
      .Bind(publication.log_index)
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(publication.published)))
      .Bind(publication.acknowledge_by.has_value()
                ? static_cast<uint64_t>(absl::ToUnixSeconds(*publication.acknowledge_by))
                : 0)
      .Bind(publication.seal_keys)
      .Bind(publication.slots)
      .Bind(PackOrgs(publication.orgs))
      .Run();
}

absl::Status Rollback(uint64_t offered, uint64_t held) {
  return WithHint(
      WithRule(absl::DataLossError(absl::StrCat("the broker shows directory version ", offered,
                                                ", but version ", held, " has been seen")),
               "ROLLBACK"),
      "the broker lost data or is cheating: tell the authority");
}

// Older parts stay for a while: whom a bulletin was sent to follows from the directory of its day.
absl::Status MakeRoomForParts(SqlDatabase& database) {
  ASSIGN_OR_RETURN(
      SqlQuery room,
      database.Prepare("DELETE FROM directory_part WHERE version IN (SELECT DISTINCT version FROM "
                       "directory_part ORDER BY version DESC LIMIT -1 OFFSET ?) AND version <> "
                       "(SELECT ifnull(max(version), 0) FROM directory WHERE carried = 0)"));
  return room.Bind(ClientState::kMaxPartVersions).Run();
}

}  // namespace

absl::Status ClientState::StoreDirectory(const KeptDirectory& directory, uint64_t checked_against,
                                         absl::Time now) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const std::optional<KeptDirectory> held, NewestDirectoryLocked());
  if (directory.version < checked_against) return Rollback(directory.version, checked_against);
  if (held.has_value() && held->version > directory.version) return absl::OkStatus();
  if (held.has_value() && held->version == directory.version && held->digest != directory.digest) {
    absl::Status kept = RecordForkLocked({"directory", absl::StrCat(directory.version),
                                          held->answer.note, directory.answer.note, now});
    if (kept.ok()) kept = transaction.Commit();
    return AlarmAfter(
        kept, WithRule(absl::DataLossError(absl::StrCat("two different directories are signed as ",
                                                        "version ", directory.version)),
                       "DIRECTORY_FORK"));
  }
  RETURN_IF_ERROR(WriteDirectoryLocked(directory));
  return transaction.Commit();
}

// Beside what is here: another part of the same version, or of another.
absl::Status ClientState::AddCarriedLocked(const KeptDirectory& directory) {
  ASSIGN_OR_RETURN(SqlQuery whole,
                   database_.Prepare("SELECT 1 FROM directory WHERE version >= ? AND carried = 0"));
  ASSIGN_OR_RETURN(const bool shows_all, whole.Bind(directory.version).Step());
  if (shows_all) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      SqlQuery note,
      database_.Prepare("INSERT OR IGNORE INTO directory VALUES (?, ?, ?, x'', ?, 1, ?)"));
  note.Bind(directory.version)
      .Bind(directory.digest.span())
      .Bind(AsBytes(directory.answer.note))
      .Bind(AsBytes(directory.answer.authority))
      .Bind(AsBytes(directory.network));
  RETURN_IF_ERROR(note.Run());
  for (const DirectoryPart& part : directory.answer.parts) {
    RETURN_IF_ERROR(WritePart(database_, directory.version, part));
  }
  return MakeRoomForParts(database_);
}

absl::Status ClientState::WriteDirectoryLocked(const KeptDirectory& directory) {
  if (directory.carried) return AddCarriedLocked(directory);
  ASSIGN_OR_RETURN(
      SqlQuery note,
      database_.Prepare("INSERT OR REPLACE INTO directory VALUES (?, ?, ?, ?, ?, ?, ?)"));
  RETURN_IF_ERROR(note.Bind(directory.version)
                      .Bind(directory.digest.span())
                      .Bind(AsBytes(directory.answer.note))
                      .Bind(AsBytes(directory.answer.fresh))
                      .Bind(AsBytes(directory.answer.authority))
                      .Bind(uint64_t{directory.carried ? 1U : 0U})
                      .Bind(AsBytes(directory.network))
                      .Run());
  ASSIGN_OR_RETURN(SqlQuery parts,
                   database_.Prepare("DELETE FROM directory_part WHERE version >= ?"));
  RETURN_IF_ERROR(parts.Bind(directory.version).Run());
  for (const DirectoryPart& part : directory.answer.parts) {
    RETURN_IF_ERROR(WritePart(database_, directory.version, part));
  }
  return MakeRoomForParts(database_);
}

absl::Status ClientState::StoreFreshness(uint64_t version, absl::string_view fresh) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("UPDATE directory SET fresh = ? WHERE version = ?"));
  return query.Bind(AsBytes(fresh)).Bind(version).Run();
}

absl::StatusOr<std::string> ClientState::Freshness(uint64_t version) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT fresh FROM directory WHERE version = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(version).Step());
  return row ? query.Text(0) : std::string();
}

absl::StatusOr<uint64_t> ClientState::NewestVersion() {
  MutexLock lock(mutex_);
  return NewestVersionLocked();
}

absl::StatusOr<uint64_t> ClientState::NewestVersionLocked() {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT ifnull(max(version), 0) FROM directory"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  return row ? query.Number(0) : 0;
}

absl::StatusOr<bool> ClientState::NewestIsCarried() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("SELECT carried FROM directory ORDER BY version DESC LIMIT 1"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  return row && query.Number(0) == 1;
}

absl::StatusOr<std::optional<KeptDirectory>> ClientState::NewestDirectory() {
  MutexLock lock(mutex_);
  // Note and parts of one version, whatever another process stores meanwhile.
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::BeginReading(database_));
  ASSIGN_OR_RETURN(std::optional<KeptDirectory> newest, NewestDirectoryLocked());
  if (newest.has_value()) {
    ASSIGN_OR_RETURN(newest->answer.parts, ReadParts(database_, newest->version));
  }
  RETURN_IF_ERROR(transaction.Commit());
  return newest;
}

absl::StatusOr<std::optional<KeptDirectory>> ClientState::NewestDirectoryLocked() {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("SELECT version, digest, note, fresh, authority, carried, network FROM "
                        "directory ORDER BY version DESC LIMIT 1"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return std::nullopt;
  return std::optional<KeptDirectory>(ReadDirectory(query));
}

absl::StatusOr<std::optional<KeptDirectory>> ClientState::DirectoryFrom(uint64_t version) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::BeginReading(database_));
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(
          "SELECT version, digest, note, fresh, authority, carried, network FROM directory "
          "WHERE version = (SELECT min(version) FROM directory_part "
          "WHERE version >= ?)"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(version).Step());
  if (!row) return std::nullopt;
  KeptDirectory directory = ReadDirectory(query);
  ASSIGN_OR_RETURN(directory.answer.parts, ReadParts(database_, directory.version));
  RETURN_IF_ERROR(transaction.Commit());
  return std::optional<KeptDirectory>(std::move(directory));
}

absl::StatusOr<uint64_t> ClientState::CountParts(uint64_t version) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT count(*) FROM directory_part WHERE version = ?"));
  RETURN_IF_ERROR(query.Bind(version).Step().status());
  return query.Number(0);
}

absl::StatusOr<std::optional<std::string>> ClientState::DirectoryNote(uint64_t version) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT note FROM directory WHERE version = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(version).Step());
  if (!row) return std::nullopt;
  return std::optional<std::string>(query.Text(0));
}

absl::Status ClientState::RecordFork(const ForkAlarm& alarm) {
  MutexLock lock(mutex_);
  return RecordForkLocked(alarm);
}

absl::Status ClientState::RecordForkLocked(const ForkAlarm& alarm) {
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare("INSERT OR IGNORE INTO fork SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT "
                        "count(*) FROM fork WHERE kind = ?1) < ?6 AND (SELECT count(*) FROM fork "
                        "WHERE kind = ?1 AND subject = ?2) < ?7"));
  return query.Bind(alarm.kind)
      .Bind(alarm.subject)
      .Bind(AsBytes(alarm.first))
      .Bind(AsBytes(alarm.second))
      .Bind(static_cast<uint64_t>(absl::ToUnixMillis(alarm.found)))
      .Bind(kMaxForksOfKind)
      .Bind(kMaxForksOfSubject)
      .Run();
}

absl::StatusOr<std::vector<ForkAlarm>> ClientState::Forks() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT kind, subject, first, second, found "
                                                     "FROM fork ORDER BY rowid"));
  std::vector<ForkAlarm> forks;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return forks;
    forks.push_back({query.Text(0), query.Text(1), query.Text(2), query.Text(3),
                     absl::FromUnixMillis(static_cast<int64_t>(query.Number(4)))});
  }
}

absl::Status ClientState::RecordPublication(const Publication& publication,
                                            const std::vector<MemberId>& sealed_to) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  RETURN_IF_ERROR(InsertPublication(database_, publication));
  ASSIGN_OR_RETURN(SqlQuery unlogged,
                   database_.Prepare("INSERT OR IGNORE INTO unlogged VALUES (?)"));
  RETURN_IF_ERROR(unlogged.Bind(publication.id.span()).Run());
  if (!sealed_to.empty()) {
    ASSIGN_OR_RETURN(SqlQuery readers,
                     database_.Prepare("INSERT OR REPLACE INTO sealed_to VALUES (?, ?)"));
    RETURN_IF_ERROR(
        readers.Bind(publication.id.span()).Bind(AsBytes(PackMembers(sealed_to))).Run());
  }
  ASSIGN_OR_RETURN(SqlQuery sent, database_.Prepare("DELETE FROM outbox WHERE id = ?"));
  RETURN_IF_ERROR(sent.Bind(publication.id.span()).Run());
  return transaction.Commit();
}

absl::StatusOr<std::optional<std::set<MemberId>>> ClientState::SealedTo(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT readers FROM sealed_to WHERE id = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(id.span()).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(const std::vector<MemberId> readers, UnpackMembers(query.Text(0)));
  return std::make_optional<std::set<MemberId>>(readers.begin(), readers.end());
}

absl::StatusOr<std::vector<Publication>> ClientState::Publications() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT * FROM publication ORDER BY published, id"));
  std::vector<Publication> publications;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return publications;
    ASSIGN_OR_RETURN(Publication publication, ReadPublication(query));
    publications.push_back(std::move(publication));
  }
}

absl::StatusOr<std::optional<Publication>> ClientState::FindPublication(const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare("SELECT * FROM publication WHERE id = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(id.span()).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(Publication publication, ReadPublication(query));
  return std::optional<Publication>(std::move(publication));
}

}  // namespace shield
