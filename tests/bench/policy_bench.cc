// What policy costs: one decision, and the audience of a bulletin among N members.
//
//   build/release/tests/bench/policy_bench
#include <benchmark/benchmark.h>

#include <memory>

#include "base/check.h"
#include "policy/audience.h"
#include "policy/decide.h"
#include "tests/bench/policy_questions.h"
#include "tests/bench/sector_network.h"

namespace shield::testing {
namespace {

std::shared_ptr<const Directory> Network(int64_t members, size_t clients = 0) {
  return SectorNetwork(
      {.members = static_cast<size_t>(members), .clients = clients, .period = PolicyPeriod()});
}

void DecidesWhetherAReaderMayHaveIt(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = PolicyBulletin(Tlp::kAmber, {AudienceToken::Org(SectorOrg(7))});
  const Reader reader = Reader::Holder(SectorReader(150));
  for (auto _ : state) {
    const Decision decision = Decide(*directory, terms, reader, PolicyNow());
    SHIELD_CHECK(decision.allowed);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecidesWhetherAReaderMayHaveIt)->Arg(10'000)->Arg(100'000);

void ResolvesTheRecipientsOfASector(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = PolicyBulletin(Tlp::kAmber, {{AudienceToken::Kind::kSector, "retail"}});
  for (auto _ : state) {
    const auto recipients = ResolveRecipients(*directory, terms, PolicyNow());
    SHIELD_CHECK(recipients.ok());
    state.counters["recipients"] = static_cast<double>(recipients->recipients.size());
  }
}
BENCHMARK(ResolvesTheRecipientsOfASector)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void ResolvesTheRecipientsOfTheCommunity(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = PolicyBulletin(Tlp::kGreen, {});
  for (auto _ : state) {
    const auto recipients = ResolveRecipients(*directory, terms, PolicyNow());
    SHIELD_CHECK(recipients.ok());
    state.counters["recipients"] = static_cast<double>(recipients->recipients.size());
  }
}
BENCHMARK(ResolvesTheRecipientsOfTheCommunity)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void ResolvesTheRecipientsOfOneOrganisation(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = PolicyBulletin(Tlp::kAmber, {AudienceToken::Org(SectorOrg(7))});
  for (auto _ : state) {
    benchmark::DoNotOptimize(ResolveRecipients(*directory, terms, PolicyNow()));
  }
}
BENCHMARK(ResolvesTheRecipientsOfOneOrganisation)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

void ResolvesTheWholeAudienceWithExclusions(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = PolicyBulletin(Tlp::kAmber, {{AudienceToken::Kind::kSector, "retail"}});
  for (auto _ : state) {
    benchmark::DoNotOptimize(ResolveAudience(*directory, terms, PolicyNow()));
  }
}
BENCHMARK(ResolvesTheWholeAudienceWithExclusions)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

// Whoever is not of the hundred organisations named is asked for as a client of theirs, or a
// client's.
void ResolvesTheWholeAudienceAmongClients(benchmark::State& state) {
  const auto directory = Network(state.range(0), /*clients=*/5);
  std::vector<AudienceToken> firms;
  for (size_t i = 0; i < 100; ++i) firms.push_back(AudienceToken::Org(SectorOrg(i)));
  const Terms terms = PolicyBulletin(Tlp::kAmber, std::move(firms));
  for (auto _ : state) {
    benchmark::DoNotOptimize(ResolveAudience(*directory, terms, PolicyNow()));
  }
}
BENCHMARK(ResolvesTheWholeAudienceAmongClients)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shield::testing
