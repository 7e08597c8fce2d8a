#include "crypto/signing_key.h"

#include <sodium.h>

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/hex.h"
#include "base/status.h"

namespace shield {
namespace {

constexpr absl::string_view kPrefix = "PRIVATE+KEY+";

static_assert(crypto_sign_SEEDBYTES == SigningSeed::kSize);
static_assert(crypto_sign_SECRETKEYBYTES == 64);

absl::Status Refused(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("signing key refused: ", why));
}

}  // namespace

SigningKey::SigningKey(SigningSeed seed) : seed_(std::move(seed)) {
  const SecretAccess access = SecretAccess::ForCrypto();
  SHIELD_CHECK(crypto_sign_seed_keypair(public_key_.data(), expanded_.Fill(access).data(),
                                        seed_.Reveal(access).data()) == 0);
}

SigningKey SigningKey::Generate(Random& random) {
  return SigningKey(SigningSeed::FromRandom(random));
}

SigningKey SigningKey::FromSeed(const SigningSeed& seed) { return SigningKey(seed.Clone()); }

absl::StatusOr<SigningKey::Named> SigningKey::Parse(absl::string_view text) {
  absl::ConsumeSuffix(&text, "\n");
  if (!absl::ConsumePrefix(&text, kPrefix)) return Refused("it does not begin with `PRIVATE+KEY+`");
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3) return Refused("it is not PRIVATE+KEY+<name>+<key id>+<key>");
  std::optional<Bytes> typed = Base64Decode(parts[2], Base64Form::kPadded);
  if (!typed.has_value() || typed->size() != 1 + SigningSeed::kSize ||
      (*typed)[0] != kEd25519SignatureType) {
    if (typed.has_value()) Wipe(*typed);
    return Refused("its last part is not the base64 of an Ed25519 seed");
  }
  std::optional<SigningSeed> seed = SigningSeed::FromBytes(ByteSpan(*typed).subspan(1));
  Wipe(*typed);
  SigningKey key(std::move(*seed));
  ASSIGN_OR_RETURN(const VerifierKey verifier, key.Verifier(parts[0]));
  if (parts[1] != HexEncode(verifier.key_id())) return Refused("its key id is not that of its key");
  return Named{verifier.name(), std::move(key)};
}

std::string SigningKey::Print(absl::string_view name, SecretAccess access) const {
  const absl::StatusOr<VerifierKey> verifier = Verifier(name);
  SHIELD_CHECK(verifier.ok());
  SecretBytes<33> typed;
  const std::span<uint8_t, 33> raw = typed.Fill(access);
  raw[0] = kEd25519SignatureType;
  std::copy(seed_.Reveal(access).begin(), seed_.Reveal(access).end(), raw.begin() + 1);
  std::string seed = Base64Encode(raw, Base64Form::kPadded);
  std::string text =
      absl::StrCat(kPrefix, name, "+", HexEncode(verifier->key_id()), "+", seed, "\n");
  Wipe(seed);
  return text;
}

absl::StatusOr<VerifierKey> SigningKey::Verifier(absl::string_view name) const {
  return VerifierKey::Create(name, public_key_);
}

Ed25519Signature SigningKey::Sign(ByteSpan message) const {
  Ed25519Signature signature;
  SHIELD_CHECK(crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                                    expanded_.Reveal(SecretAccess::ForCrypto()).data()) == 0);
  return signature;
}

}  // namespace shield
