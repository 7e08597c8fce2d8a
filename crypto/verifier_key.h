// Ed25519 verifier keys in the text form of C2SP signed-note ("vkey").
//
//   antwerp.example/jan-peeters+5a1b2c3d+AY2u…      <name>+<key id, 8 hex digits>+<base64 of 01 ||
//   key>
//
// The key id is the first four bytes of SHA-256(name || 0A || 01 || key); it is what a signature
// line carries to say whose it is, and no proof of anything by itself.
// Specification: docs/spec/statement.md, "Signatures".
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield {

// C2SP signed-note, "Signature types": Ed25519.
inline constexpr uint8_t kEd25519SignatureType = 0x01;

inline constexpr size_t kMaxKeyNameBytes = 255;
inline constexpr size_t kEd25519SignatureBytes = 64;

using Ed25519PublicKey = std::array<uint8_t, 32>;
using Ed25519Signature = std::array<uint8_t, kEd25519SignatureBytes>;
using NoteKeyId = std::array<uint8_t, 4>;

// Whether `name` may name a key: 1 to 255 printable ASCII characters, none a space or '+'.
// Stricter than C2SP, which also allows other scripts.
bool IsKeyName(absl::string_view name);

// A named public key. An immutable value.
class VerifierKey {
 public:
  // INVALID_ARGUMENT when `name` is no key name.
  static absl::StatusOr<VerifierKey> Create(absl::string_view name, const Ed25519PublicKey& key);

  // From the text above. INVALID_ARGUMENT, saying what is wrong, for anything that ToString() does
  // not print: another algorithm, a key id that does not belong to the key, base64 that is not
  // canonical. A private key is refused without repeating any of it. Whether the key is a point of
  // the curve is asked by CheckPoint() only.
  static absl::StatusOr<VerifierKey> Parse(absl::string_view text);

  const std::string& name() const { return name_; }
  const Ed25519PublicKey& public_key() const { return key_; }
  const NoteKeyId& key_id() const { return id_; }
  std::string ToString() const;

  // Whether `signature` is this key's over exactly `message`. False for every key of small order
  // or in a second encoding, so an unchecked key is never one that anybody can sign for.
  bool Verify(ByteSpan message, const Ed25519Signature& signature) const;

  // INVALID_ARGUMENT unless the key is the canonical encoding of a point of the prime-order group.
  // About 100 microseconds: asked once, when a key is enrolled.
  absl::Status CheckPoint() const;

  friend auto operator<=>(const VerifierKey&, const VerifierKey&) = default;

 private:
  VerifierKey(absl::string_view name, const Ed25519PublicKey& key);

  std::string name_;
  Ed25519PublicKey key_;
  NoteKeyId id_;
};

}  // namespace shield
