#include "crypto/opening/x25519_identity.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/bech32.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/unwrap_file_key.h"
#include "crypto/system_random.h"

namespace shield {
namespace {

constexpr absl::string_view kPrefix = "AGE-SECRET-KEY-";
constexpr size_t kSecretSize = crypto_scalarmult_SCALARBYTES;

}  // namespace

void X25519Identity::FreeGuarded::operator()(uint8_t* secret) const { sodium_free(secret); }

X25519Identity::Secret X25519Identity::Allocate() {
  SodiumInit();
  Secret secret(static_cast<uint8_t*>(sodium_malloc(kSecretSize)));
  SHIELD_CHECK(secret != nullptr);
  return secret;
}

X25519Identity::X25519Identity(Secret secret) : secret_(std::move(secret)) {
  SHIELD_CHECK(sodium_mprotect_readonly(secret_.get()) == 0);
  SHIELD_CHECK(crypto_scalarmult_base(recipient_.bytes.data(), secret_.get()) == 0);
}

X25519Identity X25519Identity::Generate(Random& random) {
  Secret secret = Allocate();
  random.Fill(std::span(secret.get(), kSecretSize));
  return X25519Identity(std::move(secret));
}

absl::StatusOr<X25519Identity> X25519Identity::Parse(absl::string_view text) {
  std::optional<Bech32Text> decoded = Bech32Decode(text);
  if (!decoded.has_value() || decoded->prefix != kPrefix || decoded->data.size() != kSecretSize) {
    if (decoded.has_value()) Wipe(decoded->data);
    return WithHint(absl::InvalidArgumentError("not an X25519 age identity"),
                    "it is the line `AGE-SECRET-KEY-1…` that `age-keygen` wrote; copy it whole");
  }
  Secret secret = Allocate();
  std::copy(decoded->data.begin(), decoded->data.end(), secret.get());
  Wipe(decoded->data);
  return X25519Identity(std::move(secret));
}

std::string X25519Identity::Print(SecretAccess) const {
  std::string text =
      Bech32Encode(absl::AsciiStrToLower(kPrefix), ByteSpan(secret_.get(), kSecretSize));
  absl::AsciiStrToUpper(&text);
  return text;
}

absl::StatusOr<std::optional<FileKey>> X25519Identity::Unwrap(const X25519PublicKey& share,
                                                              const WrappedFileKey& wrapped) const {
  AgeKey shared_secret;
  if (crypto_scalarmult(shared_secret.Fill(SecretAccess::ForCrypto()).data(), secret_.get(),
                        share.bytes.data()) != 0) {
    return AgeError(AgeFailure::kHeader, "the share of an X25519 stanza is a point of low order");
  }
  return UnwrapFileKey(X25519WrapKey(shared_secret, share, recipient_), wrapped);
}

}  // namespace shield
