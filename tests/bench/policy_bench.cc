// What policy costs: one decision, and the audience of a bulletin among N members.
//
//   build/release/tests/bench/policy_bench
#include <benchmark/benchmark.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "policy/audience.h"
#include "policy/corpus/fixture.h"
#include "policy/decide.h"

namespace shield {
namespace {

constexpr int64_t kMembersAnOrg = 20;
constexpr absl::string_view kSectors[] = {"health", "hotels-restaurants", "retail",
                                          "stadia-arenas"};
const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
const Period kAlways = {kNow - absl::Hours(24), kNow + absl::Hours(24)};

OrgRecord Org(absl::string_view id, OrgKind kind, absl::string_view sector) {
  return OrgRecord{.id = *OrgId::Parse(id),
                   .kind = kind,
                   .community = *CommunityId::Parse("c1"),
                   .sectors = {std::string(sector)},
                   .regions = {"BE211"},
                   .vetting = 3,
                   .state = AccountState::kActive,
                   .period = kAlways};
}

MemberRecord Seat(absl::string_view id, const OrgId& org, Role role) {
  return MemberRecord{.id = *MemberId::Parse(id),
                      .org = org,
                      .roles = {role},
                      .vetting = 3,
                      .state = AccountState::kActive,
                      .period = kAlways};
}

// The next `count` organisations are clients of that one.
void AddClients(size_t org, size_t count, std::vector<OrgRecord>& orgs) {
  for (size_t next = org + 1; next <= org + count && next < orgs.size(); ++next) {
    orgs[org].clients.push_back({orgs[next].id, kAlways});
  }
}

// An authority and `members` readers in organisations of twenty, over four sectors; each
// organisation with `clients` others.
std::shared_ptr<const Directory> Network(int64_t members, size_t clients = 0) {
  DirectoryRecords records;
  records.orgs.push_back(Org("pol", OrgKind::kAuthority, "public-sector"));
  records.members.push_back(Seat("p1", records.orgs.front().id, Role::kAnalyst));
  for (int64_t i = 0; i < members; ++i) {
    if (i % kMembersAnOrg == 0) {
      const int64_t number = i / kMembersAnOrg;
      records.orgs.push_back(
          Org(absl::StrCat("org-", number), OrgKind::kMember, kSectors[number % 4]));
    }
    records.members.push_back(Seat(absl::StrCat("m-", i), records.orgs.back().id, Role::kReader));
  }
  for (size_t org = 1; org < records.orgs.size(); ++org) AddClients(org, clients, records.orgs);
  auto directory = MakeFixture(std::move(records), kNow);
  SHIELD_CHECK(directory.ok());
  return *std::move(directory);
}

Terms Bulletin(Tlp tlp, std::vector<AudienceToken> audience) {
  return Terms{.author = *MemberId::Parse("p1"),
               .source = *OrgId::Parse("pol"),
               .community = *CommunityId::Parse("c1"),
               .tlp = tlp,
               .issued = kNow,
               .not_before = kNow,
               .expires = kNow + absl::Hours(1),
               .targets = TargetsOf(audience)};
}

void DecidesWhetherAReaderMayHaveIt(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = Bulletin(Tlp::kAmber, {AudienceToken::Org(*OrgId::Parse("org-7"))});
  const Reader reader = Reader::Holder(*MemberId::Parse("m-150"));
  for (auto _ : state) {
    const Decision decision = Decide(*directory, terms, reader, kNow);
    SHIELD_CHECK(decision.allowed);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecidesWhetherAReaderMayHaveIt)->Arg(10'000)->Arg(100'000);

void ResolvesTheRecipientsOfASector(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = Bulletin(Tlp::kAmber, {{AudienceToken::Kind::kSector, "retail"}});
  for (auto _ : state) {
    const auto recipients = ResolveRecipients(*directory, terms, kNow);
    SHIELD_CHECK(recipients.ok());
    state.counters["recipients"] = static_cast<double>(recipients->recipients.size());
  }
}
BENCHMARK(ResolvesTheRecipientsOfASector)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

void ResolvesTheRecipientsOfTheCommunity(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = Bulletin(Tlp::kGreen, {});
  for (auto _ : state) {
    const auto recipients = ResolveRecipients(*directory, terms, kNow);
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
  const Terms terms = Bulletin(Tlp::kAmber, {AudienceToken::Org(*OrgId::Parse("org-7"))});
  for (auto _ : state) {
    benchmark::DoNotOptimize(ResolveRecipients(*directory, terms, kNow));
  }
}
BENCHMARK(ResolvesTheRecipientsOfOneOrganisation)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

void ResolvesTheWholeAudienceWithExclusions(benchmark::State& state) {
  const auto directory = Network(state.range(0));
  const Terms terms = Bulletin(Tlp::kAmber, {{AudienceToken::Kind::kSector, "retail"}});
  for (auto _ : state) {
    benchmark::DoNotOptimize(ResolveAudience(*directory, terms, kNow));
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
  for (int i = 0; i < 100; ++i)
    firms.push_back(AudienceToken::Org(*OrgId::Parse(absl::StrCat("org-", i))));
  const Terms terms = Bulletin(Tlp::kAmber, std::move(firms));
  for (auto _ : state) {
    benchmark::DoNotOptimize(ResolveAudience(*directory, terms, kNow));
  }
}
BENCHMARK(ResolvesTheWholeAudienceAmongClients)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shield
