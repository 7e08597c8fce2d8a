#include "crypto/secret_bytes.h"

#include <sodium.h>

namespace shield {

void Wipe(std::span<uint8_t> memory) { sodium_memzero(memory.data(), memory.size()); }

void Wipe(Bytes& bytes) {
  bytes.resize(bytes.capacity());
  Wipe(std::span<uint8_t>(bytes));
  bytes.clear();
}

void Wipe(std::string& text) {
  text.resize(text.capacity());
  sodium_memzero(text.data(), text.size());
  text.clear();
}

bool ConstantTimeEqual(ByteSpan a, ByteSpan b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace shield
