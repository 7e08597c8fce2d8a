#include "tests/bench/harness/turns.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "base/status.h"
#include "tests/bench/harness/process_cost.h"

namespace shield::testing {
namespace {

constexpr int kTurns = 5;
// A shorter turn says more about interrupts than about the work.
constexpr double kLeastTurnSeconds = 0.1;

using Watch = std::chrono::steady_clock;

double SecondsSince(Watch::time_point start) {
  return std::chrono::duration<double>(Watch::now() - start).count();
}

struct PassCost {
  double wall_s = 0;
  double cpu_s = 0;

  double By(TimedBy timed_by) const { return timed_by == TimedBy::kWall ? wall_s : cpu_s; }
};

absl::StatusOr<PassCost> TakeTurn(const Run& run, const Deed& deed) {
  const double least = run.effort == Effort::kQuick ? 0 : kLeastTurnSeconds;
  const double cpu_before = ProcessorSeconds();
  const auto start = Watch::now();
  double passes = 0;
  double wall = 0;
  do {
    RETURN_IF_ERROR(deed());
    ++passes;
    wall = SecondsSince(start);
  } while (wall < least);
  return PassCost{.wall_s = wall / passes, .cpu_s = (ProcessorSeconds() - cpu_before) / passes};
}

// What the first pass pays once (pages, caches, the first start of a program) is nobody's turn.
// The most memory that ours held in it.
absl::StatusOr<uint64_t> WarmUp(const Deed& ours, const Deed& ceiling) {
  ForgetPeak();
  RETURN_IF_ERROR(ours());
  const uint64_t peak_bytes = PeakBytes();
  if (ceiling) RETURN_IF_ERROR(ceiling());
  return peak_bytes;
}

}  // namespace

int TurnsOf(const Run& run) { return run.effort == Effort::kQuick ? 1 : kTurns; }

double Median(std::vector<double> values) {
  SHIELD_CHECK(values.size() % 2 == 1);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

absl::StatusOr<Comparison> Compare(const Run& run, TimedBy timed_by, const Deed& ours,
                                   const Deed& ceiling) {
  Comparison costs;
  ASSIGN_OR_RETURN(costs.peak_bytes, WarmUp(ours, ceiling));
  std::vector<double> ours_s;
  std::vector<double> ceiling_s;
  std::vector<double> cpu_s;
  for (int turn = 0; turn < TurnsOf(run); ++turn) {
    ASSIGN_OR_RETURN(const PassCost cost, TakeTurn(run, ours));
    ours_s.push_back(cost.By(timed_by));
    cpu_s.push_back(cost.cpu_s);
    if (!ceiling) continue;
    ASSIGN_OR_RETURN(const PassCost bare, TakeTurn(run, ceiling));
    ceiling_s.push_back(bare.By(timed_by));
  }
  costs.ours_s = Median(std::move(ours_s));
  costs.cpu_s = Median(std::move(cpu_s));
  if (ceiling) costs.ceiling_s = Median(std::move(ceiling_s));
  return costs;
}

Figure RateFigure(std::string unit, double units, const Comparison& costs) {
  Figure figure{.unit = std::move(unit),
                .better = Better::kHigher,
                .ours = units / costs.ours_s,
                .cpu_s = costs.cpu_s,
                .peak_bytes = costs.peak_bytes};
  if (costs.ceiling_s.has_value()) figure.ceiling = units / *costs.ceiling_s;
  return figure;
}

Figure TimeFigure(std::string unit, double units_a_second, const Comparison& costs) {
  Figure figure{.unit = std::move(unit),
                .better = Better::kLower,
                .ours = units_a_second * costs.ours_s,
                .cpu_s = costs.cpu_s,
                .peak_bytes = costs.peak_bytes};
  if (costs.ceiling_s.has_value()) figure.ceiling = units_a_second * *costs.ceiling_s;
  return figure;
}

}  // namespace shield::testing
