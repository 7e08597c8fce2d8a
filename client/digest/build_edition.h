// The edition of what may enter it: what is new, in which order, and how much is said of each.
//
//   Edition edition = BuildEdition(input, order);
//
// Pure: it knows no clock, no inbox and no policy; whoever calls it has asked policy which
// bulletins may enter (admit.h), and nothing else can come in.
//
// Order of bulletins: those picked; then by severity, then whether they were addressed to a sector
// and region of the readers, then the newest first, then by id. kMaxFullItems stand in full, the
// rest in one line. What is withdrawn, replaced or expired is never passed over in silence.
#pragma once

#include "absl/status/statusor.h"
#include "client/digest/edition.h"
#include "client/digest/edition_input.h"

namespace shield {

// NOT_FOUND, rule NOT_IN_EDITION: a bulletin that is picked or left is not among those admitted, or
// is neither new nor changed in that week. Whether it exists is not said. INVALID_ARGUMENT, rule
// PICKED_AND_LEFT: one is both. Each bulletin stands once in `input`.
absl::StatusOr<Edition> BuildEdition(const EditionInput& input, const EditionOrder& order);

}  // namespace shield
