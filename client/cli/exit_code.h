// The exit codes of `shield`, and which error gives which.
//
// Scripts rely on them: a value never changes its meaning.
#pragma once

#include "absl/status/status.h"

namespace shield::cli {

enum class ExitCode : int {
  kOk = 0,
  kFailure = 1,
  kUsage = 2,
  kNotFound = 3,
  kNotEnrolled = 4,  // not enrolled, expired, revoked; a home without keys or network
  kRefused = 5,      // by policy
  kUnreachable = 6,  // the broker could not be reached or is busy; trying again is sensible
  kIntegrity = 7,    // a signature, decryption, rollback or gap
  kPartial = 8,      // of `verify`; a directory that waits for signatures
  kInterrupted = 130,
};

// The exit code of a finished command. The rule code decides first, then the status code. Policy
// gives every refusal a rule: a PERMISSION_DENIED without one comes from a file system and is a
// plain failure, like a full disk.
ExitCode ExitCodeOf(const absl::Status& status);

// Whether running the same command again may succeed without anything else changing.
bool IsRetryable(const absl::Status& status);

// An error in how the command was called.
absl::Status UsageError(absl::string_view message);
// An INVALID_ARGUMENT that is about an option becomes one; its rule, when it has one, stays. Any
// other status comes back as it is.
absl::Status AsUsageError(const absl::Status& status);

// The person at the terminal ended the command.
absl::Status Interrupted();

}  // namespace shield::cli
