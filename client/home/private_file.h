// Small files that are the member's alone.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace shield {

inline constexpr size_t kMaxSmallFileBytes = 4 * 1024 * 1024;

// NOT_FOUND, PERMISSION_DENIED, or INVALID_ARGUMENT for a file above `max_bytes`.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t max_bytes = kMaxSmallFileBytes);

// Writes beside, syncs, renames, syncs the folder: afterwards `path` holds either what it held or
// all of `bytes`. Mode 0600, whatever it was before. Touches no other file, whatever lies in the
// folder: a link at `path` is replaced and never followed, so `path` may be on a stick that others
// have written to. A process that dies meanwhile leaves a file named `path` and six letters.
absl::Status WritePrivateFile(const std::string& path, ByteSpan bytes);

// A file or folder, as it is now, is on disk when it returns.
absl::Status SyncPath(const std::string& path);

// The file `from` is called `to` afterwards, on disk. ALREADY_EXISTS when there is something at
// `to`, also when it came this moment. Works where there are no links, as on FAT.
absl::Status MoveToNewFile(const std::string& from, const std::string& to);

// `folder` is the caller's alone afterwards: made so with its parents, or found so. An empty folder
// of the caller's own is closed to others; any other that they can enter is left as it is and
// refused: FAILED_PRECONDITION, as for a file in its place and for what the system does not let us
// make.
absl::Status MakePrivateFolder(const std::string& folder);

// Each is on disk when it returns. Both paths of a move lie in one folder.
absl::Status MovePrivateFile(const std::string& from, const std::string& to);
absl::Status RemovePrivateFile(const std::string& path);

}  // namespace shield
