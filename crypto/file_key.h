// The file key: 16 random bytes, one per bulletin, from which age derives everything else.
//
// Never reused: two bulletins under one file key would let a reader of the first open the second.
#pragma once

#include "base/bytes.h"
#include "base/random.h"
#include "crypto/secret_bytes.h"

namespace shield {

using FileKey = SecretBytes<16>;

inline FileKey NewFileKey(Random& random) { return FileKey::FromRandom(random); }

// The file key a TLP:CLEAR statement publishes on its `key` line: no secret any more, by decision
// of the source. `published` is that line's value.
inline FileKey FileKeyFromPublic(std::span<const uint8_t, 16> published) {
  return FileKey(published);
}

}  // namespace shield
