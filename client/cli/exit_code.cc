#include "client/cli/exit_code.h"

#include "base/status.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kUsageRule = "USAGE";

}  // namespace

absl::Status UsageError(absl::string_view message) {
  return WithRule(absl::InvalidArgumentError(message), kUsageRule);
}

ExitCode ExitCodeOf(const absl::Status& status) {
  const std::string rule = RuleOf(status);
  if (rule == kUsageRule) return ExitCode::kUsage;
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
      return ExitCode::kRefused;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
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
