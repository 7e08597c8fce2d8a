// A file that a person named on the command line.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::cli {

// The whole file, if it is a plain one: a link is not followed and a pipe not waited for, because
// what lies on a stick was not put there by who names it.
// `what` names its role in errors ("draft"). NOT_FOUND when there is none, FAILED_PRECONDITION when
// it may not or cannot be read or is no plain file, INVALID_ARGUMENT (LIMIT_EXCEEDED) when it is
// longer than `max_bytes`.
absl::StatusOr<std::string> ReadInputFile(const std::string& path, absl::string_view what,
                                          size_t max_bytes);

}  // namespace shield::cli
