#include "tests/bench/micro/deciding_workloads.h"

#include "base/status.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/micro/policy_passes.h"

namespace shield::testing {
namespace {

constexpr double kMillisecondsASecond = 1e3;

struct Size {
  size_t members;
  Effort least;
};

constexpr Size kSizes[] = {
    {2'000, Effort::kQuick}, {10'000, Effort::kDefault}, {100'000, Effort::kDefault}};

absl::StatusOr<Figure> MeasureDecisions(const Run& run, size_t members) {
  const DecisionPass pass(members);
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(run, TimedBy::kProcessor, [&] { return pass.Run(); }));
  return RateFigure("decisions/s", DecisionPass::kDecisions, costs);
}

absl::StatusOr<Figure> MeasureAudience(const Run& run, size_t members) {
  const AudiencePass pass(members);
  ASSIGN_OR_RETURN(const Comparison costs,
                   Compare(run, TimedBy::kProcessor, [&] { return pass.Run(); }));
  return TimeFigure("ms", kMillisecondsASecond, costs);
}

}  // namespace

void AddDeciding(Suite& suite) {
  for (const Size& size : kSizes) {
    suite.Add("policy_decisions", size.least, {{"members", size.members}},
              [members = size.members](const Run& run) { return MeasureDecisions(run, members); });
  }
  for (const Size& size : kSizes) {
    suite.Add("audience_resolution", size.least, {{"members", size.members}},
              [members = size.members](const Run& run) { return MeasureAudience(run, members); });
  }
}

}  // namespace shield::testing
