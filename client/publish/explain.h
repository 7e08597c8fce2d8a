// Why a member would get a bulletin, or would not: policy's own answer, for a person to read.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "client/publish/plan_bulletin.h"
#include "policy/decision.h"

namespace shield {

// Whether `member` would be sent the planned bulletin.
absl::StatusOr<Decision> ExplainPlanned(const PlannedBulletin& planned, const MemberId& member,
                                        const VerifiedDirectory& directory, absl::Time now);

// Whether `member` may have a bulletin that is in this home, at `now`. Who published it knows the
// whole audience; a reader knows the part that concerns itself, and what stays hidden counts as not
// meant for `member`. `org_at_publish` is where the member was then, if known: some have it there
// alone. NOT_FOUND when the bulletin is not here.
absl::StatusOr<Decision> ExplainHeld(const ClientParts& parts, const BulletinId& id,
                                     const MemberId& member, const VerifiedDirectory& directory,
                                     absl::Time now,
                                     const std::optional<OrgId>& org_at_publish = std::nullopt);

}  // namespace shield
