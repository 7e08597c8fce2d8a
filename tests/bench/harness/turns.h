// Ours and the ceiling turn by turn, so that both see the same machine.
//
//   ASSIGN_OR_RETURN(const Comparison costs, Compare(run, SealOnce, MultiplyOnce));
//   return RateFigure("slots/s", recipients, costs);
//
// A deed is one pass over the whole work of a workload. In a turn it is repeated until the turn is
// long enough to be timed; a cost is that of one pass, the median of all turns. A quick run makes
// one turn of one pass.
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

// Of one pass; processor time of this process alone, in all its threads.
struct PassCost {
  double wall_s = 0;
  double cpu_s = 0;
};

struct Comparison {
  PassCost ours;
  std::optional<double> ceiling_wall_s;
  uint64_t peak_bytes = 0;  // of this process in the first turn of ours, its inputs included
};

// The first error of either deed. An empty `ceiling` is none.
absl::StatusOr<Comparison> Compare(const Run& run, const Deed& ours, const Deed& ceiling = nullptr);

// The one in the middle of an odd number of values.
double Median(std::vector<double> values);

// How many units a second, where a pass does `units` of them: higher is better.
Figure RateFigure(std::string unit, double units, const Comparison& costs);
// How long a pass takes, in units of which a second has `units_a_second`: lower is better.
Figure TimeFigure(std::string unit, double units_a_second, const Comparison& costs);

}  // namespace shield::testing
