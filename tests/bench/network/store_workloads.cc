#include "tests/bench/network/store_workloads.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <functional>
#include <future>
#include <memory>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "base/system_clock.h"
#include "broker/committer/committer.h"
#include "tests/bench/ceiling/raw_store.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr size_t kPayloadBytes = 4096;

struct Shape {
  size_t publishers = 1;
  size_t recipients = 1;
};

// Runs `deed` in as many threads at once, each with its number. Seconds by the wall.
double InThreads(size_t threads, const std::function<void(size_t)>& deed) {
  const absl::Time begun = absl::Now();
  std::vector<std::thread> running;
  for (size_t i = 0; i < threads; ++i) running.emplace_back(deed, i);
  for (std::thread& thread : running) thread.join();
  return absl::ToDoubleSeconds(absl::Now() - begun);
}

double ThreadSeconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// A store with members who are known to it, and publishes to them.
class Publishes {
 public:
  explicit Publishes(const Shape& shape)
      : shape_(shape), members_(SampleMembers(shape.recipients)) {
    SHIELD_CHECK(Commit(host_.store(), Next()).ok());
    // Recipients come in the order of their sealing keys, which is not that of their numbers.
    std::shuffle(members_.begin(), members_.end(), std::mt19937_64(1));
  }

  store::Store& store() { return host_.store(); }
  store::PublishCommand Next() { return SamplePublish(next_++, members_, 0, kPayloadBytes); }
  store::CommitGroup NextGroup() {
    store::CommitGroup group;
    for (size_t i = 0; i < shape_.publishers; ++i) group.publishes.push_back(Next());
    return group;
  }

 private:
  const Shape shape_;
  RocksHost host_;
  std::vector<MemberId> members_;
  uint64_t next_ = 1;
};

// As many threads as publishers, each publishing the next when the last is durable: through the
// committer, and through RocksDB alone in the better of two ways, its own write groups or batches
// as large as the committer's were.
class PublishRace {
 public:
  explicit PublishRace(const Shape& shape)
      : shape_(shape), publishes_(shape), committer_(publishes_.store(), clock_, Options()) {
    committer_.Start();
  }

  // Publishes a second.
  absl::StatusOr<double> Ours(size_t each) {
    std::vector<std::vector<store::PublishCommand>> commands(shape_.publishers);
    for (auto& own : commands) {
      for (size_t i = 0; i < each; ++i) own.push_back(publishes_.Next());
    }
    groups_ = 0;
    std::atomic<bool> failed{false};
    const double seconds = InThreads(shape_.publishers, [&](size_t thread) {
      for (store::PublishCommand& command : commands[thread]) {
        if (!PublishOne(std::move(command)).ok()) failed = true;
      }
    });
    if (failed) return absl::InternalError("a publish failed");
    const size_t all = each * shape_.publishers;
    group_ = std::max<size_t>(1, (all + groups_ / 2) / std::max<uint64_t>(1, groups_));
    return static_cast<double>(all) / seconds;
  }

  double Raw(size_t each) {
    const RawPublish shape{shape_.recipients, kPayloadBytes};
    const size_t all = each * shape_.publishers;
    const double by_threads = InThreads(shape_.publishers, [&](size_t) {
      for (size_t i = 0; i < each; ++i) raw_.WriteGroup(1, shape);
    });
    const double by_groups = InThreads(1, [&](size_t) {
      for (size_t done = 0; done < all; done += group_) {
        raw_.WriteGroup(std::min(group_, all - done), shape);
      }
    });
    return static_cast<double>(all) / std::min(by_threads, by_groups);
  }

 private:
  store::CommitterOptions Options() {
    store::CommitterOptions options;
    options.on_commit = [this](uint64_t) { ++groups_; };
    return options;
  }

  absl::Status PublishOne(store::PublishCommand command) {
    std::promise<absl::Status> done;
    RETURN_IF_ERROR(
        committer_.SubmitPublish(std::move(command), absl::InfiniteFuture(),
                                 [&](const absl::StatusOr<store::PublishReceipt>& receipt) {
                                   done.set_value(receipt.status());
                                 }));
    return done.get_future().get();
  }

  const Shape shape_;
  SystemClock clock_;
  Publishes publishes_;
  std::atomic<uint64_t> groups_{0};
  size_t group_ = 1;
  RawStore raw_;
  store::Committer committer_;  // stops before what it uses goes
};

// Publishes of each publisher in a turn of about a second, after a few that warm both sides up.
absl::StatusOr<size_t> PublishesEach(PublishRace& race, const Shape& shape, const Run& run) {
  constexpr size_t kFew = 2;
  if (run.effort == Effort::kQuick) return kFew;
  ASSIGN_OR_RETURN(const double rate, race.Ours(kFew));
  race.Raw(kFew);
  constexpr double kMost = 1'000;  // of which the commands fit into memory
  const double each = rate / static_cast<double>(shape.publishers);
  return static_cast<size_t>(std::clamp(each, static_cast<double>(kFew), kMost));
}

absl::StatusOr<Figure> MeasurePublish(const Shape& shape, const Run& run) {
  ForgetPeak();
  PublishRace race(shape);
  ASSIGN_OR_RETURN(const size_t each, PublishesEach(race, shape, run));
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> cpu;
  for (int turn = 0; turn < TurnsOf(run); ++turn) {
    const double before = ProcessorSeconds();
    ASSIGN_OR_RETURN(const double rate, race.Ours(each));
    cpu.push_back(ProcessorSeconds() - before);
    ours.push_back(rate);
    raw.push_back(race.Raw(each));
  }
  return Figure{"publishes/s", Better::kHigher,        Median(std::move(ours)),
                Median(raw),   Median(std::move(cpu)), PeakBytes()};
}

// Microseconds of the committing thread for one group.
absl::StatusOr<Figure> MeasureCommitCpu(const Shape& shape, const Run& run) {
  ForgetPeak();
  Publishes publishes(shape);
  RawStore raw;
  const bool large = shape.recipients * shape.publishers >= 1'000;
  const int groups = run.effort == Effort::kQuick ? 1 : large ? 9 : 99;
  std::vector<double> ours;
  std::vector<double> bare;
  for (int i = 0; i < groups; ++i) {
    store::CommitGroup group = publishes.NextGroup();
    const double begun = ThreadSeconds();
    const store::CommitResults results = publishes.store().Commit(std::move(group));
    const double between = ThreadSeconds();
    raw.WriteGroup(shape.publishers, {shape.recipients, kPayloadBytes});
    bare.push_back(1e6 * (ThreadSeconds() - between));
    ours.push_back(1e6 * (between - begun));
    for (const auto& receipt : results.publishes) RETURN_IF_ERROR(receipt.status());
  }
  const double median = Median(std::move(ours));
  return Figure{"us", Better::kLower, median, Median(std::move(bare)), 1e-6 * median, PeakBytes()};
}

// From a store that is closed to one that answers.
absl::StatusOr<Figure> MeasureRecovery(size_t entries, const Run& run) {
  constexpr size_t kRecipients = 1'000;
  RocksHost host;
  const std::vector<MemberId> members = SampleMembers(kRecipients);
  for (uint64_t number = 1; number <= entries / kRecipients; ++number) {
    RETURN_IF_ERROR(
        Commit(host.store(), SamplePublish(number, members, 0, kPayloadBytes)).status());
  }
  ForgetPeak();
  std::vector<double> wall;
  std::vector<double> cpu;
  for (int turn = 0; turn < TurnsOf(run); ++turn) {
    host.Close();
    const absl::Time begun = absl::Now();
    const double before = ProcessorSeconds();
    RETURN_IF_ERROR(host.Open());
    RETURN_IF_ERROR(host.store().ScanInbox(members.front(), 0, {}).status());
    wall.push_back(absl::ToDoubleSeconds(absl::Now() - begun));
    cpu.push_back(ProcessorSeconds() - before);
  }
  return Figure{"s",          Better::kLower,         Median(std::move(wall)),
                std::nullopt, Median(std::move(cpu)), PeakBytes()};
}

}  // namespace

void AddStore(Suite& suite) {
  for (const Shape& shape : {Shape{1, 1}, Shape{16, 1}, Shape{16, 100}, Shape{1, 10'000}}) {
    suite.Add(absl::StrCat("publish_", shape.publishers, "x", shape.recipients), Effort::kQuick,
              {{"bytes", kPayloadBytes}},
              [shape](const Run& run) { return MeasurePublish(shape, run); });
  }
  for (const Shape& shape : {Shape{16, 1}, Shape{16, 100}, Shape{1, 10'000}}) {
    suite.Add("commit_cpu", Effort::kQuick,
              {{"publishers", shape.publishers}, {"recipients", shape.recipients}},
              [shape](const Run& run) { return MeasureCommitCpu(shape, run); });
  }
  for (const auto& [entries, least] :
       {std::pair(size_t{1'000}, Effort::kQuick), std::pair(size_t{100'000}, Effort::kDefault),
        std::pair(size_t{1'000'000}, Effort::kFull)}) {
    suite.Add("recovery", least, {{"entries", entries}},
              [entries = entries](const Run& run) { return MeasureRecovery(entries, run); });
  }
}

}  // namespace shield::testing
