// A SHA-256 value. The value only; computing one is crypto/sha256.h.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace shield {

// 32 bytes. A default-constructed Digest is all zero, which SHA-256 is not known to produce and
// which the directory uses for "no previous version" (docs/spec/directory.md).
struct Digest {
  std::array<uint8_t, 32> bytes{};

  // The digest whose bytes are `raw`, or nothing when `raw` is not exactly 32 bytes long.
  static std::optional<Digest> FromBytes(ByteSpan raw) {
    if (raw.size() != 32) return std::nullopt;
    Digest digest;
    std::copy(raw.begin(), raw.end(), digest.bytes.begin());
    return digest;
  }

  ByteSpan span() const { return bytes; }

  friend auto operator<=>(const Digest&, const Digest&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Digest& digest) {
    return H::combine(std::move(state), digest.bytes);
  }
};

}  // namespace shield
