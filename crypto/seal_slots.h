// Sealing one file key to many recipients.
//
//   ASSIGN_OR_RETURN(std::vector<Slot> slots, SealSlots(recipients, file_key, 0));
//
// Every slot has a one-time key of its own, so slots of one bulletin have nothing in common that
// would link their readers. The work is two multiplications on the curve a slot, spread over the
// cores; figures and how to repeat them: docs/performance.md.
#pragma once

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"
#include "crypto/slot.h"

namespace shield {

// The slot of recipients[i] at [i]. `threads` 0 means one for each core; a short list uses fewer.
// INVALID_ARGUMENT when a recipient is one that CheckX25519PublicKey refuses, of low order or in a
// second spelling: no slots at all then. One-time secrets come from the kernel and are wiped.
absl::StatusOr<std::vector<Slot>> SealSlots(std::span<const X25519PublicKey> recipients,
                                            const FileKey& file_key, unsigned threads = 0);

}  // namespace shield
