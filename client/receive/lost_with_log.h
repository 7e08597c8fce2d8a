// What a broker lost before the authority named another key of its log: a loss that is known, and
// that no proof of the new log can be asked for (docs/spec/delivery.md, section 2).
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/state/state.h"

namespace shield {

// Whether this entry was set aside under the log key that this home follows now, or was carried
// here and is older than that key. Errors are those of `state`.
absl::StatusOr<bool> WasLostWithLog(ClientState& state, const KeptEntry& kept);
// Whether this home published it before that key was named.
absl::StatusOr<bool> WasLostWithLog(ClientState& state, const Publication& published);

// FAILED_PRECONDITION, rule LOST_BY_BROKER: what is true of such a bulletin when a proof of the log
// is asked for, and what can be had instead.
absl::Status LostByBroker(const BulletinId& id);

}  // namespace shield
