// Errors: absl::Status with a rule code, a hint and a retry delay, and the two macros that pass
// them on.
//
// A message is a sentence without capital or full stop that says what failed and why
// ("bulletin refused: TLP:RED names `org:hotel-astrid`, but RED is for named persons"). The hint
// says what to do. The rule code is one of docs/spec/tlp.md or docs/spec/wire.md and travels over
// the wire; it decides exit codes and is what tests compare.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace shield {

// The same status with a detail set. No effect on OK.
absl::Status WithRule(absl::Status status, absl::string_view rule);
absl::Status WithHint(absl::Status status, absl::string_view hint);
absl::Status WithRetryDelay(absl::Status status, absl::Duration delay);

// The same status, its message led by "`context`: ", its details kept. No effect on OK.
absl::Status Annotate(const absl::Status& status, absl::string_view context);

// The details; empty where none was set.
std::string RuleOf(const absl::Status& status);
std::string HintOf(const absl::Status& status);
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

}  // namespace shield

#define SHIELD_STATUS_CONCAT_INNER(a, b) a##b
#define SHIELD_STATUS_CONCAT(a, b) SHIELD_STATUS_CONCAT_INNER(a, b)

// Returns from the calling function when `expression` is not OK.
#define RETURN_IF_ERROR(expression)                                                           \
  do {                                                                                        \
    if (absl::Status shield_status = (expression); !shield_status.ok()) return shield_status; \
  } while (false)

// ASSIGN_OR_RETURN(auto value, Function()): assigns, or returns the error.
#define ASSIGN_OR_RETURN(target, expression) \
  ASSIGN_OR_RETURN_INNER(SHIELD_STATUS_CONCAT(shield_status_or_, __LINE__), target, expression)
#define ASSIGN_OR_RETURN_INNER(status_or, target, expression) \
  auto status_or = (expression);                              \
  if (!status_or.ok()) return std::move(status_or).status();  \
  target = std::move(status_or).value()
