// Bytes and text, and the only ways from one to the other.
//
// Text is absl::string_view (in Debian 12 it is not std::string_view); bytes are ByteSpan. Neither
// owns what it shows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace shield {

using Bytes = std::vector<uint8_t>;
using ByteSpan = std::span<const uint8_t>;

// The same memory, seen as bytes or as text. No copy; valid as long as the argument's memory.
inline ByteSpan AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline absl::string_view AsText(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Copies.
inline Bytes ToBytes(ByteSpan bytes) { return Bytes(bytes.begin(), bytes.end()); }
inline std::string ToString(ByteSpan bytes) { return std::string(bytes.begin(), bytes.end()); }

// Big-endian integers, as keys and hashes need them.
inline void AppendU32(Bytes& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(value >> shift));
}
inline void AppendU64(Bytes& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(value >> shift));
}
inline void Append(Bytes& out, ByteSpan more) { out.insert(out.end(), more.begin(), more.end()); }

// Reads a big-endian integer from the first 4 or 8 bytes of `bytes`, which must hold them.
inline uint32_t ReadU32(ByteSpan bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = (value << 8) | bytes[i];
  return value;
}
inline uint64_t ReadU64(ByteSpan bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < 8; ++i) value = (value << 8) | bytes[i];
  return value;
}

}  // namespace shield
