// Ours and the ceiling turn by turn, so that both see the same machine.
//
//   ASSIGN_OR_RETURN(const Comparison costs,
//                    Compare(run, TimedBy::kWall, SealOnce, MultiplyOnce));
//   return RateFigure("slots/s", recipients, costs);
//
// A deed is one pass over the whole work of a workload. After one that is not timed, it is repeated
// in each turn until the turn is long enough to be timed; a cost is that of one pass, the median of
// all turns. A quick run makes one turn of one pass.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/harness/workload.h"

namespace shield::testing {

// Turns of a run, always odd.
int TurnsOf(const Run& run);

using Deed = std::function<absl::Status()>;

// What a second is. kProcessor is for deeds that do nothing but compute on one thread: on an idle
// machine it is the same as by the wall, and another program beside them does not disturb it.
enum class TimedBy { kWall, kProcessor };

// Of one pass.
struct Comparison {
  double ours_s = 0;
  std::optional<double> ceiling_s = {};
  double cpu_s = 0;         // of ours: processor time of this process, in all its threads
  uint64_t peak_bytes = 0;  // of this process in a pass of ours that is not timed, inputs included
};

// The first error of either deed. An empty `ceiling` is none.
absl::StatusOr<Comparison> Compare(const Run& run, TimedBy timed_by, const Deed& ours,
                                   const Deed& ceiling = nullptr);

// The one in the middle of an odd number of values.
double Median(std::vector<double> values);

// How many units a second, where a pass does `units` of them: higher is better.
Figure RateFigure(std::string unit, double units, const Comparison& costs);
// How long a pass takes, in units of which a second has `units_a_second`: lower is better.
Figure TimeFigure(std::string unit, double units_a_second, const Comparison& costs);

}  // namespace shield::testing
