#include "client/state/state.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/state/entry_row.h"

namespace shield {
namespace {

constexpr char kSchema[] = R"(
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  size INTEGER NOT NULL, head BLOB NOT NULL, handed INTEGER NOT NULL,
  acknowledged INTEGER NOT NULL, confirmed INTEGER NOT NULL);
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  seq INTEGER NOT NULL, hash BLOB NOT NULL, note BLOB NOT NULL);
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY, id BLOB, statement BLOB NOT NULL, log_index INTEGER NOT NULL,
  payload BLOB NOT NULL, state INTEGER NOT NULL, ended_by BLOB NOT NULL, slot BLOB NOT NULL,
  slot_hash BLOB NOT NULL, leaf_index INTEGER NOT NULL, leaf_proof BLOB NOT NULL,
  openings BLOB NOT NULL, chain_hash BLOB NOT NULL, directory_version INTEGER NOT NULL,
  received INTEGER NOT NULL, finding INTEGER NOT NULL, fault TEXT NOT NULL,
  fault_sentence TEXT NOT NULL, checked INTEGER NOT NULL, own_org TEXT NOT NULL,
  author_org TEXT NOT NULL, marks TEXT NOT NULL, highest_log_index INTEGER NOT NULL,
  opens_from INTEGER, shared_original BLOB NOT NULL, original BLOB, expires INTEGER);
CREATE INDEX entry_by_id ON entry (id, seq);
CREATE INDEX entry_by_original ON entry (original) WHERE original IS NOT NULL;
CREATE INDEX entry_by_end ON entry (expires) WHERE slot <> x'' OR payload <> x'';
CREATE INDEX entry_closed_for_now ON entry (seq) WHERE finding = 1;
CREATE INDEX entry_waiting ON entry (seq, opens_from) WHERE opens_from IS NOT NULL;
CREATE TABLE carried (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  seq INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, statement BLOB NOT NULL,
  log_index INTEGER NOT NULL, payload BLOB NOT NULL, state INTEGER NOT NULL, ended_by BLOB NOT NULL,
  slot BLOB NOT NULL, slot_hash BLOB NOT NULL, leaf_index INTEGER NOT NULL,
  leaf_proof BLOB NOT NULL, openings BLOB NOT NULL, chain_hash BLOB NOT NULL,
  directory_version INTEGER NOT NULL, received INTEGER NOT NULL, finding INTEGER NOT NULL,
  fault TEXT NOT NULL, fault_sentence TEXT NOT NULL, checked INTEGER NOT NULL,
  own_org TEXT NOT NULL, author_org TEXT NOT NULL, marks TEXT NOT NULL,
  shared_original BLOB NOT NULL, original BLOB, expires INTEGER,
  opens_from INTEGER NOT NULL, handed INTEGER NOT NULL);
CREATE INDEX carried_by_original ON carried (original) WHERE original IS NOT NULL;
CREATE TABLE ended (
  id BLOB NOT NULL, digest BLOB NOT NULL, state INTEGER NOT NULL, ending BLOB NOT NULL,
  held INTEGER NOT NULL, org TEXT, analyst INTEGER NOT NULL,
  PRIMARY KEY (id, digest, state, ending)) WITHOUT ROWID;
CREATE TABLE seen (
  author_key TEXT NOT NULL, id BLOB NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY (author_key, id)) WITHOUT ROWID;
CREATE TABLE fork (
  kind TEXT NOT NULL, subject TEXT NOT NULL, first BLOB NOT NULL, second BLOB NOT NULL,
  found INTEGER NOT NULL, UNIQUE (kind, subject, first, second));
CREATE TABLE directory (
  version INTEGER PRIMARY KEY, digest BLOB NOT NULL, note BLOB NOT NULL, fresh BLOB NOT NULL,
  authority BLOB NOT NULL, carried INTEGER NOT NULL, network BLOB NOT NULL);
CREATE TABLE directory_part (
  version INTEGER NOT NULL, idx INTEGER NOT NULL, proof BLOB NOT NULL, line BLOB NOT NULL,
  own_lines BLOB NOT NULL, PRIMARY KEY (version, idx)) WITHOUT ROWID;
CREATE TABLE publication (
  id BLOB PRIMARY KEY, statement BLOB NOT NULL, openings BLOB NOT NULL,
  recipients INTEGER NOT NULL, directory_version INTEGER NOT NULL, log_index INTEGER NOT NULL,
  published INTEGER NOT NULL, acknowledge_by INTEGER, seal_keys BLOB NOT NULL,
  slots BLOB NOT NULL, orgs TEXT NOT NULL);
CREATE TABLE sealed_to (id BLOB PRIMARY KEY, readers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (
  draft BLOB PRIMARY KEY, id BLOB NOT NULL UNIQUE, statement BLOB NOT NULL, openings BLOB NOT NULL,
  slots BLOB NOT NULL, payload BLOB NOT NULL, spool BLOB NOT NULL, begun INTEGER NOT NULL,
  acknowledge_by INTEGER, seal_keys BLOB NOT NULL, readers BLOB NOT NULL,
  orgs TEXT NOT NULL);
CREATE TABLE receipt (
  id BLOB NOT NULL, digest BLOB NOT NULL, state INTEGER NOT NULL, time INTEGER NOT NULL,
  due INTEGER NOT NULL, tries INTEGER NOT NULL,
  PRIMARY KEY (id, digest, state)) WITHOUT ROWID;
CREATE INDEX receipt_due ON receipt (tries, time) WHERE due = 1;
CREATE TABLE checkpoint (
  log_key TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
  PRIMARY KEY (log_key, size)) WITHOUT ROWID;
CREATE TABLE logged (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL);
CREATE TABLE unanswered (
  one INTEGER PRIMARY KEY CHECK (one = 1), since INTEGER NOT NULL, counted INTEGER NOT NULL,
  failures INTEGER NOT NULL);
CREATE TABLE followed (
  one INTEGER PRIMARY KEY CHECK (one = 1), key TEXT NOT NULL, since INTEGER NOT NULL);
CREATE TABLE witnessed (
  log_key TEXT PRIMARY KEY, known INTEGER, time INTEGER, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE held_size (
  log_key TEXT NOT NULL, seen INTEGER NOT NULL, size INTEGER NOT NULL,
  PRIMARY KEY (log_key, seen)) WITHOUT ROWID;
CREATE TABLE unlogged (id BLOB PRIMARY KEY) WITHOUT ROWID;
INSERT INTO logged VALUES (1, 0);
INSERT INTO position VALUES (1, 0, x'', 0, 0, 0);
)";

// Which store gave a resume token (docs/spec/delivery.md).
Bytes EpochOf(ByteSpan token) {
  constexpr size_t kEpochBytes = 16;
  return ToBytes(token.first(std::min(token.size(), kEpochBytes)));
}

absl::Status WriteMeta(SqlDatabase& database, absl::string_view name, ByteSpan value) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)"));
  return query.Bind(name).Bind(value).Run();
}

absl::StatusOr<std::optional<Bytes>> ReadMeta(SqlDatabase& database, absl::string_view name) {
  ASSIGN_OR_RETURN(SqlQuery query, database.Prepare("SELECT value FROM meta WHERE name = ?"));
  ASSIGN_OR_RETURN(const bool found, query.Bind(name).Step());
  if (!found) return std::nullopt;
  return std::optional<Bytes>(query.Blob(0));
}

absl::Status OtherSchema(uint64_t found) {
  return WithHint(
      absl::FailedPreconditionError(absl::StrCat("local state: state.db has schema ", found,
                                                 ", this version of shield reads and writes ",
                                                 ClientState::kSchemaVersion)),
      "use the version of shield that wrote it, or move state.db away: the inbox is fetched again "
      "from the broker");
}

}  // namespace

absl::StatusOr<std::unique_ptr<ClientState>> ClientState::Open(const std::string& path,
                                                               absl::string_view owner) {
  ASSIGN_OR_RETURN(SqlDatabase database, SqlDatabase::Open(path));
  std::unique_ptr<ClientState> state(new ClientState(std::move(database)));
  MutexLock lock(state->mutex_);
  RETURN_IF_ERROR(state->Prepare(owner));
  return state;
}

absl::Status ClientState::Prepare(absl::string_view owner) {
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(SqlQuery version, database_.Prepare("PRAGMA user_version"));
  RETURN_IF_ERROR(version.Step().status());
  const uint64_t found = version.Number(0);
  if (found != 0 && found != kSchemaVersion) return OtherSchema(found);
  if (found == 0) {
    RETURN_IF_ERROR(database_.Execute(kSchema));
    RETURN_IF_ERROR(WriteMeta(database_, "owner", AsBytes(owner)));
    RETURN_IF_ERROR(database_.Execute(absl::StrCat("PRAGMA user_version = ", kSchemaVersion)));
    return transaction.Commit();
  }
  ASSIGN_OR_RETURN(const std::optional<Bytes> written, ReadMeta(database_, "owner"));
  if (!written.has_value() || AsText(*written) != owner) {
    return WithHint(
        absl::FailedPreconditionError(absl::StrCat(
            "local state: state.db belongs to `", written.has_value() ? AsText(*written) : "nobody",
            "`, this home to `", owner, "`")),
        "give each member and network a home of its own");
  }
  return transaction.Commit();
}

absl::StatusOr<InboxCursor> ClientState::Position() {
  MutexLock lock(mutex_);
  return PositionLocked();
}

absl::StatusOr<InboxCursor> ClientState::PositionLocked() {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT size, head, confirmed, handed, acknowledged "
                                     "FROM position"));
  ASSIGN_OR_RETURN(const bool found, query.Step());
  if (!found) return absl::DataLossError("local state: the inbox position is missing");
  return InboxCursor{query.Number(0), DigestOf(query.Blob(1)), query.Number(2), query.Number(3),
                     query.Number(4)};
}

absl::StatusOr<std::vector<KeptEntry>> ClientState::Entries(uint64_t after, uint64_t max) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat(
                                       "SELECT ", kEntryColumns,
                                       " FROM entry WHERE seq > ? ORDER BY seq LIMIT ?")));
  query.Bind(after).Bind(max);
  std::vector<KeptEntry> entries;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return entries;
    ASSIGN_OR_RETURN(KeptEntry entry, ReadEntry(query));
    entries.push_back(std::move(entry));
  }
}

absl::StatusOr<std::optional<KeptEntry>> ClientState::FindEntry(uint64_t seq) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query, database_.Prepare(absl::StrCat("SELECT ", kEntryColumns,
                                                                  " FROM entry WHERE seq = ?")));
  ASSIGN_OR_RETURN(const bool row, query.Bind(seq).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(KeptEntry entry, ReadEntry(query));
  return std::optional<KeptEntry>(std::move(entry));
}

absl::StatusOr<std::optional<KeptEntry>> ClientState::FindBulletin(const BulletinId& id) {
  MutexLock lock(mutex_);
  // One that held stands before one that was carried, that before one that did not hold.
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat(
          "SELECT ", kEntryColumns, ", 0 FROM entry WHERE id = ?1 ", "UNION ALL SELECT ",
          kEntryColumns, ", 1 FROM carried WHERE id = ?1 ", "ORDER BY finding, 26, seq LIMIT 1")));
  ASSIGN_OR_RETURN(const bool row, query.Bind(id.span()).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(KeptEntry entry, ReadEntry(query));
  entry.carried = query.Number(25) == 1;
  return std::optional<KeptEntry>(std::move(entry));
}

absl::StatusOr<std::optional<KeptEntry>> ClientState::FindShareOf(const BulletinId& original) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(
      SqlQuery query,
      database_.Prepare(absl::StrCat(
          "SELECT ", kEntryColumns, ", 0 FROM entry WHERE original = ?1 AND finding <> 2 ",
          "UNION ALL SELECT ", kEntryColumns, ", 1 FROM carried WHERE original = ?1 ",
          "ORDER BY finding, 26, seq LIMIT 1")));
  ASSIGN_OR_RETURN(const bool row, query.Bind(original.span()).Step());
  if (!row) return std::nullopt;
  ASSIGN_OR_RETURN(KeptEntry entry, ReadEntry(query));
  entry.carried = query.Number(25) == 1;
  return std::optional<KeptEntry>(std::move(entry));
}

absl::StatusOr<std::optional<Digest>> ClientState::FindSeen(absl::string_view author_key,
                                                            const BulletinId& id) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("SELECT digest FROM seen WHERE author_key = ? AND id = ?"));
  ASSIGN_OR_RETURN(const bool row, query.Bind(author_key).Bind(id.span()).Step());
  if (!row) return std::nullopt;
  return Digest::FromBytes(query.Blob(0));
}

// Whether an entry or a receipt may not be synced yet. Part of the transaction that is, or is not:
// other processes see that one end when it is synced.
absl::Status ClientState::SayDurableLocked(Durability durability) {
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare(durability == Durability::kNow
                                         ? "DELETE FROM meta WHERE name = 'unsynced'"
                                         : "INSERT OR IGNORE INTO meta VALUES ('unsynced', x'')"));
  return query.Run();
}

// A commit that changes nothing would sync nothing.
absl::Status ClientState::SyncWithThisLocked() {
  RETURN_IF_ERROR(SayDurableLocked(Durability::kNow));
  ASSIGN_OR_RETURN(SqlQuery query,
                   database_.Prepare("INSERT INTO meta VALUES ('durable', 1) ON CONFLICT (name) DO "
                                     "UPDATE SET value = value + 1"));
  return query.Run();
}

absl::Status ClientState::MakeDurable() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  RETURN_IF_ERROR(SyncWithThisLocked());
  RETURN_IF_ERROR(transaction.Commit());
  synced_ = true;
  return absl::OkStatus();
}

absl::Status ClientState::EnsureDurable() {
  {
    MutexLock lock(mutex_);
    ASSIGN_OR_RETURN(const std::optional<Bytes> unsynced, ReadMeta(database_, "unsynced"));
    if (synced_ && !unsynced.has_value()) return absl::OkStatus();
  }
  return MakeDurable();
}

absl::Status ClientState::SetResumeTokenLocked(ByteSpan token) {
  ASSIGN_OR_RETURN(const std::optional<Bytes> before, ReadMeta(database_, "resume_token"));
  RETURN_IF_ERROR(WriteMeta(database_, "resume_token", token));
  if (!before.has_value() || EpochOf(*before) == EpochOf(token)) return absl::OkStatus();
  return MakeReceiptsDueLocked();
}

absl::StatusOr<bool> ClientState::NoteMark(const KeptHead& head, ByteSpan resume_token) {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(SqlTransaction transaction, SqlTransaction::Begin(database_));
  ASSIGN_OR_RETURN(const bool agrees, NoteHeadLocked(head));
  if (!agrees) return false;
  RETURN_IF_ERROR(SetResumeTokenLocked(resume_token));
  RETURN_IF_ERROR(SyncWithThisLocked());
  RETURN_IF_ERROR(transaction.Commit());
  synced_ = true;
  return true;
}

absl::StatusOr<Bytes> ClientState::ResumeToken() {
  MutexLock lock(mutex_);
  ASSIGN_OR_RETURN(const std::optional<Bytes> token, ReadMeta(database_, "resume_token"));
  return token.value_or(Bytes());
}

}  // namespace shield
