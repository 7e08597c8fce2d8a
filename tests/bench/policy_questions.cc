#include "tests/bench/policy_questions.h"

#include "tests/bench/sector_network.h"

namespace shield::testing {

absl::Time PolicyNow() { return absl::FromUnixSeconds(1'790'000'000); }

Period PolicyPeriod() { return {PolicyNow() - absl::Hours(24), PolicyNow() + absl::Hours(24)}; }

Terms PolicyBulletin(Tlp tlp, std::vector<AudienceToken> audience) {
  return Terms{.author = SectorAnalyst(),
               .source = SectorAuthority(),
               .community = SectorCommunity(),
               .tlp = tlp,
               .issued = PolicyNow(),
               .not_before = PolicyNow(),
               .expires = PolicyNow() + absl::Hours(1),
               .targets = TargetsOf(audience)};
}

}  // namespace shield::testing
