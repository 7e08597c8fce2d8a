// Secrets: bytes that are wiped, never printed, and read only by code that says why.
//
// A SecretBytes<N> lives on the stack or inside its owner and is overwritten when it goes. It has
// no conversion to text, no operator<< and no copy; comparison takes constant time. To read it, a
// caller names its purpose, so that a search for `SecretAccess::` lists every place a secret can
// leave from:
//
//   ByteSpan raw = key.Reveal(SecretAccess::ForCrypto());
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/random.h"

namespace shield {

// Overwrites `memory` with zeros; the compiler may not leave it out.
void Wipe(std::span<uint8_t> memory);

// The same for all the memory they own, beyond their present size too; they are empty afterwards.
// What an earlier reallocation left behind is out of reach: reserve before filling in a secret.
void Wipe(Bytes& bytes);
void Wipe(std::string& text);

// Whether both hold the same bytes, in time that depends on their length only.
bool ConstantTimeEqual(ByteSpan a, ByteSpan b);

// The right to read a secret, made by naming what for.
class SecretAccess {
 public:
  // To hand it to a cryptographic primitive.
  static constexpr SecretAccess ForCrypto() { return SecretAccess(); }
  // To write it where it belongs: an identity file, sealed content, the key line of TLP:CLEAR.
  static constexpr SecretAccess ForExport() { return SecretAccess(); }

 private:
  constexpr SecretAccess() = default;
};

// N secret bytes; all zero when default-constructed. Movable, the source is then zero.
// Thread-compatible.
template <size_t N>
class SecretBytes {
 public:
  static constexpr size_t kSize = N;

  SecretBytes() = default;
  explicit SecretBytes(std::span<const uint8_t, N> raw) {
    std::copy(raw.begin(), raw.end(), bytes_.begin());
  }
  ~SecretBytes() { Wipe(bytes_); }

  SecretBytes(SecretBytes&& other) noexcept : bytes_(other.bytes_) { Wipe(other.bytes_); }
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      Wipe(other.bytes_);
    }
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;

  // The secret whose bytes are `raw`, or nothing when `raw` is not N bytes long.
  static std::optional<SecretBytes> FromBytes(ByteSpan raw) {
    if (raw.size() != N) return std::nullopt;
    return SecretBytes(raw.template first<N>());
  }
  static SecretBytes FromRandom(Random& random) {
    SecretBytes secret;
    random.Fill(secret.bytes_);
    return secret;
  }

  // The bytes, valid as long as this object.
  std::span<const uint8_t, N> Reveal(SecretAccess) const { return bytes_; }
  // The bytes to be written by a primitive that computes a secret.
  std::span<uint8_t, N> Fill(SecretAccess) { return bytes_; }

  // A second holder of the same secret.
  SecretBytes Clone() const { return SecretBytes(std::span<const uint8_t, N>(bytes_)); }

  friend bool operator==(const SecretBytes& a, const SecretBytes& b) {
    return ConstantTimeEqual(a.bytes_, b.bytes_);
  }

 private:
  std::array<uint8_t, N> bytes_{};
};

}  // namespace shield
