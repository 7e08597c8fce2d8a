#include "crypto/opening/open_slot.h"

#include <optional>
#include <utility>

#include "base/status.h"
#include "crypto/opening/age_failure.h"
#include "crypto/slot.h"

namespace shield {

absl::StatusOr<FileKey> OpenSlot(ByteSpan slot, const X25519Identity& identity) {
  ASSIGN_OR_RETURN(const ParsedSlot parsed, ParseSlot(slot));
  ASSIGN_OR_RETURN(std::optional<FileKey> file_key,
                   identity.Unwrap(parsed.share, parsed.wrapped_key));
  if (!file_key.has_value()) {
    return AgeError(AgeFailure::kNoMatch, "the slot was not sealed to this identity");
  }
  if (!ConstantTimeEqual(SlotMac(slot, HeaderMacKey(*file_key)), parsed.mac)) {
    return AgeError(AgeFailure::kHmac, "the slot's MAC does not hold: it was changed on the way");
  }
  return *std::move(file_key);
}

}  // namespace shield
