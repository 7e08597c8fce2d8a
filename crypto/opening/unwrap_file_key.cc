#include "crypto/opening/unwrap_file_key.h"

#include <sodium.h>

#include <array>

namespace shield {

std::optional<FileKey> UnwrapFileKey(const AgeKey& wrap_key, const WrappedFileKey& wrapped) {
  constexpr SecretAccess kCrypto = SecretAccess::ForCrypto();
  constexpr std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> kZeroNonce{};
  FileKey file_key;
  if (crypto_aead_chacha20poly1305_ietf_decrypt(
          file_key.Fill(kCrypto).data(), nullptr, nullptr, wrapped.data(), wrapped.size(), nullptr,
          0, kZeroNonce.data(), wrap_key.Reveal(kCrypto).data()) != 0) {
    return std::nullopt;
  }
  return file_key;
}

}  // namespace shield
