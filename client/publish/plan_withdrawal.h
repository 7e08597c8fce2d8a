// The statement that takes a bulletin back (docs/spec/statement.md, "References").
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/publish/plan_bulletin.h"
#include "policy/proof/verified_directory.h"
#include "policy/statement.h"

namespace shield {

// How long a withdrawal is kept at least; it outlives what it takes back.
inline constexpr absl::Duration kWithdrawalLife = absl::Hours(30 * 24);

// What is to be taken back, as this home holds it.
struct WithdrawnBulletin {
  std::string statement;        // the signed note
  std::optional<OrgId> source;  // its author's organisation when it was published, if known
};

// Pure. Label, audience, priority and status are the bulletin's own; it is for nobody and holds
// nothing. PERMISSION_DENIED with policy's rule when `author` may not: NOT_SOURCE, WITHDRAWN, …
absl::StatusOr<Statement> PlanWithdrawal(const WithdrawnBulletin& target, const BulletinId& id,
                                         const PublishingMember& author,
                                         const VerifiedDirectory& directory, absl::Time now);

}  // namespace shield
