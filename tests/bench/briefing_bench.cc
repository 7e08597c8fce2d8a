// What a person waits for who asks for a briefing: a home that holds 5,000 sealed bulletins of the
// last five weeks is opened, verified and read whole, and made into an edition.
//
//   build/release/tests/bench/briefing_bench
//
// The bulletins are published first, which takes about a minute; their broker is in memory, and
// what is measured does not ask it. `resident_mib` is what the process held at most, broker
// included.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "client/digest/page/html.h"
#include "client/digest/publish/make_edition.h"
#include "client/digest/show/json.h"
#include "client/digest/show/markdown.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

constexpr int kBulletins = 5'000;
constexpr absl::Duration kApart = absl::Minutes(10);

std::string DraftText(int number) {
  return absl::StrCat("+++\ntitle = \"Bulletin number ", number,
                      " about something that was seen\"\n",
                      "kind = \"flash_alert\"\ntlp = \"GREEN\"\nexpires = 2099-12-01T00:00:00Z\n",
                      "summary = \"Why number ", number, " matters.\"\nseverity = \"moderate\"\n",
                      "actions = [{ audience = \"guards\", text = \"Do ", number % 300,
                      ".\" }]\n+++\n", std::string(4'000, 'x'), "\n");
}

// A network whose analyst has published them all, made once.
testing::SampleNetwork& Network() {
  static testing::SampleNetwork* network = [] {
    auto* made = new testing::SampleNetwork;
    Client analyst = made->Open("an-lise");
    for (int i = 0; i < kBulletins; ++i) {
      made->clock().Advance(kApart);
      if (i % 72 == 0) made->PublishDirectory();
      const auto published = analyst.Publish(made->DraftOf(DraftText(i)));
      if (!published.ok()) std::cerr << i << ": " << published.status() << "\n";
      SHIELD_CHECK(published.ok());
    }
    SHIELD_CHECK(made->Open("an-omar").Sync().ok());
    return made;
  }();
  return *network;
}

BriefingRequest Request(Tier tier) {
  BriefingRequest request{.week = Week::Of(Network().clock().Now()).Plus(-1)};
  request.tier = tier;
  request.generator = "bench";
  return request;
}

MadeEdition Make(absl::string_view member, Tier tier) {
  Client client = Network().Open(member);
  const auto whom = tier == Tier::kMine ? GatheredFor::kMine : GatheredFor::kOthers;
  const auto gathered =
      Gather(client, Network().HomeOf(member), whom, Language::kEnglish, Fetching::kNever);
  SHIELD_CHECK(gathered.ok() && gathered->candidates.size() == kBulletins);
  auto made = MakeEdition(*gathered, Request(tier), Network().clock().Now());
  SHIELD_CHECK(made.ok() && !made->edition.items.empty());
  return *std::move(made);
}

double ResidentMib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void FromAHomeToAnEditionForAll(benchmark::State& state) {
  Network();
  for (auto _ : state) {
    const MadeEdition made = Make("an-omar", Tier::kGreen);
    benchmark::DoNotOptimize(WriteMarkdown(made.edition));
  }
  state.counters["resident_mib"] = ResidentMib();
}
BENCHMARK(FromAHomeToAnEditionForAll)->Unit(benchmark::kMillisecond);

void FromAHomeToOnesOwnWeek(benchmark::State& state) {
  Network();
  for (auto _ : state) {
    const MadeEdition made = Make("an-omar", Tier::kMine);
    benchmark::DoNotOptimize(WriteMarkdown(made.edition));
  }
}
BENCHMARK(FromAHomeToOnesOwnWeek)->Unit(benchmark::kMillisecond);

void WritesMarkdownPageAndJson(benchmark::State& state) {
  const MadeEdition made = Make("an-omar", Tier::kGreen);
  for (auto _ : state) {
    benchmark::DoNotOptimize(WriteMarkdown(made.edition));
    benchmark::DoNotOptimize(WriteJson(made.edition));
    SHIELD_CHECK(WriteHtml(made.edition, PageTemplates::BuiltIn()).ok());
  }
}
BENCHMARK(WritesMarkdownPageAndJson)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shield
