// Repeatable randomness: the same seed gives the same bytes. For tests only.
#pragma once

#include <cstdint>
#include <random>
#include <span>

#include "base/mutex.h"
#include "base/random.h"

namespace shield::testing {

// Thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  void Fill(std::span<uint8_t> out) override {
    MutexLock lock(mutex_);
    for (uint8_t& byte : out) byte = static_cast<uint8_t>(engine_());
  }

 private:
  Mutex mutex_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::testing
