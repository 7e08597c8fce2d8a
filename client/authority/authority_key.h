// The authority's signing keys in a home: authority-<n>.key, one file each.
//
//   RETURN_IF_ERROR(WriteAuthorityKey(home, name, key, passphrase, random));
//   ASSIGN_OR_RETURN(const SigningKey key, ReadAuthorityKey(home, pinned, passphrase));
//
// A key signs under the name of network.shield, <origin>/authority-<n>, and its file is called
// after the last part of that name. Under a passphrase the file is an age file: to the sealing
// identity where the home's own keys are under that passphrase, else by the passphrase itself, so
// that an officer's home needs no other key (docs/spec/directory.md, "Several officers").
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/random.h"
#include "client/home/home.h"
#include "crypto/signing_key.h"
#include "crypto/verifier_key.h"

namespace shield {

// "authority-2.key" for "antwerp.example/authority-2".
std::string AuthorityKeyFile(absl::string_view key_name);

// The keys of `keys` whose files this home holds. Whether a file is the key it is called after is
// asked when it is read.
std::vector<VerifierKey> AuthorityKeysHeld(const Home& home, std::span<const VerifierKey> keys);

// Whether reading the file of `key` takes a passphrase.
bool AuthorityKeyIsWrapped(const Home& home, const VerifierKey& key);

// ALREADY_EXISTS when the home holds a key of this name; the errors of Home::ReadKeys when its own
// keys are wrapped and `passphrase` does not open them.
absl::Status WriteAuthorityKey(const Home& home, absl::string_view name, const SigningKey& key,
                               const Passphrase& passphrase, Random& random);

// UNAUTHENTICATED (PASSPHRASE_REQUIRED or WRONG_PASSPHRASE) when it is wrapped; NOT_FOUND without a
// file; FAILED_PRECONDITION when the file holds another key than `key`.
absl::StatusOr<SigningKey> ReadAuthorityKey(const Home& home, const VerifierKey& key,
                                            const Passphrase& passphrase);

}  // namespace shield
