// What a durable publish costs, against RocksDB alone writing the same bytes in the same groups,
// synced. Names: publish/<publishers in a group>/<recipients each>; every payload is 4 KiB.
//
//   build/release/tests/bench/store_bench --benchmark_filter='publish|raw'
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <random>

#include "broker/store/head_sentinel.h"
#include "tests/bench/ceiling/raw_store.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr size_t kPayloadBytes = 4096;

// Times one group: by the wall, and on the processor of the committing thread, which says more on a
// busy machine.
class GroupTimer {
 public:
  explicit GroupTimer(benchmark::State& state) : state_(state) {}

  template <typename Deed>
  void Time(Deed deed) {
    const auto wall = std::chrono::steady_clock::now();
    const double cpu = ThreadSeconds();
    deed();
    cpu_seconds_ += ThreadSeconds() - cpu;
    state_.SetIterationTime(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count());
  }

  void Report() {
    const auto groups = static_cast<double>(state_.iterations());
    const double publishes = groups * static_cast<double>(state_.range(0));
    const double entries = publishes * static_cast<double>(state_.range(1));
    state_.counters["publishes/s"] = benchmark::Counter(publishes, benchmark::Counter::kIsRate);
    state_.counters["entries/s"] = benchmark::Counter(entries, benchmark::Counter::kIsRate);
    state_.counters["cpu_us/group"] = 1e6 * cpu_seconds_ / groups;
  }

 private:
  static double ThreadSeconds() {
    timespec now = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }

  benchmark::State& state_;
  double cpu_seconds_ = 0;
};

void Publish(benchmark::State& state) {
  RocksHost host;
  GroupTimer timer(state);
  std::vector<MemberId> members = SampleMembers(static_cast<size_t>(state.range(1)));
  uint64_t number = 1;
  SHIELD_CHECK(Commit(host.store(), SamplePublish(number++, members)).ok());
  // Recipients come in the order of their sealing keys, which is not that of their numbers.
  std::shuffle(members.begin(), members.end(), std::mt19937_64(1));
  for (auto _ : state) {
    store::CommitGroup group;
    for (int64_t i = 0; i < state.range(0); ++i) {
      group.publishes.push_back(SamplePublish(number++, members, 0, kPayloadBytes));
    }
    store::CommitResults results;
    timer.Time([&] { results = host.store().Commit(std::move(group)); });
    SHIELD_CHECK(results.publishes[0].ok());
  }
  timer.Report();
}

void Raw(benchmark::State& state) {
  RawStore raw;
  GroupTimer timer(state);
  const RawPublish shape{static_cast<size_t>(state.range(1)), kPayloadBytes};
  for (auto _ : state) {
    timer.Time([&] { raw.WriteGroup(static_cast<size_t>(state.range(0)), shape); });
  }
  timer.Report();
}

// The share of the head sentinel in every group.
void SentinelWrite(benchmark::State& state) {
  TemporaryFolder folder;
  auto sentinel = store::HeadSentinel::Create(folder.path() / "head", {});
  store::SentinelRecord record;
  for (auto _ : state) {
    ++record.commit;
    SHIELD_CHECK(sentinel->Write(record).ok());
  }
}

// Catching up: scans of 256 entries.
void ScanInbox(benchmark::State& state) {
  RocksHost host;
  constexpr uint64_t kEntries = 20'000;
  for (uint64_t number = 1; number <= kEntries;) {
    store::CommitGroup group;
    for (int i = 0; i < 256; ++i) {
      group.publishes.push_back(SamplePublish(number++, SampleMembers(1), 0, 0));
    }
    host.store().Commit(std::move(group));
  }
  uint64_t after = 0;
  uint64_t entries = 0;
  for (auto _ : state) {
    const auto scan = host.store().ScanInbox(Member("member-0"), after, {});
    entries += scan->entries.size();
    after = scan->entries.back().seq >= scan->last_seq ? 0 : scan->entries.back().seq;
  }
  state.counters["entries/s"] =
      benchmark::Counter(static_cast<double>(entries), benchmark::Counter::kIsRate);
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Args({16, 1})->Args({16, 100})->Args({1, 10'000})->UseManualTime();
  benchmark->Unit(benchmark::kMicrosecond);
}

BENCHMARK(Publish)->Name("publish")->Apply(Sizes);
BENCHMARK(Raw)->Name("raw")->Apply(Sizes);
BENCHMARK(SentinelWrite)->Name("sentinel_write")->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(ScanInbox)->Name("scan_inbox_256")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace shield::testing

BENCHMARK_MAIN();
