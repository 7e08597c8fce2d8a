// What a directory of N members costs: to build, to verify whole, to verify in part.
//
//   build/release/tests/bench/directory_bench
#include <benchmark/benchmark.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "crypto/sha256.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/recipient_set.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::PublishedDirectory;
using testing::SampleNetwork;

constexpr int64_t kMembersAnOrg = 20;

void Enrol(SampleNetwork& network, int64_t members) {
  std::string org;
  for (int64_t i = 0; i < members; ++i) {
    if (i % kMembersAnOrg == 0) {
      org = absl::StrCat("org-", i / kMembersAnOrg);
      network.AddOrg(org, OrgKind::kMember);
    }
    network.AddMember(absl::StrCat("member-", i), org, {Role::kReader});
  }
}

void BuildsADirectory(benchmark::State& state) {
  SampleNetwork network;
  Enrol(network, state.range(0));
  network.Publish();
  ++network.draft().version;
  for (auto _ : state) {
    benchmark::DoNotOptimize(BuildDirectoryText(network.draft(), network.records()).value());
  }
}
BENCHMARK(BuildsADirectory)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

void VerifiesADirectory(benchmark::State& state) {
  SampleNetwork network;
  Enrol(network, state.range(0));
  const PublishedDirectory published = network.Publish();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        VerifyDirectory(published.note, published.orgs, network.file(), std::nullopt).value());
  }
}
BENCHMARK(VerifiesADirectory)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

void VerifiesADirectoryInParts(benchmark::State& state) {
  SampleNetwork network;
  Enrol(network, state.range(0));
  const PublishedDirectory published = network.Publish();
  const DirectoryTree tree(published.orgs);
  std::vector<OrgPart> parts;
  for (size_t i = 0; i < tree.size(); ++i) parts.push_back(tree.Part(i));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        VerifyPartialDirectory(published.note, parts, network.file(), std::nullopt).value());
  }
}
BENCHMARK(VerifiesADirectoryInParts)->Arg(10'000)->Unit(benchmark::kMillisecond);

std::vector<Recipient> Recipients(int64_t count) {
  std::vector<Recipient> recipients;
  for (int64_t i = 0; i < count; ++i) {
    recipients.push_back({{Sha256(absl::StrCat(i)).bytes}, Sha256(absl::StrCat("slot ", i))});
  }
  return recipients;
}

void SortsAndHashesARecipientSet(benchmark::State& state) {
  const std::vector<Recipient> unsorted = Recipients(state.range(0));
  for (auto _ : state) {
    std::vector<Recipient> recipients = unsorted;
    std::sort(recipients.begin(), recipients.end(),
              [](const Recipient& a, const Recipient& b) { return a.key < b.key; });
    benchmark::DoNotOptimize(RecipientSet::Create(std::move(recipients))->Root());
  }
}
BENCHMARK(SortsAndHashesARecipientSet)->Arg(10'000)->Unit(benchmark::kMillisecond);

void ProvesEveryRecipient(benchmark::State& state) {
  std::vector<Recipient> recipients = Recipients(state.range(0));
  std::sort(recipients.begin(), recipients.end(),
            [](const Recipient& a, const Recipient& b) { return a.key < b.key; });
  const RecipientSet set = RecipientSet::Create(std::move(recipients)).value();
  for (auto _ : state) {
    for (uint64_t i = 0; i < set.size(); ++i) benchmark::DoNotOptimize(set.InclusionPath(i));
  }
}
BENCHMARK(ProvesEveryRecipient)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shield
