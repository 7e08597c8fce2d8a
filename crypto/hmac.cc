#include "crypto/hmac.h"

#include <algorithm>

#include "crypto/secret_bytes.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr uint8_t kInner = 0x36;
constexpr uint8_t kOuter = 0x5c;

using Block = std::array<uint8_t, 64>;  // what SHA-256 takes at a time

// The key as one block; a longer one is hashed first.
Block BlockOf(ByteSpan key) {
  Block block{};
  if (key.size() <= block.size()) {
    std::copy(key.begin(), key.end(), block.begin());
    return block;
  }
  Digest hashed = Sha256(key);
  std::copy(hashed.bytes.begin(), hashed.bytes.end(), block.begin());
  Wipe(hashed.bytes);
  return block;
}

void Mask(Block& block, uint8_t mask) {
  for (uint8_t& byte : block) byte ^= mask;
}

}  // namespace

// H((K ^ opad) || H((K ^ ipad) || text)), RFC 2104 section 2. A hasher that has finished holds
// nothing of what it was given: it has wiped its buffer and begun anew.
HmacTag HmacSha256(ByteSpan key, std::initializer_list<ByteSpan> message) {
  thread_local Sha256Hasher hasher;
  Block block = BlockOf(key);
  Mask(block, kInner);
  hasher.Update(block);
  for (const ByteSpan part : message) hasher.Update(part);
  Digest inner = hasher.Finish();
  Mask(block, kInner ^ kOuter);
  hasher.Update(block);
  hasher.Update(inner.span());
  Digest outer = hasher.Finish();
  const HmacTag tag = outer.bytes;
  Wipe(block);
  Wipe(inner.bytes);
  Wipe(outer.bytes);
  return tag;
}

}  // namespace shield
