// What a briefing costs: who may have what of 5,000 bulletins among 10,000 members, and the edition
// made of them.
//
//   build/release/tests/bench/digest_bench
//
// `resident_mib` is what the process held at most, directory and bulletins included.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "client/digest/admit.h"
#include "client/digest/build_edition.h"
#include "tests/bench/sample_week.h"
#include "tests/bench/sector_network.h"

namespace shield::testing {
namespace {

constexpr int kBulletins = 5'000;
constexpr size_t kMembers = 10'000;

std::shared_ptr<const Directory> Network() {
  return SectorNetwork({.members = kMembers, .digest_seat = true, .period = SamplePeriod()});
}

// No two alike, and each lets every reader in.
Targets ForAllAndOne(int number) {
  const std::vector<AudienceToken> words = {
      {AudienceToken::Kind::kVetting, "2"},
      AudienceToken::Org(SectorOrg(static_cast<size_t>(number) % 500)),
      AudienceToken::Member(SectorReader(static_cast<size_t>(number)))};
  return TargetsOf(words);
}

double ResidentMib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Admits(benchmark::State& state, Tlp tlp, const std::function<Targets(int)>& audience) {
  const auto directory = Network();
  const std::vector<BriefingCandidate> candidates =
      SampleCandidates(*directory, kBulletins, tlp, audience);
  EditionTerms edition{.author = SectorDigestSeat(), .tlp = tlp};
  if (tlp != Tlp::kGreen) edition.to = {{AudienceToken::Kind::kVetting, "2"}};
  for (auto _ : state) {
    const auto admission = AdmitForOthers(*directory, edition, candidates, SampleWeek().due());
    SHIELD_CHECK(admission.ok() && admission->bulletins.size() == kBulletins);
  }
  state.counters["resident_mib"] = ResidentMib();
}

void AdmitsWhatIsForAll(benchmark::State& state) { Admits(state, Tlp::kGreen, ForCommunity); }
BENCHMARK(AdmitsWhatIsForAll)->Unit(benchmark::kMillisecond);

void AdmitsAmberOfWhichNoTwoHaveOneAudience(benchmark::State& state) {
  Admits(state, Tlp::kAmber, ForAllAndOne);
}
BENCHMARK(AdmitsAmberOfWhichNoTwoHaveOneAudience)->Unit(benchmark::kMillisecond);

void BuildsAnEditionOfFiveThousand(benchmark::State& state) {
  const auto directory = Network();
  std::vector<BriefedBulletin> bulletins;
  for (BriefingCandidate& candidate :
       SampleCandidates(*directory, kBulletins, Tlp::kGreen, ForCommunity)) {
    bulletins.push_back(std::move(candidate.bulletin));
  }
  const EditionInput input = SampleInput(std::move(bulletins));
  const EditionOrder order = SampleOrder();
  for (auto _ : state) {
    const auto edition = BuildEdition(input, order);
    SHIELD_CHECK(edition.ok() && edition->items.size() == kMaxFullItems);
  }
  state.counters["resident_mib"] = ResidentMib();
}
BENCHMARK(BuildsAnEditionOfFiveThousand)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shield::testing
