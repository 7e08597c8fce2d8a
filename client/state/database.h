// SQLite, as small as the state needs it: one file, prepared queries, transactions.
//
// A SqlDatabase is thread-compatible: its owner serialises calls. Several processes may have the
// same file open; a writing transaction waits for the other's to end (kWriterWait) and then fails
// with UNAVAILABLE. WAL with synchronous=FULL: what Commit has returned for survives kill -9 and a
// power cut, but for what Durability::kLater says. Damage shows as DATA_LOSS.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace shield {

// How long a process waits for another one's write.
inline constexpr absl::Duration kWriterWait = absl::Seconds(10);

// Queries that are done and will be asked again: preparing one costs more than most answers. Owns
// what it holds: Take gives a query away, Put takes it back without rows and bound values.
// Thread-compatible, like the database it belongs to.
class IdleQueries {
 public:
  IdleQueries() = default;
  IdleQueries(const IdleQueries&) = delete;
  IdleQueries& operator=(const IdleQueries&) = delete;
  ~IdleQueries();

  // Null when there is none of this text.
  sqlite3_stmt* Take(absl::string_view sql);
  void Put(sqlite3_stmt* statement);

 private:
  absl::flat_hash_map<std::string, sqlite3_stmt*> statements_;
};

// A prepared query. Bind left to right, then Step until there is no row. Ends before its database,
// under the same lock as every other call.
class SqlQuery {
 public:
  SqlQuery(SqlQuery&&) noexcept;
  SqlQuery& operator=(SqlQuery&&) noexcept;
  ~SqlQuery();

  SqlQuery& Bind(uint64_t number);
  SqlQuery& Bind(absl::string_view text);
  SqlQuery& Bind(ByteSpan bytes);
  SqlQuery& BindNull();

  // True when there is a row to read.
  absl::StatusOr<bool> Step();
  // Steps once, for queries that give no row.
  absl::Status Run();

  uint64_t Number(int column) const;
  std::string Text(int column) const;
  Bytes Blob(int column) const;
  bool IsNull(int column) const;

 private:
  friend class SqlDatabase;
  SqlQuery(sqlite3* database, IdleQueries* idle, sqlite3_stmt* statement)
      : database_(database), idle_(idle), statement_(statement) {}
  sqlite3* database_;
  IdleQueries* idle_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
  int bind_result_ = 0;
};

// When what was committed survives a power cut. kill -9 it survives at once.
enum class Durability {
  kNow,    // when Commit has returned
  kLater,  // with the next commit that is durable now, or by itself in the end: for what is found
           // out or done again when it is lost. What was committed before it is never lost alone.
};

class SqlDatabase {
 public:
  // Opens or creates the file with mode 0600. FAILED_PRECONDITION where no write-ahead log can be
  // kept, as on a network file system.
  static absl::StatusOr<SqlDatabase> Open(const std::string& path);
  SqlDatabase(SqlDatabase&&) noexcept = default;
  SqlDatabase& operator=(SqlDatabase&&) noexcept = default;

  absl::StatusOr<SqlQuery> Prepare(absl::string_view sql);
  // One or more statements without parameters.
  absl::Status Execute(const std::string& sql);
  // Rows the last INSERT, UPDATE or DELETE changed.
  uint64_t changes() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  friend class SqlTransaction;
  explicit SqlDatabase(sqlite3* database) : handle_(database) {}
  // How durable the commits are that follow. Between transactions only.
  absl::Status Use(Durability durability);
  std::unique_ptr<sqlite3, Close> handle_;
  Durability used_ = Durability::kNow;
  std::unique_ptr<IdleQueries> idle_ = std::make_unique<IdleQueries>();  // ends before handle_
};

// A transaction; rolls back unless committed. A writing one begins at once, so that it never has to
// be retried half-way; a reading one sees the database as it was at its first read.
class SqlTransaction {
 public:
  static absl::StatusOr<SqlTransaction> Begin(SqlDatabase& database,
                                              Durability durability = Durability::kNow);
  static absl::StatusOr<SqlTransaction> BeginReading(SqlDatabase& database);
  SqlTransaction(SqlTransaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  SqlTransaction& operator=(SqlTransaction&&) = delete;
  ~SqlTransaction();
  absl::Status Commit();

 private:
  explicit SqlTransaction(SqlDatabase& database) : database_(&database) {}
  SqlDatabase* database_;
};

}  // namespace shield
