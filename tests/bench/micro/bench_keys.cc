#include "tests/bench/micro/bench_keys.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/check.h"
#include "crypto/edwards_to_montgomery.h"
#include "crypto/system_random.h"

namespace shield::testing {
namespace {

constexpr size_t kBatch = 128;

}  // namespace

std::vector<X25519PublicKey> SomeRecipients(size_t count) {
  SystemRandom random;
  std::vector<X25519PublicKey> keys(count);
  std::array<EdwardsPoint, kBatch> points;
  for (size_t at = 0; at < count; at += kBatch) {
    const size_t size = std::min(kBatch, count - at);
    for (size_t i = 0; i < size; ++i) {
      std::array<uint8_t, crypto_scalarmult_ed25519_SCALARBYTES> scalar;
      random.Fill(scalar);
      SHIELD_CHECK(crypto_scalarmult_ed25519_base(points[i].data(), scalar.data()) == 0);
    }
    EdwardsToMontgomery(std::span(points).first(size), std::span(keys).subspan(at, size));
  }
  return keys;
}

}  // namespace shield::testing
