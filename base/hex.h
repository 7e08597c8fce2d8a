// Lowercase hexadecimal, strict both ways.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield {

std::string HexEncode(ByteSpan bytes);

// Nothing when `text` has an odd length or a character other than 0-9a-f.
std::optional<Bytes> HexDecode(absl::string_view text);

}  // namespace shield
