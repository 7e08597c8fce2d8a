// Files that only their owner may read: keys and settings in the broker's home.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::broker {

// Writes a new file, 0600, and makes it durable together with its name. ALREADY_EXISTS when
// something of that name is there; a file that could not be written whole is removed again.
absl::Status WritePrivateFile(const std::string& path, absl::string_view text);

// Reads a whole file. NOT_FOUND when there is none; FAILED_PRECONDITION when it is no regular file,
// others may read or write it, or it is larger than `max_bytes`.
absl::StatusOr<std::string> ReadPrivateFile(const std::string& path, size_t max_bytes);

// Reads a whole file that is no secret. NOT_FOUND; FAILED_PRECONDITION as above but for its mode.
absl::StatusOr<std::string> ReadPublicFile(const std::string& path, size_t max_bytes);

}  // namespace shield::broker
