// Whom a slot is sealed to: an X25519 public key, written `age1…`.
//
//   ASSIGN_OR_RETURN(X25519PublicKey key, ParseAgeRecipient("age1…"));
//
// A key that is parsed is one that can be sealed to: keys of low order, for which every secret
// agrees on zero, and second spellings of a key are refused at enrolment already
// (docs/spec/sealing.md section 2).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bytes.h"

namespace shield {

struct X25519PublicKey {
  std::array<uint8_t, 32> bytes{};

  ByteSpan span() const { return bytes; }

  friend auto operator<=>(const X25519PublicKey&, const X25519PublicKey&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const X25519PublicKey& key) {
    return H::combine(std::move(state), key.bytes);
  }
};

// INVALID_ARGUMENT when `key` is not the one encoding of a point (a coordinate of 2^255 - 19 or
// more) or is a point of low order.
absl::Status CheckX25519PublicKey(const X25519PublicKey& key);

// From `age1` and 58 lower case characters. INVALID_ARGUMENT with a hint when it is anything else,
// a private key among it, whose text the message does not repeat; or by CheckX25519PublicKey.
absl::StatusOr<X25519PublicKey> ParseAgeRecipient(absl::string_view text);

std::string PrintAgeRecipient(const X25519PublicKey& key);

}  // namespace shield
