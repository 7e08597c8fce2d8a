// Whether the key values of a directory are keys: what policy, which knows no cryptography, takes
// as texts.
#pragma once

#include "absl/status/status.h"
#include "policy/directory.h"

namespace shield {

// INVALID_ARGUMENT, rule DIRECTORY_MALFORMED: a seal key that is not canonical or of low order, a
// sign key whose id does not fit, one Ed25519 key enrolled under two names, a member with an id
// that is reserved for keys of the network.
absl::Status CheckDirectoryKeys(const Directory& directory);

}  // namespace shield
