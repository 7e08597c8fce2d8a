// What policy is asked in measurements, over a SectorNetwork.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "policy/terms.h"

namespace shield::testing {

// The moment of every question, and when the accounts of the network are valid.
absl::Time PolicyNow();
Period PolicyPeriod();

// A bulletin of the authority's analyst to `audience`.
Terms PolicyBulletin(Tlp tlp, std::vector<AudienceToken> audience);

}  // namespace shield::testing
