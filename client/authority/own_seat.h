// The authority's own seat: the TLS key of network.shield, by which this home uploads directories.
//
// A broker admits that key on its own account only until it holds a directory; from then on the key
// must be enrolled there like any other. A directory without it could never be replaced.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/authority/draft.h"
#include "policy/proof/network_file.h"

namespace shield {

// Whether a directory made of `draft` lets the authority's own key upload the next one at `now`: it
// is the TLS key of an active member with role vetting or analyst in an active organisation of kind
// authority. FAILED_PRECONDITION, rule OWN_SEAT, with the command to run, when it is not;
// INVALID_ARGUMENT when the draft makes no directory.
absl::Status CheckOwnSeat(const DirectoryDraft& draft, const NetworkFile& network, absl::Time now);

}  // namespace shield
