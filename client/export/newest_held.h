// The newest directory a home has seen, for checks that need neither keys nor a broker.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "client/home/home.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Verified against the keys of `network`; null when the home holds none of this network.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> NewestHeld(const Home& home,
                                                                    const NetworkFile& network,
                                                                    Clock& clock, Random& random);

}  // namespace shield
