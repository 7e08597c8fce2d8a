// A file that a person named on the command line.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::cli {

// The whole file.
// `what` names its role in errors ("draft"). NOT_FOUND when there is none, FAILED_PRECONDITION when
// it may not or cannot be read, INVALID_ARGUMENT (LIMIT_EXCEEDED) when it is longer than
// `max_bytes`.
absl::StatusOr<std::string> ReadInputFile(const std::string& path, absl::string_view what,
                                          size_t max_bytes);

// The same of a text that a program wrote and that is read byte for byte: a request,
// network.shield, a version to sign. Mail and editors change the ends of its lines:
// INVALID_ARGUMENT (LINES_CHANGED) then, with a way out.
absl::StatusOr<std::string> ReadSignedFile(const std::string& path, absl::string_view what,
                                           size_t max_bytes);

}  // namespace shield::cli
