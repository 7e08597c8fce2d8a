// Bulletins of which a source is said to have taken them back, without that holding here.
//
// A withdrawal, or a newer version, that a check closes for now ends nothing: its signer's key has
// ended by the time it comes, say, and whoever holds that key may sign what he likes since. But it
// may well be what the source said, so what it names is not shown as if nothing had been said
// (docs/spec/delivery.md, section 3, 5).
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "client/state/state.h"

namespace shield {

// The warning that such a bulletin carries while it is live.
inline constexpr char kEndingUnproven[] = "ENDING_UNPROVEN";

// What the entries that are closed for now say they end, of the oldest `max` of the inbox and of
// what was carried. Their
// signatures hold, by whichever key they name. Errors are those of `state`.
absl::StatusOr<std::vector<BulletinText>> UnprovenEndings(ClientState& state, uint64_t max);

// Whether the bulletin of this entry, or what it shares, is among them.
bool IsSaidToHaveEnded(const std::vector<BulletinText>& endings, const KeptEntry& kept);

}  // namespace shield
