#include "client/state/database.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/client/support/watched_logs.h"
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

absl::Status AddNote(SqlDatabase& database, Durability durability) {
  absl::StatusOr<SqlTransaction> transaction = SqlTransaction::Begin(database, durability);
  if (!transaction.ok()) return transaction.status();
  const absl::Status added = database.Execute("INSERT INTO note VALUES ('kept')");
  return added.ok() ? transaction->Commit() : added;
}

TEST(SqlDatabase, WhatIsDurableLaterIsSyncedWithTheNextThatIsDurableNow) {
  WatchedLogs logs;
  TemporaryFolder folder;
  const std::string path = folder / "state.db";
  SqlDatabase database = *SqlDatabase::Open(path);
  ASSERT_TRUE(database.Execute("CREATE TABLE note (text TEXT)").ok());
  ASSERT_TRUE(AddNote(database, Durability::kNow).ok());
  logs.TakeSyncs();
  ASSERT_TRUE(AddNote(database, Durability::kLater).ok());
  ASSERT_TRUE(AddNote(database, Durability::kLater).ok());
  EXPECT_EQ(logs.TakeSyncs(), 0);
  EXPECT_EQ(CountNotes(path), 3u) << "another process sees it at once";
  logs.TakeSyncs();
  ASSERT_TRUE(AddNote(database, Durability::kNow).ok());
  EXPECT_EQ(logs.TakeSyncs(), 1);
}

TEST(SqlDatabase, AfterATransactionThatWasToBeDurableLaterTheNextIsDurableNow) {
  WatchedLogs logs;
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
  logs.TakeSyncs();
  ASSERT_TRUE(database.Execute("INSERT INTO note VALUES ('kept')").ok());
  EXPECT_EQ(logs.TakeSyncs(), 1);
}

}  // namespace
}  // namespace shield::testing
