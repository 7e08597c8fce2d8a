// Who is addressed and has no key now: between the end of a member's keys and its new ones nothing
// can be sealed to it, and whoever publishes is told so (docs/spec/tlp.md, "Who has no key").
//
// Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/publication_plan.h"
#include "policy/audience.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Warning and refusal.
inline constexpr absl::string_view kRecipientWithoutKey = "RECIPIENT_WITHOUT_KEY";

// Moves the recipients of `planned` who have no key at its `issued` into its `without_key`. Errors:
//   PERMISSION_DENIED RECIPIENT_WITHOUT_KEY   one of them is named in person by the audience; or
//                                             none but the source's own seats is left of readers
//                                             of whom there were others
absl::Status SetApartWithoutKey(const VerifiedDirectory& directory, PlannedBulletin& planned);

// The refusal about those.
absl::Status RefuseWithoutKey(const std::vector<PlannedReader>& without_key);

}  // namespace shield
