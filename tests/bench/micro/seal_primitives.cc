#include "tests/bench/micro/seal_primitives.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "base/check.h"
#include "crypto/edwards_to_montgomery.h"
#include "crypto/system_random.h"
#include "tests/bench/micro/raw_cipher.h"

namespace shield::testing {
namespace {

constexpr size_t kMaxBatch = 128;

// The same for every slot: libsodium takes equally long for each.
constexpr std::array<uint8_t, crypto_scalarmult_SCALARBYTES> kScalar = {7, 7, 7, 7, 7, 7, 7, 7};

void Multiply(std::span<const X25519PublicKey> recipients) {
  std::array<EdwardsPoint, kMaxBatch> points;
  std::array<X25519PublicKey, kMaxBatch> shares;
  for (size_t i = 0; i < recipients.size(); ++i) {
    SHIELD_CHECK(crypto_scalarmult_ed25519_base(points[i].data(), kScalar.data()) == 0);
  }
  EdwardsToMontgomery(std::span(points).first(recipients.size()),
                      std::span(shares).first(recipients.size()));
  std::array<uint8_t, crypto_scalarmult_BYTES> secret;
  for (const X25519PublicKey& recipient : recipients) {
    SHIELD_CHECK(crypto_scalarmult(secret.data(), kScalar.data(), recipient.bytes.data()) == 0);
  }
}

// Batches of slots, then pieces of the payload, for whoever comes next.
class Primitives {
 public:
  Primitives(std::span<const X25519PublicKey> recipients, ByteSpan payload, unsigned threads)
      : recipients_(recipients),
        payload_(payload),
        batch_(std::clamp<size_t>((recipients.size() + threads - 1) / threads, 1, kMaxBatch)),
        batches_((recipients.size() + batch_ - 1) / batch_) {}

  void Run() {
    RawCipher cipher;
    const size_t count = batches_ + RawPieces(payload_.size());
    for (size_t item = next_++; item < count; item = next_++) Do(item, cipher);
  }

 private:
  void Do(size_t item, RawCipher& cipher) {
    if (item < batches_) {
      const size_t at = item * batch_;
      Multiply(recipients_.subspan(at, std::min(batch_, recipients_.size() - at)));
    } else {
      const size_t at = (item - batches_) * kRawPieceSize;
      cipher.Seal(payload_.subspan(at, std::min(kRawPieceSize, payload_.size() - at)));
    }
  }

  const std::span<const X25519PublicKey> recipients_;
  const ByteSpan payload_;
  const size_t batch_;
  const size_t batches_;
  std::atomic<size_t> next_ = 0;
};

}  // namespace

void ComputeSealPrimitives(std::span<const X25519PublicKey> recipients, ByteSpan payload,
                           unsigned threads) {
  SodiumInit();
  Primitives primitives(recipients, payload, threads);
  std::vector<std::thread> helpers;
  while (helpers.size() + 1 < threads) helpers.emplace_back([&primitives] { primitives.Run(); });
  primitives.Run();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace shield::testing
