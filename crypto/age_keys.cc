#include "crypto/age_keys.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/string_view.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"

namespace shield {
namespace {

constexpr absl::string_view kX25519Info = "age-encryption.org/v1/X25519";
constexpr absl::string_view kHeaderInfo = "header";
constexpr absl::string_view kPayloadInfo = "payload";
constexpr SecretAccess kCrypto = SecretAccess::ForCrypto();

static_assert(sizeof(WrappedFileKey) == FileKey::kSize + crypto_aead_chacha20poly1305_ietf_ABYTES);

AgeKey Derive(ByteSpan input_key, ByteSpan salt, absl::string_view info) {
  AgeKey key;
  HkdfSha256(input_key, salt, AsBytes(info), key.Fill(kCrypto));
  return key;
}

}  // namespace

AgeKey X25519WrapKey(const AgeKey& shared_secret, const X25519PublicKey& share,
                     const X25519PublicKey& recipient) {
  std::array<uint8_t, 64> salt;
  std::copy(recipient.bytes.begin(), recipient.bytes.end(),
            std::copy(share.bytes.begin(), share.bytes.end(), salt.begin()));
  return Derive(shared_secret.Reveal(kCrypto), salt, kX25519Info);
}

AgeKey HeaderMacKey(const FileKey& file_key) {
  return Derive(file_key.Reveal(kCrypto), ByteSpan(), kHeaderInfo);
}

AgeKey PayloadKey(const FileKey& file_key, const PayloadNonce& nonce) {
  return Derive(file_key.Reveal(kCrypto), nonce, kPayloadInfo);
}

AgeMac HeaderMac(const AgeKey& mac_key, ByteSpan header) {
  return HmacSha256(mac_key.Reveal(kCrypto), {header});
}

WrappedFileKey WrapFileKey(const AgeKey& wrap_key, const FileKey& file_key) {
  constexpr std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> kZeroNonce{};
  WrappedFileKey wrapped;
  crypto_aead_chacha20poly1305_ietf_encrypt(
      wrapped.data(), nullptr, file_key.Reveal(kCrypto).data(), FileKey::kSize, nullptr, 0, nullptr,
      kZeroNonce.data(), wrap_key.Reveal(kCrypto).data());
  return wrapped;
}

}  // namespace shield
