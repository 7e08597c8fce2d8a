// A slot: the age v1 header that lets one recipient open a payload.
//
//     age-encryption.org/v1
//     -> X25519 <share>
//     <wrapped file key>
//     --- <MAC>
//
// It holds exactly one X25519 stanza and is always 168 bytes long, so slot || payload is a whole
// age file for its recipient (docs/spec/sealing.md section 1). There is one text for each slot:
// what parses prints again to the same bytes.
#pragma once

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/age_keys.h"
#include "crypto/age_recipient.h"
#include "crypto/file_key.h"

namespace shield {

inline constexpr size_t kSlotSize = 168;
using Slot = std::array<uint8_t, kSlotSize>;

struct ParsedSlot {
  X25519PublicKey share;  // the sender's one-time public key
  WrappedFileKey wrapped_key;
  AgeMac mac;
};

// INVALID_ARGUMENT, rule SLOT_MALFORMED, unless `slot` is 168 bytes in exactly the form above:
// another stanza or version, base64 that is not canonical, a carriage return, a byte too many, or a
// share that is not a canonical key of full order. Needs no secret; does not check the MAC.
absl::StatusOr<ParsedSlot> ParseSlot(ByteSpan slot);

// The one text of `slot`.
Slot PrintSlot(const ParsedSlot& slot);

// The text of a slot with this share and wrapped key, its MAC made under `mac_key` (HeaderMacKey).
Slot AuthenticateSlot(const X25519PublicKey& share, const WrappedFileKey& wrapped_key,
                      const AgeKey& mac_key);

// The MAC that `slot`, a text that parses, should have under `mac_key`.
AgeMac SlotMac(ByteSpan slot, const AgeKey& mac_key);

// Whether `slot` parses and its MAC is the one under `file_key`. Anyone who knows the file key can
// tell: the broker checks the slots of TLP:CLEAR so.
bool SlotMacMatches(ByteSpan slot, const FileKey& file_key);

}  // namespace shield
