// Small files that are the member's alone.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace shield {

inline constexpr size_t kMaxSmallFileBytes = 4 * 1024 * 1024;

// NOT_FOUND, PERMISSION_DENIED, or INVALID_ARGUMENT for a file above kMaxSmallFileBytes.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path);

// Writes beside, syncs, renames, syncs the folder: afterwards `path` holds either what it held or
// all of `bytes`. Mode 0600.
absl::Status WritePrivateFile(const std::string& path, ByteSpan bytes);

}  // namespace shield
