#include "tests/bench/micro/digest_workload.h"

#include <memory>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/digest/admit.h"
#include "client/digest/build_edition.h"
#include "tests/bench/harness/turns.h"
#include "tests/bench/sample_week.h"
#include "tests/bench/sector_network.h"

namespace shield::testing {
namespace {

constexpr size_t kMembers = 10'000;
constexpr double kMillisecondsASecond = 1e3;

absl::Status MakeEdition(const Directory& directory,
                         const std::vector<BriefingCandidate>& candidates) {
  const EditionTerms terms{.author = SectorDigestSeat(), .tlp = Tlp::kGreen};
  ASSIGN_OR_RETURN(Admission admission,
                   AdmitForOthers(directory, terms, candidates, SampleWeek().due()));
  if (admission.bulletins.size() != candidates.size()) {
    return absl::InternalError("a bulletin for everyone was left out");
  }
  ASSIGN_OR_RETURN(const Edition edition,
                   BuildEdition(SampleInput(std::move(admission.bulletins)), SampleOrder()));
  if (edition.items.size() != kMaxFullItems) return absl::InternalError("the edition is not full");
  return absl::OkStatus();
}

absl::StatusOr<Figure> Measure(const Run& run, int items) {
  const std::shared_ptr<const Directory> directory =
      SectorNetwork({.members = kMembers, .digest_seat = true, .period = SamplePeriod()});
  const std::vector<BriefingCandidate> candidates =
      SampleCandidates(*directory, items, Tlp::kGreen, ForCommunity);
  ASSIGN_OR_RETURN(const Comparison costs, Compare(run, TimedBy::kProcessor, [&] {
                     return MakeEdition(*directory, candidates);
                   }));
  return TimeFigure("ms", kMillisecondsASecond, costs);
}

}  // namespace

void AddDigest(Suite& suite) {
  suite.Add("digest", Effort::kQuick, {{"items", 500}},
            [](const Run& run) { return Measure(run, 500); });
  suite.Add("digest", Effort::kDefault, {{"items", 5'000}},
            [](const Run& run) { return Measure(run, 5'000); });
}

}  // namespace shield::testing
