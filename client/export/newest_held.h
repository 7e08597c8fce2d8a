// The newest directory a home has seen, for checks that need neither keys nor a broker.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/random.h"
#include "client/home/home.h"
#include "client/state/state.h"
#include "policy/proof/network_file.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// The state of the home; null when the home has seen nothing of this network.
absl::StatusOr<std::unique_ptr<ClientState>> HeldState(const Home& home,
                                                       const NetworkFile& network);

// Verified against the keys of `network`; null when the home holds none of this network.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> NewestHeld(const Home& home,
                                                                    const NetworkFile& network,
                                                                    Clock& clock, Random& random);

}  // namespace shield
