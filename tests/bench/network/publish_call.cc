// Publishing through the real shieldd: 16 uploads at once over TLS, sealed before, each answered
// when it is durable; beside RocksDB alone writing the same rows in groups as large.
#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/bench/ceiling/raw_store.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_turns.h"
#include "tests/bench/network/network_workloads.h"

namespace shield::testing {
namespace {

absl::StatusOr<Figure> Measure(size_t recipients, size_t bytes, const Run& run) {
  const size_t count = run.effort == Effort::kQuick ? 16 : 800;
  BenchNetwork network({.subscribers = recipients});
  RawStore raw;
  std::vector<double> ours;
  std::vector<double> ceiling;
  std::vector<double> cpu;
  for (int turn = 0; turn < NetworkTurns(run); ++turn) {
    ASSIGN_OR_RETURN(const std::vector<SealedUpload> uploads, network.Seal(count, bytes));
    const double before = ProcessorSeconds(network.broker());
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(network.PublishAll(uploads, kUploadsInFlight));
    const absl::Time between = absl::Now();
    cpu.push_back(ProcessorSeconds(network.broker()) - before);
    for (size_t done = 0; done < count; done += kUploadsInFlight) {
      raw.WriteGroup(std::min(kUploadsInFlight, count - done), {recipients, bytes});
    }
    const auto publishes = static_cast<double>(count);
    ceiling.push_back(publishes / absl::ToDoubleSeconds(absl::Now() - between));
    ours.push_back(publishes / absl::ToDoubleSeconds(between - begun));
  }
  return Figure{"publishes/s",           Better::kHigher,
                Median(std::move(ours)), Median(std::move(ceiling)),
                Median(std::move(cpu)),  PeakBytes(network.broker())};
}

}  // namespace

void AddPublishCall(Suite& suite) {
  constexpr size_t kRecipients = 100;
  constexpr size_t kBytes = 4096;
  suite.Add("publish_call", Effort::kQuick,
            {{"publishers", kUploadsInFlight}, {"recipients", kRecipients}, {"bytes", kBytes}},
            [](const Run& run) { return Measure(kRecipients, kBytes, run); });
}

}  // namespace shield::testing
