#include "tests/bench/micro/growth_workloads.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include "base/status.h"
#include "crypto/file_key.h"
#include "crypto/seal_slots.h"
#include "crypto/system_random.h"
#include "tests/bench/harness/growth.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/micro/bench_keys.h"
#include "tests/bench/micro/policy_passes.h"

namespace shield::testing {
namespace {

using Sizes = std::array<size_t, 3>;

constexpr Sizes kMembers = {1'000, 10'000, 100'000};
constexpr Sizes kRecipients = {100, 1'000, 10'000};
constexpr Sizes kFewMembers = {1'000, 2'000, 4'000};
constexpr Sizes kFewRecipients = {100, 200, 400};

const Sizes& MembersOf(const Run& run) {
  return run.effort == Effort::kQuick ? kFewMembers : kMembers;
}

const Sizes& RecipientsOf(const Run& run) {
  return run.effort == Effort::kQuick ? kFewRecipients : kRecipients;
}

// What one size costs, all it needs made before the first turn.
using SizeMeasurement = std::function<absl::StatusOr<Comparison>(const Run& run, size_t size)>;

absl::StatusOr<Figure> Fit(const Run& run, const Sizes& sizes, const SizeMeasurement& measure) {
  std::vector<SizedCost> points;
  Figure figure{.unit = "exponent", .better = Better::kLower};
  for (const size_t size : sizes) {
    ASSIGN_OR_RETURN(const Comparison costs, measure(run, size));
    points.push_back({static_cast<double>(size), costs.ours_s});
    figure.cpu_s += costs.cpu_s;
    figure.peak_bytes = std::max(figure.peak_bytes, costs.peak_bytes);
  }
  figure.ours = FittedExponent(points);
  return figure;
}

absl::StatusOr<Comparison> AudienceOf(const Run& run, size_t members) {
  const AudiencePass pass(members);
  return Compare(run, TimedBy::kProcessor, [&] { return pass.Run(); });
}

absl::StatusOr<Comparison> DecisionsAmong(const Run& run, size_t members) {
  const DecisionPass pass(members);
  return Compare(run, TimedBy::kProcessor, [&] { return pass.Run(); });
}

absl::StatusOr<Comparison> SealingTo(const Run& run, size_t recipients) {
  const std::vector<X25519PublicKey> keys = SomeRecipients(recipients);
  SystemRandom random;
  const FileKey file_key = NewFileKey(random);
  return Compare(run, TimedBy::kProcessor,
                 [&] { return SealSlots(keys, file_key, /*threads=*/1).status(); });
}

}  // namespace

void AddGrowth(Suite& suite) {
  suite.Add("growth", Effort::kQuick, {{"of", "audience"}},
            [](const Run& run) { return Fit(run, MembersOf(run), AudienceOf); });
  suite.Add("growth", Effort::kQuick, {{"of", "sealing"}},
            [](const Run& run) { return Fit(run, RecipientsOf(run), SealingTo); });
  suite.Add("growth", Effort::kQuick, {{"of", "decision"}},
            [](const Run& run) { return Fit(run, MembersOf(run), DecisionsAmong); });
}

}  // namespace shield::testing
