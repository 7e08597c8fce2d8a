// versions.txt: the signed notes of the versions this home has published, oldest first, a blank
// line between two. A broker that was restored from a backup is shown those it has lost
// (policy/proof/directory_links.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/home/home.h"
#include "policy/proof/verified_directory.h"

namespace shield {

// Beyond it the oldest go: some thousand versions.
inline constexpr size_t kMaxVersionNotesBytes = 1024 * 1024;

// Puts the note of a version behind the others, in the place of any of its number or later. One
// that does not continue the last stands alone from then on. Doing it again changes nothing.
absl::Status KeepVersionNote(const Home& home, absl::string_view note);

// The notes after the version `broker` holds, oldest first, up to the last; all from version 1 on
// when it holds none. Nothing when that version, or one between, is not kept.
absl::StatusOr<std::optional<std::vector<std::string>>> VersionNotesAfter(
    const Home& home, const std::optional<HeldDirectory>& broker);

}  // namespace shield
