// Whether the key values of a directory are keys: what policy, which knows no cryptography, takes
// as texts.
#pragma once

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "crypto/age_recipient.h"
#include "crypto/verifier_key.h"
#include "policy/directory.h"
#include "policy/directory_note.h"

namespace shield {

// The note's own keys: broker-key, log, fresh, then the witnesses. INVALID_ARGUMENT, rule
// DIRECTORY_MALFORMED: one whose id does not fit, or one Ed25519 key on two lines, whatever the
// names.
absl::StatusOr<std::vector<VerifierKey>> KeysOfNote(const DirectoryNote& note);

// INVALID_ARGUMENT, rule DIRECTORY_MALFORMED: what KeysOfNote refuses; a seal key that is not
// canonical or of low order; a sign key whose id does not fit; one Ed25519 key enrolled under two
// names, or enrolled for a member and on a line of the note; the broker's pin enrolled for a
// member; a member with an id that is reserved for keys of the network.
//
// The seal keys are given back as keys, by the record in `directory` that holds each: parsing one
// costs more than sealing's own bookkeeping, and a bulletin to everybody needs all of them.
using SealKeyTable = absl::flat_hash_map<const KeyRecord*, X25519PublicKey>;
absl::StatusOr<SealKeyTable> CheckDirectoryKeys(const Directory& directory);

}  // namespace shield
