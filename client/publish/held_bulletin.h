// A bulletin of this home that a new one refers to (docs/spec/statement.md, "References").
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/state/state.h"
#include "policy/decide.h"
#include "policy/directory.h"
#include "policy/statement.h"
#include "policy/terms.h"

namespace shield {

struct HeldBulletin {
  std::string statement;        // the signed note
  std::optional<OrgId> source;  // its author's organisation when it was published, if known
  BulletinState state = BulletinState::kLive;
};
HeldBulletin HeldAs(const KeptEntry& kept);

// What a statement calls it by. Pure. PERMISSION_DENIED with policy's rule when `request` is
// refused by what is known here: NOT_SOURCE, WITHDRAWN, LABEL_IMMUTABLE, … Whether it may be
// answered is left to the broker, who knows whom it was for.
absl::StatusOr<Reference> ReferTo(const HeldBulletin& held, const RelationRequest& request,
                                  const Directory& directory, absl::Time now);

}  // namespace shield
