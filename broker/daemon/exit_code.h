// What shieldd's exit codes mean. 0 to 7 as for the command line (docs/spec/wire.md); 70 is the
// broker's own and tells a supervisor not to start it again by itself.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/status.h"

namespace shield::broker {

enum class ExitCode : int {
  kOk = 0,
  kFailure = 1,
  kUsage = 2,
  kNotFound = 3,
  kNoHome = 4,
  kUnreachable = 6,
  kIntegrity = 7,
  // Fail-stop: the store can no longer be trusted (a write that failed, a checksum, a head that
  // does not match). Nothing was repaired. `shieldd verify`, then `shieldd restore`.
  kFailStop = 70,
};

// The rule `shieldd run` gives an error after which it must not be started again unseen.
inline constexpr absl::string_view kRuleFailStop = "FAIL_STOP";

// The exit code of a command that ended with `status`.
inline ExitCode ExitCodeFor(const absl::Status& status) {
  if (RuleOf(status) == kRuleFailStop) return ExitCode::kFailStop;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
      return ExitCode::kUsage;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kNoHome;
    case absl::StatusCode::kUnavailable:
      return ExitCode::kUnreachable;
    case absl::StatusCode::kDataLoss:
      return ExitCode::kIntegrity;
    default:
      return ExitCode::kFailure;
  }
}

}  // namespace shield::broker
