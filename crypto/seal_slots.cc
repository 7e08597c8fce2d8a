#include "crypto/seal_slots.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "base/check.h"
#include "crypto/edwards_to_montgomery.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

// Slots that share one inversion; also what a thread takes at a time.
constexpr size_t kBatch = 128;

constexpr SecretAccess kCrypto = SecretAccess::ForCrypto();

using Scalars = std::array<std::array<uint8_t, crypto_scalarmult_SCALARBYTES>, kBatch>;

// The public keys of `scalars`. Both multiplications of libsodium clamp a scalar alike, so the
// product with the Ed25519 base point and the later one with the recipient belong together.
void MultiplyBase(std::span<const Scalars::value_type> scalars, std::span<X25519PublicKey> shares) {
  std::array<EdwardsPoint, kBatch> points;
  for (size_t i = 0; i < scalars.size(); ++i) {
    SHIELD_CHECK(crypto_scalarmult_ed25519_base(points[i].data(), scalars[i].data()) == 0);
  }
  EdwardsToMontgomery(std::span(points).first(scalars.size()), shares);
}

// False when `recipient` is of low order.
bool SealOne(const Scalars::value_type& scalar, const X25519PublicKey& share,
             const X25519PublicKey& recipient, const FileKey& file_key, const AgeKey& mac_key,
             Slot& slot) {
  AgeKey shared_secret;
  if (crypto_scalarmult(shared_secret.Fill(kCrypto).data(), scalar.data(),
                        recipient.bytes.data()) != 0) {
    return false;
  }
  const AgeKey wrap_key = X25519WrapKey(shared_secret, share, recipient);
  slot = AuthenticateSlot(share, WrapFileKey(wrap_key, file_key), mac_key);
  return true;
}

bool SealBatch(std::span<const X25519PublicKey> recipients, const FileKey& file_key,
               const AgeKey& mac_key, std::span<Slot> slots) {
  Scalars secrets;
  const auto scalars = std::span(secrets).first(recipients.size());
  randombytes_buf(secrets.data(), scalars.size_bytes());
  std::array<X25519PublicKey, kBatch> shares;
  MultiplyBase(scalars, std::span(shares).first(recipients.size()));
  bool sealed = true;
  for (size_t i = 0; i < recipients.size() && sealed; ++i) {
    sealed = SealOne(scalars[i], shares[i], recipients[i], file_key, mac_key, slots[i]);
  }
  sodium_memzero(secrets.data(), sizeof secrets);
  return sealed;
}

// Batches that wait for a thread, and the slots they become.
class Work {
 public:
  Work(std::span<const X25519PublicKey> recipients, const FileKey& file_key)
      : recipients_(recipients),
        file_key_(file_key),
        mac_key_(HeaderMacKey(file_key)),
        slots_(recipients.size()) {}

  size_t batches() const { return (recipients_.size() + kBatch - 1) / kBatch; }

  // Seals batches until none is left; any number of threads may do so at once.
  void Run() {
    for (size_t at = next_.fetch_add(kBatch); at < recipients_.size();
         at = next_.fetch_add(kBatch)) {
      const size_t count = std::min(kBatch, recipients_.size() - at);
      if (!SealBatch(recipients_.subspan(at, count), file_key_, mac_key_,
                     std::span(slots_).subspan(at, count))) {
        refused_ = true;
      }
    }
  }

  bool refused() const { return refused_; }
  std::vector<Slot> TakeSlots() { return std::move(slots_); }

 private:
  const std::span<const X25519PublicKey> recipients_;
  const FileKey& file_key_;
  const AgeKey mac_key_;
  std::vector<Slot> slots_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> refused_ = false;
};

// As many helpers of the calling thread as the system gives, at most `count`.
std::vector<std::thread> StartHelpers(Work& work, size_t count) {
  std::vector<std::thread> helpers;
  helpers.reserve(count);
  try {
    while (helpers.size() < count) helpers.emplace_back([&work] { work.Run(); });
  } catch (const std::system_error&) {
    // No more threads to be had: the ones there are do all of the work.
  }
  return helpers;
}

}  // namespace

absl::StatusOr<std::vector<Slot>> SealSlots(std::span<const X25519PublicKey> recipients,
                                            const FileKey& file_key, unsigned threads) {
  SodiumInit();
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  Work work(recipients, file_key);
  const size_t used = std::min<size_t>(threads, work.batches());
  std::vector<std::thread> helpers = StartHelpers(work, used > 1 ? used - 1 : 0);
  work.Run();
  for (std::thread& helper : helpers) helper.join();
  if (work.refused()) {
    return absl::InvalidArgumentError("sealing failed: a recipient's key is a point of low order");
  }
  return work.TakeSlots();
}

}  // namespace shield
