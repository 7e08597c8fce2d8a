// Ed25519 signing keys: what authors, the authority and the broker sign with.
//
//   SigningKey key = SigningKey::Generate(random);
//   std::string note = SignNote(text, "antwerp.example/jan", key);      // crypto/note.h
//
// A key has no name of its own; the name is given when it signs or shows its verifier, because
// the same seed under another name is another C2SP key.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"
#include "base/random.h"
#include "crypto/secret_bytes.h"
#include "crypto/verifier_key.h"

namespace shield {

using SigningSeed = SecretBytes<32>;

// Movable, not copyable; wiped when it goes. Signing is thread-safe.
class SigningKey {
 public:
  static SigningKey Generate(Random& random);
  static SigningKey FromSeed(const SigningSeed& seed);

  // The text of a key file, as C2SP implementations write it, with the name the key signs under:
  //   PRIVATE+KEY+<name>+<key id>+<base64 of 01 || seed>
  // A trailing line feed is accepted. INVALID_ARGUMENT otherwise; the message repeats no part of
  // the text.
  struct Named;
  static absl::StatusOr<Named> Parse(absl::string_view text);
  // Secret: for a file with mode 0600 only; the caller wipes it. `name` must be a key name.
  std::string Print(absl::string_view name, SecretAccess access) const;

  const Ed25519PublicKey& public_key() const { return public_key_; }

  // INVALID_ARGUMENT when `name` is no key name.
  absl::StatusOr<VerifierKey> Verifier(absl::string_view name) const;

  // Deterministic (RFC 8032).
  Ed25519Signature Sign(ByteSpan message) const;

  std::span<const uint8_t, 32> Seed(SecretAccess access) const { return seed_.Reveal(access); }

 private:
  explicit SigningKey(SigningSeed seed);

  SigningSeed seed_;
  SecretBytes<64> expanded_;  // as libsodium signs with: seed || public key
  Ed25519PublicKey public_key_;
};

struct SigningKey::Named {
  std::string name;
  SigningKey key;
};

}  // namespace shield
