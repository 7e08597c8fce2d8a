// The randomness of programs: libsodium's, which is the kernel's.
#pragma once

#include <span>

#include "base/random.h"

namespace shield {

// Prepares libsodium: chooses the fastest code for this processor. Any number of calls, from any
// thread; what needs it calls it itself.
void SodiumInit();

// Thread-safe.
class SystemRandom final : public Random {
 public:
  SystemRandom();
  void Fill(std::span<uint8_t> out) override;
};

}  // namespace shield
