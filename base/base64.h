// Base64 (RFC 4648, standard alphabet), strict both ways.
//
// Every format of Shield has exactly one text for a value, so decoding accepts only what encoding
// prints: no whitespace, no bytes outside the alphabet, no non-zero trailing bits, padding exactly
// as the form asks. That is also why libsodium's decoder is not used: 1.0.18 reads every byte from
// 0x80 up as '/'.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield {

enum class Base64Form {
  kPadded,    // statements, directories, signed notes
  kUnpadded,  // age headers
};

std::string Base64Encode(ByteSpan bytes, Base64Form form);

// Nothing when `text` is not the canonical encoding of some bytes in `form`.
std::optional<Bytes> Base64Decode(absl::string_view text, Base64Form form);

}  // namespace shield
