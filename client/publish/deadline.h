// Until when a bulletin asks its readers to acknowledge it, and how its content says so.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/draft/draft.h"
#include "policy/statement.h"

namespace shield {

struct DatedMembers {
  std::string json;                          // for ComposeContent
  std::optional<absl::Time> acknowledge_by;  // as `json` says it; whole seconds
};

// The members of a draft as they are sealed under `statement`: how long its readers have counts
// from when they can open it. Pure. PERMISSION_DENIED, rule BAD_WINDOW, when that is not before the
// bulletin's end, or a moment that was given is over by then. Content that is sent once more, under
// another label or to more readers, asks no more when its moment does not fit.
absl::StatusOr<DatedMembers> DateMembers(const Draft& draft, const Statement& statement);

}  // namespace shield
