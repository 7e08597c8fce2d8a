// The ceiling of sealing: the primitives that nobody who seals by age can do without, and nothing
// else.
//
// For each slot the base multiplication the fastest way there is with libsodium, by its table for
// the Edwards form, with the map to the X25519 key (the inversion shared by 128 of them), and the
// multiplication with the recipient's key; for the payload the cipher, 64 KiB at a time. No key is
// derived, no file key wrapped, nothing authenticated or written. Work is shared among the threads
// down to the last piece, the payload's included.
#pragma once

#include <span>

#include "base/bytes.h"
#include "crypto/age_recipient.h"

namespace shield::testing {

void ComputeSealPrimitives(std::span<const X25519PublicKey> recipients, ByteSpan payload,
                           unsigned threads);

}  // namespace shield::testing
