// Slots that share one inversion on the curve: the inner part of SealSlots, which gives the
// secrets.
//
// Apart so that known answers can be computed: a slot is determined by its one-time secret.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/age_keys.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"
#include "crypto/slot.h"

namespace shield {

// At most so many slots are sealed at a time; also what a thread alone takes.
inline constexpr size_t kMaxSealBatch = 128;

// Random, used for one slot, wiped by the caller.
using OneTimeSecret = std::array<uint8_t, 32>;

// Sets slots[i] to the slot of recipients[i] under secrets[i]. All three are equally long, at most
// kMaxSealBatch; `mac_key` is HeaderMacKey(file_key). False when a recipient is of low order; the
// slots are then of no use.
bool SealBatch(std::span<const X25519PublicKey> recipients, std::span<const OneTimeSecret> secrets,
               const FileKey& file_key, const AgeKey& mac_key, std::span<Slot> slots);

}  // namespace shield
