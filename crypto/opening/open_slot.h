// Opening a slot: from its 168 bytes and the recipient's identity to the file key.
#pragma once

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/file_key.h"
#include "crypto/opening/x25519_identity.h"

namespace shield {

// The file key in `slot`. Errors: SLOT_MALFORMED as ParseSlot says; of kind AgeFailure::kNoMatch
// when the slot was sealed to another key; of kind kHmac when its MAC is not the file key's. A file
// key that opens here is not yet the bulletin's: compare its commitment (crypto/key_commitment.h).
absl::StatusOr<FileKey> OpenSlot(ByteSpan slot, const X25519Identity& identity);

}  // namespace shield
