#include "client/state/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr char kSyncedNow[] = "PRAGMA synchronous=FULL";
constexpr char kSyncedLater[] = "PRAGMA synchronous=NORMAL";

// More texts than the state has; beyond it a query is prepared each time.
constexpr size_t kMaxIdleQueries = 256;

absl::Status SqlError(sqlite3* database, int code) {
  const std::string message =
      absl::StrCat("local state: ", database != nullptr ? sqlite3_errmsg(database) : "no memory");
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return WithHint(absl::UnavailableError(message),
                      "another shield process is writing to this home; try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return WithHint(absl::DataLossError(message),
                      "move state.db away; the inbox is fetched again from the broker");
    case SQLITE_FULL:
      return WithHint(absl::ResourceExhaustedError(message), "free some space on the disk");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return absl::PermissionDeniedError(message);
    default:
      return absl::InternalError(message);
  }
}

// SQLite would create the file with the process's umask. A file that is there is never opened here:
// closing it would drop every lock this process holds on it through SQLite.
absl::Status CreatePrivately(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    close(file);
    return absl::OkStatus();
  }
  if (errno == EEXIST) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("local state: cannot open `", path, "`: ", std::strerror(errno)));
}

// SQLite keeps the mode it can keep and says which that is.
absl::Status UseWriteAheadLog(SqlDatabase& database) {
  ASSIGN_OR_RETURN(SqlQuery mode, database.Prepare("PRAGMA journal_mode=WAL"));
  RETURN_IF_ERROR(mode.Step().status());
  if (mode.Text(0) == "wal") return absl::OkStatus();
  return WithHint(
      absl::FailedPreconditionError(absl::StrCat(
          "local state: no write-ahead log can be kept here, only `", mode.Text(0), "`")),
      "put the home on a local file system");
}

}  // namespace

IdleQueries::~IdleQueries() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
}

sqlite3_stmt* IdleQueries::Take(absl::string_view sql) {
  const auto found = statements_.find(sql);
  if (found == statements_.end()) return nullptr;
  sqlite3_stmt* statement = found->second;
  statements_.erase(found);
  return statement;
}

// What was bound may be content: nothing of it stays.
void IdleQueries::Put(sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  const bool kept = statements_.size() < kMaxIdleQueries &&
                    statements_.emplace(sqlite3_sql(statement), statement).second;
  if (!kept) sqlite3_finalize(statement);
}

SqlQuery::SqlQuery(SqlQuery&& other) noexcept
    : database_(other.database_),
      idle_(other.idle_),
      statement_(std::exchange(other.statement_, nullptr)),
      bound_(other.bound_),
      bind_result_(other.bind_result_) {}

SqlQuery& SqlQuery::operator=(SqlQuery&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(idle_, other.idle_);
  std::swap(statement_, other.statement_);
  bound_ = other.bound_;
  bind_result_ = other.bind_result_;
  return *this;
}

SqlQuery::~SqlQuery() {
  if (statement_ != nullptr) idle_->Put(statement_);
}

SqlQuery& SqlQuery::Bind(uint64_t number) {
  bind_result_ |= sqlite3_bind_int64(statement_, ++bound_, static_cast<sqlite3_int64>(number));
  return *this;
}

SqlQuery& SqlQuery::Bind(absl::string_view text) {
  bind_result_ |=
      sqlite3_bind_text64(statement_, ++bound_, text.data() != nullptr ? text.data() : "",
                          text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

SqlQuery& SqlQuery::Bind(ByteSpan bytes) {
  // A null pointer would bind NULL; an empty blob is not NULL.
  const void* data = bytes.data() != nullptr ? static_cast<const void*>(bytes.data()) : "";
  bind_result_ |= sqlite3_bind_blob64(statement_, ++bound_, data, bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

SqlQuery& SqlQuery::BindNull() {
  bind_result_ |= sqlite3_bind_null(statement_, ++bound_);
  return *this;
}

absl::StatusOr<bool> SqlQuery::Step() {
  if (bind_result_ != SQLITE_OK) return SqlError(database_, bind_result_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return SqlError(database_, code);
}

absl::Status SqlQuery::Run() { return Step().status(); }

uint64_t SqlQuery::Number(int column) const {
  return static_cast<uint64_t>(sqlite3_column_int64(statement_, column));
}

std::string SqlQuery::Text(int column) const { return ToString(Blob(column)); }

Bytes SqlQuery::Blob(int column) const {
  const auto* data = static_cast<const uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? Bytes() : Bytes(data, data + size);
}

bool SqlQuery::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void SqlDatabase::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

absl::StatusOr<SqlDatabase> SqlDatabase::Open(const std::string& path) {
  RETURN_IF_ERROR(CreatePrivately(path));
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  SqlDatabase database(handle);
  if (code != SQLITE_OK) return SqlError(handle, code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(absl::ToInt64Milliseconds(kWriterWait)));
  RETURN_IF_ERROR(UseWriteAheadLog(database));
  RETURN_IF_ERROR(database.Execute(kSyncedNow));
  RETURN_IF_ERROR(database.Execute("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"));
  return database;
}

absl::StatusOr<SqlQuery> SqlDatabase::Prepare(absl::string_view sql) {
  sqlite3_stmt* statement = idle_->Take(sql);
  if (statement == nullptr) {
    const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return SqlError(handle_.get(), code);
  }
  return SqlQuery(handle_.get(), idle_.get(), statement);
}

absl::Status SqlDatabase::Execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : SqlError(handle_.get(), code);
}

uint64_t SqlDatabase::changes() const {
  return static_cast<uint64_t>(sqlite3_changes(handle_.get()));
}

// The log is synced by every commit at the full level, with all that lies in it already, whoever
// wrote it: nothing is lost out of order.
absl::Status SqlDatabase::Use(Durability durability) {
  if (used_ == durability) return absl::OkStatus();
  RETURN_IF_ERROR(Execute(durability == Durability::kNow ? kSyncedNow : kSyncedLater));
  used_ = durability;
  return absl::OkStatus();
}

absl::StatusOr<SqlTransaction> SqlTransaction::Begin(SqlDatabase& database, Durability durability) {
  RETURN_IF_ERROR(database.Use(durability));
  const absl::Status begun = database.Execute("BEGIN IMMEDIATE");
  if (begun.ok()) return SqlTransaction(database);
  RETURN_IF_ERROR(database.Use(Durability::kNow));
  return begun;
}

absl::StatusOr<SqlTransaction> SqlTransaction::BeginReading(SqlDatabase& database) {
  RETURN_IF_ERROR(database.Execute("BEGIN DEFERRED"));
  return SqlTransaction(database);
}

SqlTransaction::~SqlTransaction() {
  if (database_ == nullptr) return;
  // Nothing more can be done for a rollback that fails: SQLite rolls back at the next open.
  (void)database_->Execute("ROLLBACK");
  (void)database_->Use(Durability::kNow);
}

absl::Status SqlTransaction::Commit() {
  RETURN_IF_ERROR(database_->Execute("COMMIT"));
  return std::exchange(database_, nullptr)->Use(Durability::kNow);
}

}  // namespace shield
