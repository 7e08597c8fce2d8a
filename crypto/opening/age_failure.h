// Why an age file did not open: one of five kinds, the same five every implementation of age
// distinguishes (C2SP/CCTV, age test vectors).
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace shield {

enum class AgeFailure {
  kHeader,   // the header is not age v1, or a stanza of ours is malformed
  kNoMatch,  // well formed, but for somebody else, or the passphrase is another
  kHmac,     // a stanza opened, but the header was changed
  kPayload,  // a chunk was changed, cut off or added
  kArmor,    // the text form around the file is not as it must be
};

// A status of that kind: INVALID_ARGUMENT for kHeader and kArmor, else DATA_LOSS; its rule is
// AGE_HEADER, AGE_NO_MATCH, AGE_HMAC, AGE_PAYLOAD or AGE_ARMOR.
absl::Status AgeError(AgeFailure failure, absl::string_view message);

// The kind of an error made by AgeError, annotated or not; nothing for every other status.
std::optional<AgeFailure> AgeFailureOf(const absl::Status& status);

}  // namespace shield
