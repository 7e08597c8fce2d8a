#include "crypto/bech32.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "crypto/secret_bytes.h"

namespace shield {
namespace {

constexpr absl::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr size_t kChecksumLength = 6;

// One step of the checksum: multiplies by x and reduces by BIP 173's generator polynomial.
uint32_t Fold(uint32_t checksum, uint8_t value) {
  constexpr std::array<uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                  0x2a1462b3};
  const uint32_t top = checksum >> 25;
  checksum = ((checksum & 0x1ffffff) << 5) ^ value;
  for (size_t i = 0; i < kGenerator.size(); ++i) {
    if (((top >> i) & 1) != 0) checksum ^= kGenerator[i];
  }
  return checksum;
}

uint32_t FoldPrefix(absl::string_view prefix) {
  uint32_t checksum = 1;
  for (char c : prefix) checksum = Fold(checksum, static_cast<uint8_t>(c) >> 5);
  checksum = Fold(checksum, 0);
  for (char c : prefix) checksum = Fold(checksum, static_cast<uint8_t>(c) & 31);
  return checksum;
}

// Bytes as groups of five bits, the last filled up with zeros.
Bytes ToQuintets(ByteSpan data) {
  Bytes quintets;
  quintets.reserve((data.size() * 8 + 4) / 5);
  uint32_t buffer = 0;
  int bits = 0;
  for (uint8_t byte : data) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) {
      quintets.push_back(static_cast<uint8_t>((buffer >> (bits - 5)) & 31));
    }
  }
  if (bits > 0) quintets.push_back(static_cast<uint8_t>((buffer << (5 - bits)) & 31));
  return quintets;
}

// The reverse; nothing when a whole group is left over or the rest is not zero.
std::optional<Bytes> FromQuintets(ByteSpan quintets) {
  Bytes data;
  data.reserve(quintets.size() * 5 / 8);
  uint32_t buffer = 0;
  int bits = 0;
  for (uint8_t quintet : quintets) {
    buffer = (buffer << 5) | quintet;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    data.push_back(static_cast<uint8_t>(buffer >> bits));
  }
  const bool canonical = bits < 5 && (buffer & ((1u << bits) - 1)) == 0;
  if (!canonical) {
    Wipe(data);
    return std::nullopt;
  }
  return data;
}

// The values of lower case characters; nothing when one is not in the alphabet.
std::optional<Bytes> Values(absl::string_view text) {
  Bytes values;
  values.reserve(text.size());
  for (char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == absl::string_view::npos) {
      Wipe(values);
      return std::nullopt;
    }
    values.push_back(static_cast<uint8_t>(value));
  }
  return values;
}

bool HasLower(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), absl::ascii_islower);
}
bool HasUpper(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), absl::ascii_isupper);
}

bool IsPrefix(absl::string_view prefix) {
  for (char c : prefix) {
    if (c < 33 || c > 126) return false;
  }
  return !prefix.empty();
}

}  // namespace

std::string Bech32Encode(absl::string_view prefix, ByteSpan data) {
  Bytes quintets = ToQuintets(data);
  uint32_t checksum = FoldPrefix(prefix);
  std::string text(prefix);
  text.reserve(prefix.size() + 1 + quintets.size() + kChecksumLength);
  text.push_back('1');
  for (uint8_t quintet : quintets) {
    checksum = Fold(checksum, quintet);
    text.push_back(kAlphabet[quintet]);
  }
  for (size_t i = 0; i < kChecksumLength; ++i) checksum = Fold(checksum, 0);
  checksum ^= 1;
  for (int shift = 25; shift >= 0; shift -= 5) text.push_back(kAlphabet[(checksum >> shift) & 31]);
  Wipe(quintets);
  return text;
}

std::optional<Bech32Text> Bech32Decode(absl::string_view text) {
  std::string lower = absl::AsciiStrToLower(text);
  const bool mixed = HasLower(text) && HasUpper(text);
  const size_t separator = lower.rfind('1');
  std::optional<Bytes> values;
  if (!mixed && separator != std::string::npos && IsPrefix(text.substr(0, separator)) &&
      lower.size() - separator - 1 >= kChecksumLength) {
    values = Values(absl::string_view(lower).substr(separator + 1));
  }
  std::optional<Bytes> data;
  if (values.has_value()) {
    uint32_t checksum = FoldPrefix(absl::string_view(lower).substr(0, separator));
    for (uint8_t value : *values) checksum = Fold(checksum, value);
    if (checksum == 1)
      data = FromQuintets(ByteSpan(*values).first(values->size() - kChecksumLength));
    Wipe(*values);
  }
  Wipe(lower);
  if (!data.has_value()) return std::nullopt;
  return Bech32Text{std::string(text.substr(0, separator)), *std::move(data)};
}

}  // namespace shield
