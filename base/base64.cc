#include "base/base64.h"

#include <array>

namespace shield {
namespace {

constexpr absl::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr uint8_t kNoValue = 0x80;

// The six bits each byte stands for, or kNoValue.
constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values = {};
  values.fill(kNoValue);
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<uint8_t>(kAlphabet[i])] = static_cast<uint8_t>(i);
  }
  return values;
}();

uint32_t ValueOf(char c) { return kValues[static_cast<uint8_t>(c)]; }

// `text` without its padding, or nothing when the padding is not what its length calls for.
std::optional<absl::string_view> StripPadding(absl::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string Base64Encode(ByteSpan bytes, Base64Form form) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  uint32_t buffer = 0;
  int bits = 0;
  for (uint8_t byte : bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text.push_back(kAlphabet[(buffer >> bits) & 63]);
    }
  }
  if (bits > 0) text.push_back(kAlphabet[(buffer << (6 - bits)) & 63]);
  while (form == Base64Form::kPadded && text.size() % 4 != 0) text.push_back('=');
  return text;
}

std::optional<Bytes> Base64Decode(absl::string_view text, Base64Form form) {
  if (form == Base64Form::kPadded) {
    std::optional<absl::string_view> stripped = StripPadding(text);
    if (!stripped.has_value()) return std::nullopt;
    text = *stripped;
  }
  if (text.size() % 4 == 1) return std::nullopt;

  Bytes bytes(text.size() / 4 * 3 + text.size() % 4 * 3 / 4);
  uint8_t* out = bytes.data();
  size_t at = 0;
  uint32_t seen = 0;  // all values, one over the other: kNoValue shows in the end
  for (; at + 4 <= text.size(); at += 4) {
    const uint32_t a = ValueOf(text[at]);
    const uint32_t b = ValueOf(text[at + 1]);
    const uint32_t c = ValueOf(text[at + 2]);
    const uint32_t d = ValueOf(text[at + 3]);
    seen |= a | b | c | d;
    *out++ = static_cast<uint8_t>(a << 2 | b >> 4);
    *out++ = static_cast<uint8_t>(b << 4 | c >> 2);
    *out++ = static_cast<uint8_t>(c << 6 | d);
  }
  // Two or three characters; the bits that are left over are zero in the one text of a value.
  uint32_t buffer = 0;
  int bits = 0;
  for (; at < text.size(); ++at) {
    const uint32_t value = ValueOf(text[at]);
    seen |= value;
    buffer = buffer << 6 | (value & 63);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *out++ = static_cast<uint8_t>(buffer >> bits);
  }
  if ((seen & kNoValue) != 0 || (buffer & ((1u << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

}  // namespace shield
