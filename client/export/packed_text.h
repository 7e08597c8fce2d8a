// A text of lines that Shield signs, made small: deflated against the words that all of them have.
//
// The bytes are a zlib stream (RFC 1950) with a preset dictionary, which is part of the format:
// docs/spec/logged-proof.dictionary. What is packed is for anyone to read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace shield {

// What the stream may refer back to before its first byte.
absl::string_view PackingDictionary();

std::string PackText(absl::string_view text);

// Nothing when `packed` is not one whole stream with this dictionary and nothing after it, or holds
// more than `max` bytes: more are never written, however small the stream.
std::optional<std::string> UnpackText(absl::string_view packed, size_t max);

}  // namespace shield
