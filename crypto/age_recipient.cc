#include "crypto/age_recipient.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/quoted.h"
#include "base/status.h"
#include "crypto/bech32.h"
#include "crypto/secret_bytes.h"

namespace shield {
namespace {

constexpr absl::string_view kPrefix = "age";

using Coordinate = std::array<uint8_t, 32>;

// 2^255 - 19, little-endian.
constexpr Coordinate kPrime = [] {
  Coordinate prime{};
  prime.fill(0xff);
  prime.front() = 0xed;
  prime.back() = 0x7f;
  return prime;
}();

// The canonical coordinates of the points whose order divides 8 (0, 1, the two of order 8, and
// -1), on the curve and its twist: RFC 7748 section 6.1 asks to be wary of them.
constexpr std::array<Coordinate, 5> kLowOrder = {{
    {0},
    {1},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3,
     0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32,
     0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1,
     0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c,
     0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
}};

bool LessThanPrime(const Coordinate& value) {
  return std::lexicographical_compare(value.rbegin(), value.rend(), kPrime.rbegin(), kPrime.rend());
}

absl::Status NotARecipient(absl::string_view text) {
  if (HoldsPrivateKey(text)) {
    return WithHint(absl::InvalidArgumentError("this is a private key, not an age recipient"),
                    "give the `age1…` line of the identity file; keep the private key to yourself");
  }
  return WithHint(
      absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is not an X25519 age recipient")),
      "it is written `age1` and 58 lower case characters; copy it whole");
}

}  // namespace

absl::Status CheckX25519PublicKey(const X25519PublicKey& key) {
  if (!LessThanPrime(key.bytes)) {
    return absl::InvalidArgumentError("the X25519 key is not in its canonical encoding");
  }
  if (std::find(kLowOrder.begin(), kLowOrder.end(), key.bytes) != kLowOrder.end()) {
    return absl::InvalidArgumentError("the X25519 key is a point of low order: no secret is safe");
  }
  return absl::OkStatus();
}

absl::StatusOr<X25519PublicKey> ParseAgeRecipient(absl::string_view text) {
  std::optional<Bech32Text> decoded = Bech32Decode(text);
  X25519PublicKey key;
  if (!decoded.has_value() || decoded->prefix != kPrefix ||
      decoded->data.size() != key.bytes.size()) {
    if (decoded.has_value()) Wipe(decoded->data);  // an identity given by mistake decodes too
    return NotARecipient(text);
  }
  std::copy(decoded->data.begin(), decoded->data.end(), key.bytes.begin());
  RETURN_IF_ERROR(Annotate(CheckX25519PublicKey(key), absl::StrCat("`", text, "`")));
  return key;
}

std::string PrintAgeRecipient(const X25519PublicKey& key) {
  return Bech32Encode(kPrefix, key.bytes);
}

}  // namespace shield
