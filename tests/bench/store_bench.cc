// What a durable publish costs, against RocksDB alone writing the same bytes in the same groups,
// synced. Names: publish/<publishers in a group>/<recipients each>; every payload is 4 KiB.
//
//   build/release/tests/bench/store_bench --benchmark_filter='publish|raw'
#include <benchmark/benchmark.h>

#include <chrono>

#include "broker/store/head_sentinel.h"
#include "broker/store/store_values.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"

namespace shield::testing {
namespace {

constexpr size_t kPayloadBytes = 4096;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Count(benchmark::State& state) {
  const auto groups = static_cast<double>(state.iterations());
  const auto publishes = groups * static_cast<double>(state.range(0));
  state.counters["publishes/s"] = benchmark::Counter(publishes, benchmark::Counter::kIsRate);
  state.counters["entries/s"] = benchmark::Counter(publishes * static_cast<double>(state.range(1)),
                                                   benchmark::Counter::kIsRate);
}

void Publish(benchmark::State& state) {
  RocksHost host;
  const std::vector<MemberId> members = SampleMembers(static_cast<size_t>(state.range(1)));
  uint64_t number = 1;
  for (auto _ : state) {
    store::CommitGroup group;
    for (int64_t i = 0; i < state.range(0); ++i) {
      group.publishes.push_back(SamplePublish(number++, members, 0, kPayloadBytes));
    }
    const auto start = std::chrono::steady_clock::now();
    const store::CommitResults results = host.store().Commit(std::move(group));
    state.SetIterationTime(SecondsSince(start));
    SHIELD_CHECK(results.publishes[0].ok());
  }
  Count(state);
}

// Puts the rows of one publish, as large and as many as the store's own.
void AddRawPublish(rocksdb::WriteBatch& batch, uint64_t number, size_t recipients,
                   const std::string& filler) {
  const auto put = [&](char column, uint64_t row, size_t key_bytes, size_t value_bytes) {
    std::string key(1, column);
    store::PutU64(key, number);
    store::PutU64(key, row);
    key.resize(std::max(key.size(), key_bytes));
    batch.Put(key, rocksdb::Slice(filler.data(), value_bytes)).PermitUncheckedError();
  };
  put('b', 0, 16, 280);            // bulletin
  put('p', 0, 16, kPayloadBytes);  // payload
  put('c', 0, 8, 66);              // commit
  put('l', 0, 9, 32);              // log leaf and, on average, one node
  put('l', 1, 9, 32);
  put('e', 0, 24, 0);  // expiry
  for (size_t i = 0; i < recipients; ++i) put('i', i, 12, 222);
  for (size_t i = 0; i < recipients; i += store::kRecipientsPerTile) {
    put('r', i, 20, 44 * std::min(store::kRecipientsPerTile, recipients - i));
  }
}

void Raw(benchmark::State& state) {
  TemporaryFolder folder;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  SHIELD_CHECK(rocksdb::DB::Open(options, folder / "db", &raw).ok());
  const std::unique_ptr<rocksdb::DB> database(raw);
  const std::string filler(64 * 1024, 'x');
  rocksdb::WriteOptions synced;
  synced.sync = true;
  uint64_t number = 1;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    rocksdb::WriteBatch batch;
    for (int64_t i = 0; i < state.range(0); ++i) {
      AddRawPublish(batch, number++, static_cast<size_t>(state.range(1)), filler);
    }
    SHIELD_CHECK(database->Write(synced, &batch).ok());
    state.SetIterationTime(SecondsSince(start));
  }
  Count(state);
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
