// Randomness as an argument.
#pragma once

#include <cstdint>
#include <span>

namespace shield {

// Fills memory with bytes nobody can predict. Implementations: crypto/system_random.h for
// programs, a seeded one in tests/support for tests. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<uint8_t> out) = 0;
};

}  // namespace shield
