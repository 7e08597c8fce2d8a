// Cosignatures of witnesses, in the form of C2SP tlog-cosignature, type 04 (Ed25519, with a time).
//
//   ASSIGN_OR_RETURN(std::string note, AddCosignature(checkpoint, "east.example/w1", key, now));
//   ASSIGN_OR_RETURN(auto time, FindCosignature(*ParseNote(note), witness));
//
// A cosignature is a signature line of a checkpoint note. Its bytes are
//
//   key id (4) || u64 big-endian POSIX time || Ed25519 signature (64)
//   key id = the first four bytes of SHA-256(name || 0A || 04 || public key)
//
// and what is signed is not the note's text alone but
//
//   cosignature/v1
//   time <POSIX time>
//   <the text of the checkpoint>
//
// so the same key never signs a note of another kind this way. A witness is named by its ordinary
// Ed25519 verifier key (type 01), as stock witnesses publish it; only the key id differs.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/note.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"

namespace shield {

// The key id that the cosignatures of this witness carry.
NoteKeyId CosignatureKeyId(const VerifierKey& witness);

// `note` with one more line: the cosignature of `key` under `name` at `time`, which is cut to
// seconds. INVALID_ARGUMENT when `note` does not parse, `name` is no key name or `time` lies before
// 1970; ALREADY_EXISTS when that witness has cosigned it.
absl::StatusOr<std::string> AddCosignature(absl::string_view note, absl::string_view name,
                                           const SigningKey& key, absl::Time time);

// When `witness` cosigned the note; nothing when it did not. DATA_LOSS, rule BAD_SIGNATURE, when a
// line claims to be its and does not hold.
absl::StatusOr<std::optional<absl::Time>> FindCosignature(const SignedNote& note,
                                                          const VerifierKey& witness);

}  // namespace shield
