#include "tests/bench/network/live_fanout.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "crypto/slot.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/network_turns.h"

namespace shield::testing {
namespace {

// Entries of a turn: about a second's worth where the machine is quick, no more to seal than that
// takes.
uint64_t EntriesFor(const FanoutShape& shape, Effort effort) {
  const bool full = shape.kind == ReaderKind::kFull;
  if (effort == Effort::kQuick) return full ? 3 : 20;
  constexpr uint64_t kMostEntries = 3'000;
  const uint64_t megabytes = full ? 8 : 250;
  const uint64_t most_deliveries = full ? 1'000 : 50'000;
  const uint64_t deliveries = std::min(most_deliveries, megabytes * 1'000'000 / shape.bytes);
  return std::clamp<uint64_t>(deliveries / shape.subscribers, 3, kMostEntries);
}

std::vector<uint64_t> TurnsFor(const FanoutShape& shape, const Run& run) {
  return std::vector<uint64_t>(1 + NetworkTurns(run), EntriesFor(shape, run.effort));
}

// What an entry takes on the wire, where nobody counts it: its parts and what frames them.
uint64_t EntryBytes(const SealedUpload& upload) {
  constexpr uint64_t kFraming = 32;
  constexpr uint64_t kHash = 34;
  uint64_t path = 0;
  while (uint64_t{1} << path < upload.recipients) ++path;
  return upload.offer.statement.size() + upload.payload.size() + kSlotSize + kHash * (1 + path) +
         kFraming;
}

}  // namespace

FanoutSide SideOf(uint64_t deliveries, absl::Duration wall, double cpu_s) {
  const auto count = static_cast<double>(deliveries);
  return {count / absl::ToDoubleSeconds(wall), 1e6 * cpu_s / count, cpu_s};
}

FanoutSide MedianOf(const std::vector<FanoutSide>& sides) {
  const auto median = [&](double FanoutSide::*value) {
    std::vector<double> values;
    for (const FanoutSide& side : sides) values.push_back(side.*value);
    return Median(std::move(values));
  };
  return {median(&FanoutSide::per_second), median(&FanoutSide::cpu_us), median(&FanoutSide::cpu_s)};
}

LiveFanout::LiveFanout(const FanoutShape& shape, const Run& run)
    : shape_(shape), turns_(TurnsFor(shape, run)), network_({.subscribers = shape.subscribers}) {}

absl::Status LiveFanout::Connect() {
  const FleetOrder order = {.kind = shape_.kind,
                            .address = network_.network().address(),
                            .pin = network_.network().broker_pin(),
                            .homes = network_.readers(),
                            .turns = turns_,
                            .acknowledge = true};
  fleet_ = std::make_unique<ReaderFleet>(order, network_.folder());
  return fleet_->WaitUntilReady();
}

absl::StatusOr<FanoutSide> LiveFanout::Turn(size_t number) {
  ASSIGN_OR_RETURN(const std::vector<SealedUpload> uploads,
                   network_.Seal(turns_[number - 1], shape_.bytes));
  absl::SleepFor(kQuietMoment);
  const double cpu = ProcessorSeconds(network_.broker());
  const absl::Time begun = absl::Now();
  RETURN_IF_ERROR(network_.PublishAll(uploads, kUploadsInFlight));
  ASSIGN_OR_RETURN(const ReaderTurn had, fleet_->WaitForTurn(number));
  const uint64_t deliveries = uploads.size() * shape_.subscribers;
  const SealedUpload& one = uploads.front();
  sizes_ = {had.bytes > 0 ? had.bytes / deliveries : EntryBytes(one), one.offer.statement.size(),
            one.slots.size(), one.payload.size()};
  return SideOf(deliveries, had.last - begun, ProcessorSeconds(network_.broker()) - cpu);
}

absl::Status LiveFanout::Finish() { return fleet_->WaitUntilDone(); }

}  // namespace shield::testing
