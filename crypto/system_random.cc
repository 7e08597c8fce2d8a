#include "crypto/system_random.h"

#include <sodium.h>

#include "base/check.h"

namespace shield {

void SodiumInit() {
  static const bool ready = sodium_init() >= 0;
  SHIELD_CHECK(ready);
}

SystemRandom::SystemRandom() { SodiumInit(); }

void SystemRandom::Fill(std::span<uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace shield
