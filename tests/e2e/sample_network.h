// A network as large as a city's first year: twelve organisations over all sectors, more than forty
// members of several roles, vetting levels and regions; a client, a suspended and a revoked member.
//
//   RealNetwork network;
//   EnrolSampleNetwork(network);                        // through the command line
//   auto directory = SampleDirectory(absl::Now());      // the same, for the second model
//
// Both come from one table in the .cc, and nothing of the product stands between them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/directory.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {

inline constexpr char kSampleSuspended[] = "astrid-suspended";
inline constexpr char kSampleRevoked[] = "bosuil-revoked";

// Adds every organisation and member, changes the two states, publishes the directory.
void EnrolSampleNetwork(RealNetwork& network);

std::shared_ptr<const Directory> SampleDirectory(absl::Time now);

// Everyone but the authority's own vetting seat, whose home is another.
std::vector<std::string> SampleMembers();

}  // namespace shield::testing
