// The statement that takes a bulletin back (docs/spec/statement.md, "References").
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/publish/held_bulletin.h"
#include "client/publish/plan_bulletin.h"
#include "policy/proof/verified_directory.h"
#include "policy/statement.h"

namespace shield {

// How long a withdrawal is kept at least; it outlives what it takes back.
inline constexpr absl::Duration kWithdrawalLife = absl::Hours(30 * 24);

// Pure. Label, audience, priority and status are the bulletin's own; it is for nobody and holds
// nothing. PERMISSION_DENIED with policy's rule when `author` may not: NOT_SOURCE, WITHDRAWN, …
absl::StatusOr<Statement> PlanWithdrawal(const HeldBulletin& target, const BulletinId& id,
                                         const PublishingMember& author,
                                         const VerifiedDirectory& directory, absl::Time now);

}  // namespace shield
