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
absl::Status WarmUp(const Run& run, const Deed& ours, const Deed& ceiling) {
  if (run.effort == Effort::kQuick) return absl::OkStatus();
  RETURN_IF_ERROR(ours());
  return ceiling ? ceiling() : absl::OkStatus();
}

}  // namespace

int TurnsOf(const Run& run) { return run.effort == Effort::kQuick ? 1 : kTurns; }

double Median(std::vector<double> values) {
  SHIELD_CHECK(values.size() % 2 == 1);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

absl::StatusOr<Comparison> Compare(const Run& run, const Deed& ours, const Deed& ceiling) {
  RETURN_IF_ERROR(WarmUp(run, ours, ceiling));
  std::vector<double> wall;
  std::vector<double> cpu;
  std::vector<double> ceiling_wall;
  Comparison costs;
  for (int turn = 0; turn < TurnsOf(run); ++turn) {
    if (turn == 0) ForgetPeak();
    ASSIGN_OR_RETURN(const PassCost cost, TakeTurn(run, ours));
    if (turn == 0) costs.peak_bytes = PeakBytes();
    wall.push_back(cost.wall_s);
    cpu.push_back(cost.cpu_s);
    if (!ceiling) continue;
    ASSIGN_OR_RETURN(const PassCost bare, TakeTurn(run, ceiling));
    ceiling_wall.push_back(bare.wall_s);
  }
  costs.ours = {.wall_s = Median(std::move(wall)), .cpu_s = Median(std::move(cpu))};
  if (ceiling) costs.ceiling_wall_s = Median(std::move(ceiling_wall));
  return costs;
}

Figure RateFigure(std::string unit, double units, const Comparison& costs) {
  Figure figure{.unit = std::move(unit),
                .better = Better::kHigher,
                .ours = units / costs.ours.wall_s,
                .ceiling = std::nullopt,
                .cpu_s = costs.ours.cpu_s,
                .peak_bytes = costs.peak_bytes};
  if (costs.ceiling_wall_s.has_value()) figure.ceiling = units / *costs.ceiling_wall_s;
  return figure;
}

Figure TimeFigure(std::string unit, double units_a_second, const Comparison& costs) {
  Figure figure{.unit = std::move(unit),
                .better = Better::kLower,
                .ours = units_a_second * costs.ours.wall_s,
                .ceiling = std::nullopt,
                .cpu_s = costs.ours.cpu_s,
                .peak_bytes = costs.peak_bytes};
  if (costs.ceiling_wall_s.has_value()) figure.ceiling = units_a_second * *costs.ceiling_wall_s;
  return figure;
}

}  // namespace shield::testing
