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
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "client/digest/admit.h"
#include "client/digest/build_edition.h"
#include "crypto/sha256.h"
#include "policy/corpus/fixture.h"

namespace shield {
namespace {

constexpr int kBulletins = 5'000;
constexpr int kMembers = 10'000;
constexpr int kMembersAnOrg = 20;
constexpr absl::string_view kSectors[] = {"health", "hotels-restaurants", "retail",
                                          "stadia-arenas"};

Week BenchWeek() { return Week::Parse("2026-W47").value(); }
Period Always() {
  return {BenchWeek().begin() - absl::Hours(24 * 300), BenchWeek().end() + absl::Hours(24 * 300)};
}

OrgRecord Org(const std::string& id, OrgKind kind, absl::string_view sector) {
  return OrgRecord{.id = *OrgId::Parse(id),
                   .kind = kind,
                   .community = *CommunityId::Parse("c1"),
                   .sectors = {std::string(sector)},
                   .regions = {"BE211"},
                   .vetting = 3,
                   .state = AccountState::kActive,
                   .period = Always()};
}

MemberRecord Seat(const std::string& id, const OrgId& org, Role role) {
  return MemberRecord{.id = *MemberId::Parse(id),
                      .org = org,
                      .roles = {role},
                      .vetting = 3,
                      .state = AccountState::kActive,
                      .period = Always()};
}

std::shared_ptr<const Directory> Network() {
  DirectoryRecords records;
  records.orgs.push_back(Org("pol", OrgKind::kAuthority, "public-sector"));
  records.members.push_back(Seat("analyst", records.orgs.front().id, Role::kAnalyst));
  records.members.push_back(Seat("digest", records.orgs.front().id, Role::kDigest));
  for (int i = 0; i < kMembers; ++i) {
    if (i % kMembersAnOrg == 0) {
      const int number = i / kMembersAnOrg;
      records.orgs.push_back(
          Org(absl::StrCat("org-", number), OrgKind::kMember, kSectors[number % 4]));
    }
    records.members.push_back(Seat(absl::StrCat("m-", i), records.orgs.back().id, Role::kReader));
  }
  auto directory = MakeFixture(std::move(records), BenchWeek().begin());
  SHIELD_CHECK(directory.ok());
  return *std::move(directory);
}

BriefedContent Content(int number) {
  BriefedContent content;
  content.kind = "flash_alert";
  content.title = absl::StrCat("Bulletin number ", number, " about something that was seen");
  content.summary = absl::StrCat("Why number ", number, " matters.");
  content.body = std::string(4'000, 'x');
  content.severity = static_cast<Severity>(number % 5);
  content.statement_type = StatementType::kAssessment;
  content.likelihood = number % 7 == 0 ? "likely" : "";
  for (int i = 0; i < 4; ++i) {
    content.actions.push_back(
        {i % 2 == 0 ? "it" : "guards", absl::StrCat("do ", number % 300, " ", i)});
    content.places.push_back(
        {absl::StrCat("place ", number % 500, " ", i), 4.4, 51.2, std::nullopt});
    content.indicators.push_back({absl::StrCat("pattern ", number, " ", i), "", std::nullopt});
  }
  return content;
}

// Five weeks of bulletins; each addressed by `audience`, sent to everyone.
std::vector<BriefingCandidate> Candidates(const Directory& directory, Tlp tlp,
                                          const std::function<Targets(int)>& audience) {
  auto everyone = std::make_shared<MemberSet>(directory);
  for (size_t i = 0; i < directory.members().size(); ++i) everyone->Add(i);
  std::vector<BriefingCandidate> candidates;
  candidates.reserve(kBulletins);
  for (int i = 0; i < kBulletins; ++i) {
    const absl::Time issued = BenchWeek().end() - absl::Minutes(10 * (i + 1));
    BriefedBulletin bulletin{.id = *BulletinId::Parse(absl::StrFormat("%032x", i)),
                             .text_digest = Sha256(absl::StrCat(i)),
                             .author = *MemberId::Parse("analyst"),
                             .source = *OrgId::Parse("pol")};
    bulletin.content = Content(i);
    Terms terms{.author = bulletin.author,
                .source = bulletin.source,
                .community = *CommunityId::Parse("c1"),
                .tlp = tlp,
                .issued = issued,
                .not_before = issued,
                .expires = issued + absl::Hours(24 * 60),
                .targets = audience(i)};
    // A set of its own for each, as if each had gone to others.
    candidates.push_back({.bulletin = std::move(bulletin),
                          .terms = std::move(terms),
                          .sent_to = std::make_shared<MemberSet>(*everyone)});
  }
  return candidates;
}

Targets ForCommunity(int) {
  const std::vector<AudienceToken> words = {AudienceToken::Community(*CommunityId::Parse("c1"))};
  return TargetsOf(words);
}

// No two alike, and each lets every reader in.
Targets ForAllAndOne(int number) {
  const std::vector<AudienceToken> words = {
      {AudienceToken::Kind::kVetting, "2"},
      AudienceToken::Org(*OrgId::Parse(absl::StrCat("org-", number % 500))),
      AudienceToken::Member(*MemberId::Parse(absl::StrCat("m-", number)))};
  return TargetsOf(words);
}

double ResidentMib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Admits(benchmark::State& state, Tlp tlp, const std::function<Targets(int)>& audience) {
  const auto directory = Network();
  const std::vector<BriefingCandidate> candidates = Candidates(*directory, tlp, audience);
  EditionTerms edition{.author = *MemberId::Parse("digest"), .tlp = tlp};
  if (tlp != Tlp::kGreen) edition.to = {{AudienceToken::Kind::kVetting, "2"}};
  for (auto _ : state) {
    const auto admission = AdmitForOthers(*directory, edition, candidates, BenchWeek().due());
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
  EditionInput input{.network = "n",
                     .author = *MemberId::Parse("digest"),
                     .source = *OrgId::Parse("pol"),
                     .generator = "g",
                     .bulletins = {},
                     .red = {}};
  for (BriefingCandidate& candidate : Candidates(*directory, Tlp::kGreen, ForCommunity)) {
    candidate.bulletin.bulletin_class = BulletinClass::kContent;
    candidate.bulletin.issued = candidate.bulletin.not_before = candidate.terms.issued;
    candidate.bulletin.expires = candidate.terms.expires;
    input.bulletins.push_back(std::move(candidate.bulletin));
  }
  const EditionOrder order{.week = BenchWeek(),
                           .audience = {},
                           .as_of = BenchWeek().due(),
                           .foreword = {},
                           .picked = {},
                           .left = {},
                           .sectors = {"retail"},
                           .regions = {}};
  for (auto _ : state) {
    const auto edition = BuildEdition(input, order);
    SHIELD_CHECK(edition.ok() && edition->items.size() == kMaxFullItems);
  }
  state.counters["resident_mib"] = ResidentMib();
}
BENCHMARK(BuildsAnEditionOfFiveThousand)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace shield
