// Who is addressed and has no key now: between the end of a member's keys and its new ones nothing
// can be sealed to it, and whoever publishes is told so (docs/spec/tlp.md, "Who has no key").
//
// Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/draft/draft.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/publication_plan.h"
#include "policy/audience.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Warning and refusal.
inline constexpr absl::string_view kRecipientWithoutKey = "RECIPIENT_WITHOUT_KEY";

// Whether it may reach none but the source's own seats, though it is for others too who have no
// key. So it may be of an extension that excludes members: those have it (docs/spec/cli.md,
// `extend`), and the seats may be all who lack it and can be reached.
enum class OwnSeats { kDoNotSuffice, kSuffice };
OwnSeats OwnSeatsOf(const Draft& draft);

// Moves the recipients of `planned` who have no key at its `issued` into its `without_key`. Errors:
//   PERMISSION_DENIED RECIPIENT_WITHOUT_KEY   one of them is named in person by the audience; or
//                                             none but the source's own seats is left of readers
//                                             of whom there were others, and these do not suffice
absl::Status SetApartWithoutKey(const VerifiedDirectory& directory, OwnSeats own_seats,
                                PlannedBulletin& planned);

// The refusal about those.
absl::Status RefuseWithoutKey(const std::vector<PlannedReader>& without_key);

}  // namespace shield
