#include "crypto/key_commitment.h"

#include "base/bytes.h"
#include "crypto/hkdf.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr absl::string_view kInfo = "shield/v1/key-commitment";

}  // namespace

Digest KeyCommitment(const FileKey& file_key, const PayloadNonce& nonce,
                     absl::string_view context_block) {
  Bytes info = ToBytes(AsBytes(kInfo));
  info.push_back(0);
  Append(info, Sha256(context_block).span());
  Digest commitment;
  HkdfSha256(file_key.Reveal(SecretAccess::ForCrypto()), nonce, info, commitment.bytes);
  return commitment;
}

}  // namespace shield
