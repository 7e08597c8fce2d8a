#include "crypto/padding.h"

#include <bit>
#include <utility>

#include "base/check.h"

namespace shield {

uint64_t PadmeSize(uint64_t bytes) {
  if (bytes <= kMinPaddedSize) return kMinPaddedSize;
  SHIELD_CHECK(bytes <= uint64_t{1} << 62);
  // E = floor(log2 L), S = floor(log2 E) + 1: the size keeps its first S + 1 significant bits.
  const int exponent = static_cast<int>(std::bit_width(bytes)) - 1;
  const int kept = static_cast<int>(std::bit_width(static_cast<unsigned>(exponent)));
  const uint64_t mask = (uint64_t{1} << (exponent - kept)) - 1;
  return (bytes + mask) & ~mask;
}

std::string PadContent(std::string json) {
  json.resize(PadmeSize(json.size()), '\n');
  return json;
}

}  // namespace shield
