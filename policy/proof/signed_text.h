// Reads a note that one known key must have signed: the form shared by heads, freshness notes,
// checkpoints and requests.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/verifier_key.h"
#include "policy/proof/known_notes.h"

namespace shield {

// The text of `note` when `key` signed it. Other signatures are not looked at. INVALID_ARGUMENT
// with `rule` when it is no note; DATA_LOSS, rule BAD_SIGNATURE, when `key` did not sign it.
inline absl::StatusOr<std::string> VerifiedText(absl::string_view note, const VerifierKey& key,
                                                absl::string_view rule,
                                                KnownNotes* known = nullptr) {
  absl::StatusOr<SignedNote> parsed = ParseNote(note);
  if (!parsed.ok()) return WithRule(parsed.status(), rule);
  RETURN_IF_ERROR(VerifyNote(*parsed, key, known));
  return std::move(parsed->text);
}

}  // namespace shield
