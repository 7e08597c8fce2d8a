// Live fan-out: bulletins published by 16 uploads at once, delivered to everybody subscribed, over
// the whole real path; beside a bare gRPC server that moves as many bytes for each delivery.
#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "base/status.h"
#include "crypto/slot.h"
#include "tests/bench/harness/process_cost.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/network/bare_connection.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/network_turns.h"
#include "tests/bench/network/network_workloads.h"
#include "tests/bench/network/reader_fleet.h"

namespace shield::testing {
namespace {

struct Shape {
  size_t subscribers = 0;
  size_t bytes = 0;
  ReaderKind kind = ReaderKind::kCounting;

  bool operator<(const Shape& other) const {
    return std::tie(subscribers, bytes, kind) <
           std::tie(other.subscribers, other.bytes, other.kind);
  }
};

// One side of one turn.
struct Side {
  double per_second = 0;
  double cpu_us = 0;  // of the server, for one delivery
  double cpu_s = 0;   // of the server, for the turn
};

struct Result {
  Side ours;
  Side bare;
  uint64_t peak_bytes = 0;  // of the broker
};

// Entries of a turn: about a second's worth where the machine is quick, no more to seal than that
// takes.
uint64_t EntriesFor(const Shape& shape, Effort effort) {
  const bool full = shape.kind == ReaderKind::kFull;
  if (effort == Effort::kQuick) return full ? 3 : 20;
  constexpr uint64_t kMostEntries = 3'000;
  const uint64_t megabytes = full ? 8 : 250;
  const uint64_t most_deliveries = full ? 1'000 : 50'000;
  const uint64_t deliveries = std::min(most_deliveries, megabytes * 1'000'000 / shape.bytes);
  return std::clamp<uint64_t>(deliveries / shape.subscribers, 3, kMostEntries);
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

class Fanout {
 public:
  Fanout(const Shape& shape, const Run& run)
      : shape_(shape),
        entries_(EntriesFor(shape, run.effort)),
        turns_(1, std::max<uint64_t>(2, entries_ / 10)),  // the first one warms up
        network_({.subscribers = shape.subscribers}),
        bare_(network_.folder(), network_.network().analyst().ReadKeys(std::nullopt)->tls) {
    turns_.resize(1 + NetworkTurns(run), entries_);
  }

  absl::StatusOr<Result> Measure() {
    ReaderFleet ours(
        OrderFor(shape_.kind, network_.network().address(), network_.network().broker_pin(), true),
        network_.folder());
    RETURN_IF_ERROR(ours.WaitUntilReady());
    ReaderFleet bare(OrderFor(ReaderKind::kCounting, bare_.address(), bare_.pin(), false),
                     network_.folder());
    RETURN_IF_ERROR(bare.WaitUntilReady());
    std::vector<Side> our_sides;
    std::vector<Side> bare_sides;
    for (size_t turn = 1; turn <= turns_.size(); ++turn) {
      ASSIGN_OR_RETURN(const Side our_side, OurTurn(turn, ours));
      ASSIGN_OR_RETURN(const Side bare_side, BareTurn(turn, bare));
      if (turn == 1) continue;
      our_sides.push_back(our_side);
      bare_sides.push_back(bare_side);
    }
    RETURN_IF_ERROR(ours.WaitUntilDone());
    return Result{MedianOf(our_sides), MedianOf(bare_sides), PeakBytes(network_.broker())};
  }

 private:
  FleetOrder OrderFor(ReaderKind kind, const std::string& address, const Digest& pin,
                      bool acknowledge) const {
    return {.kind = kind,
            .address = address,
            .pin = pin,
            .homes = network_.readers(),
            .turns = turns_,
            .acknowledge = acknowledge};
  }

  absl::StatusOr<Side> OurTurn(size_t turn, ReaderFleet& fleet) {
    ASSIGN_OR_RETURN(const std::vector<SealedUpload> uploads,
                     network_.Seal(turns_[turn - 1], shape_.bytes));
    const double cpu = ProcessorSeconds(network_.broker());
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(network_.PublishAll(uploads, kUploadsInFlight));
    ASSIGN_OR_RETURN(const ReaderTurn had, fleet.WaitForTurn(turn));
    const uint64_t deliveries = uploads.size() * shape_.subscribers;
    entry_bytes_ = had.bytes > 0 ? had.bytes / deliveries : EntryBytes(uploads.front());
    return SideOf(deliveries, had.last - begun, ProcessorSeconds(network_.broker()) - cpu);
  }

  absl::StatusOr<Side> BareTurn(size_t turn, ReaderFleet& fleet) {
    const double cpu = ProcessorSeconds(bare_.pid());
    const absl::Time begun = absl::Now();
    RETURN_IF_ERROR(bare_.Append(turns_[turn - 1], entry_bytes_));
    ASSIGN_OR_RETURN(const ReaderTurn had, fleet.WaitForTurn(turn));
    return SideOf(turns_[turn - 1] * shape_.subscribers, had.last - begun,
                  ProcessorSeconds(bare_.pid()) - cpu);
  }

  static Side SideOf(uint64_t deliveries, absl::Duration wall, double cpu_s) {
    const auto count = static_cast<double>(deliveries);
    return {count / absl::ToDoubleSeconds(wall), 1e6 * cpu_s / count, cpu_s};
  }

  static Side MedianOf(const std::vector<Side>& sides) {
    const auto median = [&](double Side::*value) {
      std::vector<double> values;
      for (const Side& side : sides) values.push_back(side.*value);
      return Median(std::move(values));
    };
    return {median(&Side::per_second), median(&Side::cpu_us), median(&Side::cpu_s)};
  }

  const Shape shape_;
  const uint64_t entries_;
  std::vector<uint64_t> turns_;
  BenchNetwork network_;
  BareConnection bare_;
  uint64_t entry_bytes_ = 0;
};

// One measurement gives two figures: whoever asks second is told what the first one found.
class FanoutResults {
 public:
  absl::StatusOr<Result> Get(const Shape& shape, const Run& run) {
    const auto known = results_.find(shape);
    if (known != results_.end()) return known->second;
    Fanout fanout(shape, run);
    ASSIGN_OR_RETURN(const Result result, fanout.Measure());
    results_[shape] = result;
    return result;
  }

 private:
  std::map<Shape, Result> results_;
};

void AddShape(Suite& suite, const std::shared_ptr<FanoutResults>& results, const Shape& shape,
              Effort least) {
  const bool full = shape.kind == ReaderKind::kFull;
  suite.Add("fanout_live", least,
            {{"subscribers", shape.subscribers},
             {"bytes", shape.bytes},
             {"client", full ? "full" : "counting"}},
            [=](const Run& run) -> absl::StatusOr<Figure> {
              ASSIGN_OR_RETURN(const Result result, results->Get(shape, run));
              return Figure{"deliveries/s",         Better::kHigher,   result.ours.per_second,
                            result.bare.per_second, result.ours.cpu_s, result.peak_bytes};
            });
  if (full) return;
  suite.Add("fanout_live_cpu", least, {{"subscribers", shape.subscribers}, {"bytes", shape.bytes}},
            [=](const Run& run) -> absl::StatusOr<Figure> {
              ASSIGN_OR_RETURN(const Result result, results->Get(shape, run));
              return Figure{"us",
                            Better::kLower,
                            result.ours.cpu_us,
                            result.bare.cpu_us,
                            result.ours.cpu_s,
                            result.peak_bytes};
            });
}

}  // namespace

void AddFanout(Suite& suite) {
  const auto results = std::make_shared<FanoutResults>();
  for (const ReaderKind kind : {ReaderKind::kCounting, ReaderKind::kFull}) {
    for (const size_t bytes : {size_t{1024}, size_t{4096}, size_t{65536}}) {
      for (const size_t subscribers : {size_t{10}, size_t{100}, size_t{1000}}) {
        const bool small = subscribers == 10 && bytes == 4096;
        const bool long_one = kind == ReaderKind::kFull && subscribers == 1000 && bytes != 4096;
        AddShape(suite, results, {subscribers, bytes, kind},
                 small      ? Effort::kQuick
                 : long_one ? Effort::kFull
                            : Effort::kDefault);
      }
    }
  }
}

}  // namespace shield::testing
