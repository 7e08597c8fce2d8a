#include "client/state/database.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

// Another process that opens and closes a database when it is told to. It is forked before this one
// opens any: what SQLite knows of open files does not survive a fork.
class OtherProcess {
 public:
  explicit OtherProcess(const std::string& path) {
    if (pipe(go_) != 0) return;
    pid_ = fork();
    if (pid_ != 0) return;
    char byte = 0;
    if (read(go_[0], &byte, 1) != 1) _exit(2);
    bool opened = false;
    {
      absl::StatusOr<SqlDatabase> database = SqlDatabase::Open(path);
      opened = database.ok() && database->Execute("SELECT count(*) FROM note").ok();
    }
    _exit(opened ? 0 : 1);
  }
  ~OtherProcess() {
    close(go_[0]);
    close(go_[1]);
  }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  // Its exit code.
  int OpenAndClose() {
    if (pid_ < 0 || write(go_[1], "g", 1) != 1) return -1;
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int go_[2] = {-1, -1};
  pid_t pid_ = -1;
};

uint64_t CountNotes(const std::string& path) {
  SqlDatabase database = *SqlDatabase::Open(path);
  SqlQuery query = *database.Prepare("SELECT count(*) FROM note");
  EXPECT_TRUE(*query.Step());
  return query.Number(0);
}

TEST(SqlDatabase, AnotherProcessThatClosesItTakesNothingFromTwoThatAreOpenHere) {
  TemporaryFolder folder;
  const std::string path = folder / "state.db";
  OtherProcess other(path);
  SqlDatabase first = *SqlDatabase::Open(path);
  ASSERT_TRUE(first.Execute("CREATE TABLE note (text TEXT)").ok());
  const SqlDatabase second = *SqlDatabase::Open(path);
  ASSERT_EQ(other.OpenAndClose(), 0);
  ASSERT_TRUE(first.Execute("INSERT INTO note VALUES ('kept')").ok());
  EXPECT_EQ(CountNotes(path), 1u);
}

TEST(SqlDatabase, WhereNoWriteAheadLogCanBeKeptNothingIsOpened) {
  TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(SqlDatabase::Open(":memory:").status()));
}

// The file system under SQLite, counting how often a write-ahead log is synced.
class CountedSyncs {
 public:
  CountedSyncs() : files_(*sqlite3_vfs_find(nullptr)) {
    real_ = sqlite3_vfs_find(nullptr);
    files_.zName = "counted";
    files_.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
      const int code = real_->xOpen(real_, name, file, flags, given);
      if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return code;
      sync_ = file->pMethods->xSync;
      methods_ = *file->pMethods;
      methods_.xSync = [](sqlite3_file* log, int how) {
        ++count_;
        return sync_(log, how);
      };
      file->pMethods = &methods_;
      return code;
    };
    sqlite3_vfs_register(&files_, /*makeDflt=*/1);
  }
  ~CountedSyncs() {
    sqlite3_vfs_unregister(&files_);
    sqlite3_vfs_register(real_, /*makeDflt=*/1);
  }
  CountedSyncs(const CountedSyncs&) = delete;
  CountedSyncs& operator=(const CountedSyncs&) = delete;

  // Since the last time.
  int Take() { return std::exchange(count_, 0); }

 private:
  static inline sqlite3_vfs* real_ = nullptr;
  static inline sqlite3_io_methods methods_ = {};
  static inline int (*sync_)(sqlite3_file*, int) = nullptr;
  static inline int count_ = 0;
  sqlite3_vfs files_;
};

absl::Status AddNote(SqlDatabase& database, Durability durability) {
  absl::StatusOr<SqlTransaction> transaction = SqlTransaction::Begin(database, durability);
  if (!transaction.ok()) return transaction.status();
  const absl::Status added = database.Execute("INSERT INTO note VALUES ('kept')");
  return added.ok() ? transaction->Commit() : added;
}

TEST(SqlDatabase, WhatIsDurableLaterIsSyncedWithTheNextThatIsDurableNow) {
  CountedSyncs syncs;
  TemporaryFolder folder;
  const std::string path = folder / "state.db";
  SqlDatabase database = *SqlDatabase::Open(path);
  ASSERT_TRUE(database.Execute("CREATE TABLE note (text TEXT)").ok());
  ASSERT_TRUE(AddNote(database, Durability::kNow).ok());
  syncs.Take();
  ASSERT_TRUE(AddNote(database, Durability::kLater).ok());
  ASSERT_TRUE(AddNote(database, Durability::kLater).ok());
  EXPECT_EQ(syncs.Take(), 0);
  EXPECT_EQ(CountNotes(path), 3u) << "another process sees it at once";
  syncs.Take();
  ASSERT_TRUE(AddNote(database, Durability::kNow).ok());
  EXPECT_EQ(syncs.Take(), 1);
}

TEST(SqlDatabase, AfterATransactionThatWasToBeDurableLaterTheNextIsDurableNow) {
  CountedSyncs syncs;
  TemporaryFolder folder;
  SqlDatabase database = *SqlDatabase::Open(folder / "state.db");
  ASSERT_TRUE(database.Execute("CREATE TABLE note (text TEXT)").ok());
  // Rolled back, and refused.
  { ASSERT_TRUE(SqlTransaction::Begin(database, Durability::kLater).ok()); }
  {
    const absl::StatusOr<SqlTransaction> outer = SqlTransaction::Begin(database);
    ASSERT_TRUE(outer.ok());
    EXPECT_FALSE(SqlTransaction::Begin(database, Durability::kLater).ok());
  }
  syncs.Take();
  ASSERT_TRUE(database.Execute("INSERT INTO note VALUES ('kept')").ok());
  EXPECT_EQ(syncs.Take(), 1);
}

}  // namespace
}  // namespace shield::testing
