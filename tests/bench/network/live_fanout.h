// Live fan-out through the real shieldd, turn by turn: whatever it is held against takes turns with
// it.
//
//   LiveFanout live({.subscribers = 100, .bytes = 1024}, run);
//   RETURN_IF_ERROR(live.Connect());
//   for (size_t turn = 1; turn <= live.turns().size(); ++turn) {
//     ASSIGN_OR_RETURN(const FanoutSide side, live.Turn(turn));   // the first one warms up
//   }
//   RETURN_IF_ERROR(live.Finish());
#pragma once

#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/harness/workload.h"
#include "tests/bench/network/bench_network.h"
#include "tests/bench/network/reader_fleet.h"

namespace shield::testing {

// Before the clock of each side starts: longer than the broker waits after a pass over its streams,
// and long enough for most of what a store has put off.
inline constexpr absl::Duration kQuietMoment = absl::Seconds(1);

struct FanoutShape {
  size_t subscribers = 0;
  size_t bytes = 0;  // of a payload, sealed
  ReaderKind kind = ReaderKind::kCounting;

  bool operator<(const FanoutShape& other) const {
    return std::tie(subscribers, bytes, kind) <
           std::tie(other.subscribers, other.bytes, other.kind);
  }
};

// One side of one turn.
struct FanoutSide {
  double per_second = 0;  // deliveries
  double cpu_us = 0;      // of the server, for one delivery
  double cpu_s = 0;       // of the server, for the turn
};

FanoutSide SideOf(uint64_t deliveries, absl::Duration wall, double cpu_s);
// Of each value by itself.
FanoutSide MedianOf(const std::vector<FanoutSide>& sides);

// What has been uploaded and sent, for whoever moves as much.
struct FanoutSizes {
  uint64_t entry_bytes = 0;  // of an entry as it travels
  uint64_t statement_bytes = 0;
  uint64_t slot_bytes = 0;  // of all recipients together
  uint64_t payload_bytes = 0;
};

// Thread-compatible.
class LiveFanout {
 public:
  LiveFanout(const FanoutShape& shape, const Run& run);

  absl::Status Connect();
  // The n-th turn, from 1: 16 uploads at once, sealed before the clock starts, until the last
  // subscriber has the last bulletin.
  absl::StatusOr<FanoutSide> Turn(size_t number);
  // All have acknowledged.
  absl::Status Finish();

  // Entries of each turn.
  const std::vector<uint64_t>& turns() const { return turns_; }
  // Of the last turn.
  const FanoutSizes& sizes() const { return sizes_; }
  BenchNetwork& network() { return network_; }

 private:
  const FanoutShape shape_;
  const std::vector<uint64_t> turns_;
  BenchNetwork network_;
  std::unique_ptr<ReaderFleet> fleet_;
  FanoutSizes sizes_;
};

}  // namespace shield::testing
