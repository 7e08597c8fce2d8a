// Bech32 (BIP 173 without its limit of 90 characters), as age writes keys.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield {

struct Bech32Text {
  std::string prefix;  // in the case it was written in
  Bytes data;          // the caller wipes it when it is a secret
};

// The text in lower case. `prefix` is lower case and not empty.
std::string Bech32Encode(absl::string_view prefix, ByteSpan data);

// Nothing when `text` mixes cases, has another character, a wrong checksum, or bits left over that
// are not zero.
std::optional<Bech32Text> Bech32Decode(absl::string_view text);

}  // namespace shield
