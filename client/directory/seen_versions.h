// What a home has seen of the authority's versions, held against what comes later.
//
//   RETURN_IF_ERROR(CheckSeenVersions(state, *offered, now));
//
// The note of every version that a home was ever shown stays in state.db. A text that came by
// another way, however old, says of a version what was seen, follows the one that was seen before
// it, and is followed by the one after it: else two texts are signed, and both are kept as an alarm
// that no later check takes back (docs/spec/carriage.md, section 2).
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/state/state.h"
#include "policy/proof/verified_directory.h"
#include "policy/proof/verified_statement.h"

namespace shield {

// Of a directory. DATA_LOSS, rule DIRECTORY_FORK, once the alarm is kept; any error of `state`.
absl::Status CheckSeenVersions(ClientState& state, const VerifiedDirectory& offered,
                               absl::Time now);

// Of the version that a statement names: its author has signed which text of it was in force.
// Errors as above; the statement is the second text of the alarm.
absl::Status CheckNamedVersion(ClientState& state, const VerifiedStatement& statement,
                               absl::Time now);

}  // namespace shield
