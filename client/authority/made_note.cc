#include "client/authority/made_note.h"

#include <utility>

#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield {

absl::StatusOr<MadeNote> ReadMadeNote(absl::string_view signed_note) {
  ASSIGN_OR_RETURN(const SignedNote parsed, ParseNote(signed_note));
  ASSIGN_OR_RETURN(DirectoryNote note, ParseDirectoryNote(parsed.text));
  const HeldDirectory held = {note.version, Sha256(parsed.text)};
  return MadeNote{std::move(note), held};
}

}  // namespace shield
