#include "crypto/hkdf.h"

#include <algorithm>

#include "base/check.h"
#include "crypto/hmac.h"
#include "crypto/secret_bytes.h"

namespace shield {

void HkdfSha256(ByteSpan input_key, ByteSpan salt, ByteSpan info, std::span<uint8_t> out) {
  SHIELD_CHECK(out.size() <= kMaxHkdfOutput);
  HmacTag pseudorandom_key = HmacSha256(salt, {input_key});
  HmacTag block{};
  ByteSpan previous;
  uint8_t counter = 1;
  while (!out.empty()) {
    // T(i) = HMAC(prk, T(i-1) || info || i), RFC 5869 section 2.3.
    HmacTag next = HmacSha256(pseudorandom_key, {previous, info, ByteSpan(&counter, 1)});
    block = next;
    Wipe(next);
    ++counter;
    const size_t taken = std::min(out.size(), block.size());
    std::copy_n(block.begin(), taken, out.begin());
    out = out.subspan(taken);
    previous = block;
  }
  Wipe(block);
  Wipe(pseudorandom_key);
}

}  // namespace shield
