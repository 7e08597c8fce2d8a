// What the note of a version says of itself, read from a file of this home.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/directory_note.h"
#include "policy/proof/verified_directory.h"

namespace shield {

struct MadeNote {
  DirectoryNote note;
  HeldDirectory held;
};

// Signatures are not looked at. The errors of ParseNote and ParseDirectoryNote.
absl::StatusOr<MadeNote> ReadMadeNote(absl::string_view signed_note);

}  // namespace shield
