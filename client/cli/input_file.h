// A file that a person named on the command line.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::cli {

// Whose hands a file may have been in. What lies on a stick was not put there by who names it: it
// is read if it is a plain file, no link is followed and no pipe waited for. One's own may be
// whatever gives bytes: /dev/stdin, a link, a process substitution.
enum class InputOrigin { kCarried, kOwn };

// The whole file.
// `what` names its role in errors ("draft"). NOT_FOUND when there is none, FAILED_PRECONDITION when
// it may not or cannot be read, is a folder or, carried, no plain file, INVALID_ARGUMENT
// (LIMIT_EXCEEDED) when it is longer than `max_bytes`.
absl::StatusOr<std::string> ReadInputFile(const std::string& path, absl::string_view what,
                                          size_t max_bytes,
                                          InputOrigin origin = InputOrigin::kCarried);

// The same of a text that a program wrote and that is read byte for byte: a request,
// network.shield, a version to sign. Mail and editors change the ends of its lines:
// INVALID_ARGUMENT (LINES_CHANGED) then, with a way out.
absl::StatusOr<std::string> ReadSignedFile(const std::string& path, absl::string_view what,
                                           size_t max_bytes);

}  // namespace shield::cli
