// How costs grow: of a publish with the members it addresses, of a delivery with the members who
// are enrolled and get nothing.
#include <array>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/bench/harness/growth.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_turns.h"
#include "tests/bench/network/network_workloads.h"
#include "tests/bench/network/reader_fleet.h"

namespace shield::testing {
namespace {

constexpr size_t kGrowthBytes = 4096;
constexpr size_t kDeliverySubscribers = 10;

std::array<size_t, 3> SizesFor(const Run& run) {
  if (run.effort == Effort::kQuick) return {20, 40, 80};
  return {100, 1'000, 10'000};
}

// Seconds from the call to the answer of one publish, sealed before, to all of so many members.
absl::StatusOr<double> PublishSeconds(size_t members, const Run& run) {
  const size_t count = run.effort == Effort::kQuick ? 3 : 11;
  BenchNetwork network({.subscribers = kAuthors, .enrolled = members, .to_all = true});
  std::vector<double> seconds;
  for (size_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(const std::vector<SealedUpload> upload, network.Seal(1, kGrowthBytes));
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(network.PublishAll(upload, 1));
    seconds.push_back(absl::ToDoubleSeconds(absl::Now() - begun));
  }
  return Median(std::move(seconds));
}

// Seconds of the broker's processor for one delivery, with so many members enrolled.
absl::StatusOr<double> DeliverySeconds(size_t members, const Run& run) {
  const uint64_t entries = run.effort == Effort::kQuick ? 20 : 1'000;
  BenchNetwork network({.subscribers = kDeliverySubscribers, .enrolled = members});
  const std::vector<uint64_t> turns(1 + NetworkTurns(run), entries);  // the first one warms up
  ReaderFleet fleet({.address = network.network().address(),
                     .pin = network.network().broker_pin(),
                     .homes = network.readers(),
                     .turns = turns},
                    network.folder());
  RETURN_IF_ERROR(fleet.WaitUntilReady());
  std::vector<double> seconds;
  for (size_t turn = 1; turn <= turns.size(); ++turn) {
    ASSIGN_OR_RETURN(const std::vector<SealedUpload> uploads, network.Seal(entries, kGrowthBytes));
    const double before = ProcessorSeconds(network.broker());
    RETURN_IF_ERROR(network.PublishAll(uploads, kUploadsInFlight));
    RETURN_IF_ERROR(fleet.WaitForTurn(turn).status());
    const double spent = ProcessorSeconds(network.broker()) - before;
    if (turn > 1) seconds.push_back(spent / static_cast<double>(entries * kDeliverySubscribers));
  }
  return Median(std::move(seconds));
}

using SecondsAt = absl::StatusOr<double> (*)(size_t members, const Run& run);

absl::StatusOr<Figure> Exponent(SecondsAt seconds_at, const Run& run) {
  std::vector<SizedCost> costs;
  for (const size_t members : SizesFor(run)) {
    ASSIGN_OR_RETURN(const double seconds, seconds_at(members, run));
    costs.push_back({static_cast<double>(members), seconds});
  }
  return Figure{.unit = "exponent",
                .better = Better::kLower,
                .ours = FittedExponent(costs),
                .ceiling = std::nullopt};
}

}  // namespace

void AddNetworkGrowth(Suite& suite) {
  suite.Add("growth", Effort::kQuick, {{"of", "publish"}},
            [](const Run& run) { return Exponent(PublishSeconds, run); });
  suite.Add("growth", Effort::kQuick, {{"of", "delivery"}},
            [](const Run& run) { return Exponent(DeliverySeconds, run); });
}

}  // namespace shield::testing
