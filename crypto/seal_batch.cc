#include "crypto/seal_batch.h"

#include <sodium.h>

#include "base/check.h"
#include "crypto/edwards_to_montgomery.h"

namespace shield {
namespace {

constexpr SecretAccess kCrypto = SecretAccess::ForCrypto();

static_assert(sizeof(OneTimeSecret) == crypto_scalarmult_SCALARBYTES);

// The public keys of `secrets`. Both multiplications of libsodium clamp a scalar alike, so the
// product with the Ed25519 base point and the later one with the recipient belong together.
void MultiplyBase(std::span<const OneTimeSecret> secrets, std::span<X25519PublicKey> shares) {
  std::array<EdwardsPoint, kMaxSealBatch> points;
  for (size_t i = 0; i < secrets.size(); ++i) {
    SHIELD_CHECK(crypto_scalarmult_ed25519_base(points[i].data(), secrets[i].data()) == 0);
  }
  EdwardsToMontgomery(std::span(points).first(secrets.size()), shares);
}

// False when `recipient` is of low order.
bool SealOne(const OneTimeSecret& secret, const X25519PublicKey& share,
             const X25519PublicKey& recipient, const FileKey& file_key, const AgeKey& mac_key,
             Slot& slot) {
  AgeKey shared_secret;
  if (crypto_scalarmult(shared_secret.Fill(kCrypto).data(), secret.data(),
                        recipient.bytes.data()) != 0) {
    return false;
  }
  const AgeKey wrap_key = X25519WrapKey(shared_secret, share, recipient);
  slot = AuthenticateSlot(share, WrapFileKey(wrap_key, file_key), mac_key);
  return true;
}

}  // namespace

bool SealBatch(std::span<const X25519PublicKey> recipients, std::span<const OneTimeSecret> secrets,
               const FileKey& file_key, const AgeKey& mac_key, std::span<Slot> slots) {
  SHIELD_CHECK(recipients.size() <= kMaxSealBatch && secrets.size() == recipients.size() &&
               slots.size() == recipients.size());
  std::array<X25519PublicKey, kMaxSealBatch> shares;
  MultiplyBase(secrets, std::span(shares).first(recipients.size()));
  for (size_t i = 0; i < recipients.size(); ++i) {
    if (!SealOne(secrets[i], shares[i], recipients[i], file_key, mac_key, slots[i])) return false;
  }
  return true;
}

}  // namespace shield
