// store_crash_child FOLDER ROUND [FILE-LIMIT-BYTES]
//
// Opens the store and lets four publishers and one acknowledging reader work on it until it is
// killed. Every third bulletin is withdrawn and swept at once. Every acknowledged command is told
// on standard output, one line each:
//   p <publisher> <number> <commit>        a publish of SampleId(number)
//   w <publisher> <number> <commit>        its withdrawal
//   c <seq>                                the cursor of member-0
// With a file limit the operating system refuses to let any file grow beyond it, as a full disk
// would; the process ends by itself when the store has failed: exit 3.
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/system_clock.h"
#include "broker/committer/committer.h"
#include "broker/store/rocks_store.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr int kPublishers = 4;
constexpr uint64_t kWithdrawalBit = uint64_t{1} << 23;  // above every count, below the publisher

void Tell(const std::string& line) {
  // One write of less than PIPE_BUF: lines of several threads never mix.
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(1);
}

// A number that no other publisher of any round uses, ascending within one publisher.
uint64_t Number(uint64_t round, int publisher, uint64_t count) {
  return (round << 32) + (static_cast<uint64_t>(publisher) << 24) + count;
}

class Publisher {
 public:
  Publisher(store::Committer& committer, uint64_t round, int index)
      : committer_(committer), round_(round), index_(index) {}

  // Submits one publish; its answer submits what follows, so that one is always under way.
  void Next() {
    const uint64_t number = Number(round_, index_, count_++);
    const size_t members = 1 + number % 7;
    Submit("p", number, SamplePublish(number, SampleMembers(members), 0, 500 + number % 3000),
           [this, number] { number % 3 == 0 ? Withdraw(number) : Next(); });
  }

 private:
  void Withdraw(uint64_t number) {
    Submit("w", number, SampleWithdrawal(number | kWithdrawalBit, number), [this] { Sweep(); });
  }
  void Sweep() {
    const absl::Status status = committer_.SubmitSweep(
        {.now = absl::UnixEpoch()}, [this](const absl::StatusOr<store::SweepReceipt>& receipt) {
          if (!receipt.ok()) std::_Exit(3);
          Next();
        });
    if (!status.ok()) std::_Exit(2);
  }
  void Submit(const char* kind, uint64_t number, store::PublishCommand command,
              std::function<void()> then) {
    const absl::Status status = committer_.SubmitPublish(
        std::move(command), absl::InfiniteFuture(),
        [this, kind, number,
         then = std::move(then)](absl::StatusOr<store::PublishReceipt> receipt) {
          if (!receipt.ok()) std::_Exit(3);
          Tell(absl::StrCat(kind, " ", index_, " ", number, " ", receipt->commit, "\n"));
          then();
        });
    if (!status.ok()) std::_Exit(2);
  }

  store::Committer& committer_;
  const uint64_t round_;
  const int index_;
  uint64_t count_ = 0;
};

void AcknowledgeForEver(store::Store& store, store::Committer& committer) {
  const MemberId member = Member("member-0");
  while (true) {
    const absl::StatusOr<store::InboxPosition> position = store.ReadPosition(member);
    if (!position.ok()) std::_Exit(3);
    std::atomic<bool> answered{false};
    const absl::Status status = committer.SubmitAcknowledge(
        {.member = member, .seq = position->last_seq, .hash = position->hash},
        [&answered](absl::StatusOr<uint64_t> cursor) {
          if (!cursor.ok()) std::_Exit(3);
          Tell(absl::StrCat("c ", *cursor, "\n"));
          answered = true;
          answered.notify_one();
        });
    if (!status.ok()) std::_Exit(2);
    answered.wait(false);
  }
}

int Run(const char* folder, uint64_t round) {
  store::FileSystemSpace space(std::filesystem::path(folder).parent_path());
  store::RocksStoreOptions options;
  options.folder = folder;
  options.space = &space;
  absl::StatusOr<std::unique_ptr<store::RocksStore>> store = store::RocksStore::Open(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 4;
  }
  SystemClock clock;
  store::Committer committer(**store, clock, {});
  committer.Start();
  std::vector<Publisher> publishers;
  publishers.reserve(kPublishers);  // callbacks hold their addresses
  for (int i = 0; i < kPublishers; ++i) publishers.emplace_back(committer, round, i);
  for (Publisher& publisher : publishers) publisher.Next();
  AcknowledgeForEver(**store, committer);
  return 0;
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  if (argc > 3) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlim_t bytes = std::strtoull(argv[3], nullptr, 10);
    const rlimit limit = {bytes, bytes};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
  }
  return shield::testing::Run(argv[1], std::strtoull(argv[2], nullptr, 10));
}
