#include "crypto/sha256.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace shield {
namespace {

// Looked up once: asking OpenSSL 3 by name costs more than hashing a Merkle node.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  SHIELD_CHECK(algorithm != nullptr);
  return algorithm;
}

}  // namespace

void Sha256Hasher::FreeContext::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256Hasher::Sha256Hasher() : context_(EVP_MD_CTX_new()) {
  SHIELD_CHECK(context_ != nullptr);
  SHIELD_CHECK(EVP_DigestInit_ex(context_.get(), Algorithm(), nullptr) == 1);
}

void Sha256Hasher::Update(ByteSpan bytes) {
  SHIELD_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Digest Sha256Hasher::Finish() {
  Digest digest;
  SHIELD_CHECK(EVP_DigestFinal_ex(context_.get(), digest.bytes.data(), nullptr) == 1);
  SHIELD_CHECK(EVP_DigestInit_ex(context_.get(), Algorithm(), nullptr) == 1);
  return digest;
}

Digest Sha256(ByteSpan bytes) {
  // One context a thread: making one costs more than hashing a Merkle node.
  thread_local Sha256Hasher hasher;
  hasher.Update(bytes);
  return hasher.Finish();
}

Digest Sha256(absl::string_view text) { return Sha256(AsBytes(text)); }

}  // namespace shield
