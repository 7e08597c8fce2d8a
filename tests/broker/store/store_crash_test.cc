// kill -9 at random moments: what was acknowledged is there, in order, dense and chained.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>

#include "base/status.h"
#include "gtest/gtest.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

// As many rounds as a minute allows: a round waits for some thirty syncs of the disk.
constexpr int kMinRounds = 12;
constexpr int kMaxRounds = 50;
constexpr auto kEnough = std::chrono::seconds(60);
constexpr uint64_t kMaxLinesBeforeKill = 120;

// Runs the child until it has told `lines` lines, kills it, and returns everything it told.
struct ChildRun {
  std::string told;
  int wait_status = 0;
};
ChildRun RunChild(const std::vector<std::string>& arguments, uint64_t lines) {
  int ends[2];
  SHIELD_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  const std::string program =
      (BinaryFolder() / "tests" / "broker" / "store" / "store_crash_child").string();
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  ChildRun run;
  uint64_t seen = 0;
  bool killed = lines == 0;
  if (killed) kill(child, SIGKILL);
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    run.told.append(buffer, static_cast<size_t>(got));
    seen += static_cast<uint64_t>(std::count(buffer, buffer + got, '\n'));
    if (!killed && seen >= lines) {
      killed = true;
      kill(child, SIGKILL);
    }
  }
  close(ends[0]);
  waitpid(child, &run.wait_status, 0);
  return run;
}

// What the children were told is committed.
struct Promises {
  std::map<uint64_t, uint64_t> commits;  // number -> commit
  std::set<uint64_t> withdrawn;          // of them
  uint64_t cursor = 0;                   // of member-0

  // Each publisher begins a publish only after the one before was acknowledged.
  void Read(const std::string& told) {
    std::istringstream lines(told);
    std::map<uint64_t, uint64_t> last_of_publisher;
    std::string kind;
    while (lines >> kind) {
      if (kind == "c") {
        uint64_t seq = 0;
        lines >> seq;
        EXPECT_GE(seq, cursor) << "a cursor moved back";
        cursor = seq;
        continue;
      }
      uint64_t publisher = 0;
      uint64_t number = 0;
      uint64_t commit = 0;
      lines >> publisher >> number >> commit;
      EXPECT_GT(commit, last_of_publisher[publisher]) << "order of one publisher";
      last_of_publisher[publisher] = commit;
      if (kind == "w") {
        withdrawn.insert(number);
      } else {
        commits[number] = commit;
      }
    }
  }

  void ExpectKept(store::Store& store) const {
    for (const auto& [number, commit] : commits) {
      const absl::StatusOr<store::BulletinRecord> record = store.ReadBulletin(SampleId(number));
      ASSERT_TRUE(record.ok()) << "an acknowledged bulletin is lost: " << record.status();
      ASSERT_EQ(record->commit, commit);
      ASSERT_EQ(record->recipients, 1 + number % 7) << "fan-out is all or nothing";
    }
    for (const uint64_t number : withdrawn) {
      const absl::StatusOr<store::BulletinRecord> record = store.ReadBulletin(SampleId(number));
      ASSERT_TRUE(record.ok()) << record.status();
      ASSERT_EQ(record->state, store::BulletinState::kWithdrawn) << "a withdrawal is lost";
      const auto ending = store.ReadBulletin(*record->ended_by);
      ASSERT_TRUE(ending.ok()) << ending.status();
      ASSERT_EQ(ending->told, 1 + number % 7) << "all holders are told, or none";
      ASSERT_TRUE(absl::IsNotFound(store.ReadChunk(SampleId(number), 0, 0).status()));
    }
    EXPECT_GE(store.ReadPosition(Member("member-0"))->acknowledged, cursor);
  }
};

TEST(StoreCrashTest, NothingAcknowledgedIsLostByKill) {
  RocksHost host;
  std::mt19937_64 chance(20'261'122);
  Promises promises;
  const auto start = std::chrono::steady_clock::now();
  int round = 0;
  while (round < kMinRounds ||
         (round < kMaxRounds && std::chrono::steady_clock::now() - start < kEnough)) {
    ++round;
    host.Close();
    const ChildRun run =
        RunChild({host.folder().string(), absl::StrCat(round)}, chance() % kMaxLinesBeforeKill);
    ASSERT_TRUE(WIFSIGNALED(run.wait_status)) << "status " << run.wait_status;
    promises.Read(run.told);
    const absl::Status opened = host.Open();
    ASSERT_TRUE(opened.ok()) << "round " << round << ": " << opened;
    promises.ExpectKept(host.store());
    const absl::StatusOr<store::StoreReport> report = host.store().Verify();
    ASSERT_TRUE(report.ok()) << "round " << round << ": " << report.status();
    EXPECT_GE(report->commits, promises.commits.size());
  }
  EXPECT_GT(promises.commits.size(), 100u) << "the children had no time to work";
  EXPECT_GT(promises.withdrawn.size(), 10u);
  std::printf("%d rounds, %zu acknowledged publishes, %zu withdrawals, all there\n", round,
              promises.commits.size(), promises.withdrawn.size());
}

TEST(StoreCrashTest, AWriteTheSystemRefusesStopsTheStoreAndLosesNothing) {
  RocksHost host;
  host.Close();
  // No file may grow beyond 1 MiB; RocksDB as Debian builds it may abort when its log cannot grow.
  const ChildRun run = RunChild({host.folder().string(), "1", absl::StrCat(1 << 20)}, UINT64_MAX);
  const bool stopped = WIFEXITED(run.wait_status) && WEXITSTATUS(run.wait_status) == 3;
  const bool aborted = WIFSIGNALED(run.wait_status) && WTERMSIG(run.wait_status) == SIGABRT;
  EXPECT_TRUE(stopped || aborted) << "status " << run.wait_status;
  Promises promises;
  promises.Read(run.told);
  EXPECT_GT(promises.commits.size(), 20u);
  const absl::Status opened = host.Open();
  ASSERT_TRUE(opened.ok()) << opened;
  promises.ExpectKept(host.store());
  EXPECT_TRUE(host.store().Verify().ok());
}

}  // namespace
}  // namespace shield::testing
