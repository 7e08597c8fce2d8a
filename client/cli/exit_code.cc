#include "client/cli/exit_code.h"

#include "base/status.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kUsageRule = "USAGE";

}  // namespace

absl::Status UsageError(absl::string_view message) {
  return WithRule(absl::InvalidArgumentError(message), kUsageRule);
}

absl::Status AsUsageError(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status) || !RuleOf(status).empty()) return status;
  return WithRule(status, kUsageRule);
}

absl::Status Interrupted() { return absl::CancelledError("interrupted"); }

ExitCode ExitCodeOf(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  if (rule == kUsageRule) return ExitCode::kUsage;
  // An option whose word is on no list (of a draft, the same is refused by policy), or that goes
  // with no other that was given.
  if (absl::IsInvalidArgument(status) &&
      (rule == "UNKNOWN_CODE" || rule == "THRESHOLD_UNSUPPORTED" || rule == "PICKED_AND_LEFT")) {
    return ExitCode::kUsage;
  }
  if (rule == "CONTENT_NOT_COMPARED" || rule == "IMPORTED_IN_PART" || rule == "RETENTION_OVERDUE" ||
      rule == "NOT_ALL_ACKNOWLEDGED" || rule == "NOBODY_AWAITED" || rule == "SIGNATURES_MISSING" ||
      rule == "LEFT_TO_ANALYST") {
    return ExitCode::kPartial;
  }
  if (rule == "NOT_ENROLLED" || rule == "NO_HOME" || rule == "NO_NETWORK") {
    return ExitCode::kNotEnrolled;
  }
  // Somebody else answers in the broker's place.
  if (rule == "WRONG_BROKER_PIN") return ExitCode::kIntegrity;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kNotEnrolled;
    case absl::StatusCode::kPermissionDenied:
      return rule.empty() ? ExitCode::kFailure : ExitCode::kRefused;
    case absl::StatusCode::kResourceExhausted:
      return rule.empty() && !RetryDelayOf(status).has_value() ? ExitCode::kFailure
                                                               : ExitCode::kUnreachable;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kAborted:
      return ExitCode::kUnreachable;
    case absl::StatusCode::kDataLoss:
      return ExitCode::kIntegrity;
    case absl::StatusCode::kCancelled:
      return ExitCode::kInterrupted;
    default:
      return ExitCode::kFailure;
  }
}

bool IsRetryable(const absl::Status& status) {
  return ExitCodeOf(status) == ExitCode::kUnreachable;
}

}  // namespace shield::cli
