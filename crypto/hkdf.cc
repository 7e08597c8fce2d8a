#include "crypto/hkdf.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/secret_bytes.h"

namespace shield {
namespace {

using Block = std::array<uint8_t, crypto_auth_hmacsha256_BYTES>;

// libsodium wants a pointer also to nothing.
const uint8_t* PointerTo(ByteSpan bytes) {
  static constexpr uint8_t kNothing = 0;
  return bytes.empty() ? &kNothing : bytes.data();
}

// T(i) = HMAC(prk, T(i-1) || info || i), RFC 5869 section 2.3.
void NextBlock(const Block& pseudorandom_key, ByteSpan previous, ByteSpan info, uint8_t counter,
               Block& out) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, pseudorandom_key.data(), pseudorandom_key.size());
  crypto_auth_hmacsha256_update(&state, PointerTo(previous), previous.size());
  crypto_auth_hmacsha256_update(&state, PointerTo(info), info.size());
  crypto_auth_hmacsha256_update(&state, &counter, 1);
  crypto_auth_hmacsha256_final(&state, out.data());
  sodium_memzero(&state, sizeof state);
}

}  // namespace

void HkdfSha256(ByteSpan input_key, ByteSpan salt, ByteSpan info, std::span<uint8_t> out) {
  SHIELD_CHECK(out.size() <= kMaxHkdfOutput);
  crypto_auth_hmacsha256_state state;
  Block pseudorandom_key;
  crypto_auth_hmacsha256_init(&state, PointerTo(salt), salt.size());
  crypto_auth_hmacsha256_update(&state, PointerTo(input_key), input_key.size());
  crypto_auth_hmacsha256_final(&state, pseudorandom_key.data());
  sodium_memzero(&state, sizeof state);

  Block block;
  ByteSpan previous;
  uint8_t counter = 1;
  while (!out.empty()) {
    NextBlock(pseudorandom_key, previous, info, counter++, block);
    const size_t taken = std::min(out.size(), block.size());
    std::copy_n(block.begin(), taken, out.begin());
    out = out.subspan(taken);
    previous = block;
  }
  Wipe(block);
  Wipe(pseudorandom_key);
}

}  // namespace shield
