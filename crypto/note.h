// C2SP signed notes: a text and, after an empty line, one line per signature.
//
//   shield/fresh/v1
//   network antwerp.example
//   …
//
//   — antwerp.example/fresh 5a1b2c3dQmFzZTY0…
//
// A signature line is an em dash (U+2014), a space, the key's name, a space and the base64 of
// key id (4 bytes) || Ed25519 signature (64 bytes) over the text, its last line feed included.
// Shield is stricter than C2SP: the text is printable ASCII and line feeds only, no key signs
// twice, and a line of a known key that does not verify spoils the whole note. Signatures of other
// kinds, such as the cosignatures of witnesses (C2SP tlog-cosignature: 72 bytes or more), are of
// keys nobody here knows: they are read and left alone.
// Carry and hash the exact bytes; nothing here re-serialises a text.
// Specification: docs/spec/statement.md, "Signatures".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"

namespace shield {

// An ML-DSA-44 cosignature, the longest that C2SP has, fits.
inline constexpr size_t kMaxNoteSignatureBytes = 4096;

struct NoteSignature {
  std::string name;
  NoteKeyId key_id;
  Bytes signature;  // 1 to kMaxNoteSignatureBytes; 64 when it is of Ed25519
};

struct SignedNote {
  std::string text;  // ends in a line feed
  std::vector<NoteSignature> signatures;
};

struct NoteLimits {
  size_t max_text_bytes = 16 * 1024;
  size_t max_signatures = 16;
};

// Whether `text` may be signed: not empty, ends in a line feed, otherwise printable ASCII and line
// feeds.
bool IsNoteText(absl::string_view text);

// The note of `text` with one signature. `text` must satisfy IsNoteText, `name` IsKeyName.
std::string SignNote(absl::string_view text, absl::string_view name, const SigningKey& key);

// `note` with one more signature over its text. INVALID_ARGUMENT when `note` does not parse or
// `name` is no key name; ALREADY_EXISTS when that key has signed it.
absl::StatusOr<std::string> AddSignature(absl::string_view note, absl::string_view name,
                                         const SigningKey& key);

// The line of a signature as it stands in a note, line feed included.
std::string PrintSignatureLine(const NoteSignature& signature);

// The parts of a note with at least one signature. Nothing is verified. INVALID_ARGUMENT, saying
// where, for anything that breaks the rules above or `limits`.
absl::StatusOr<SignedNote> ParseNote(absl::string_view note, const NoteLimits& limits = {});

// OK when `key` signed the note. DATA_LOSS with rule BAD_SIGNATURE when the note has no signature
// of it, or one that does not hold: one of another length than Ed25519's among them.
absl::Status VerifyNote(const SignedNote& note, const VerifierKey& key);

// How many different public keys of `keys` signed the note: the same key listed under two names
// counts once. A signature that claims one of `keys` and does not hold: DATA_LOSS with rule
// BAD_SIGNATURE. Signatures of other keys are ignored, as C2SP asks.
absl::StatusOr<size_t> CountSigners(const SignedNote& note, std::span<const VerifierKey> keys);

}  // namespace shield
