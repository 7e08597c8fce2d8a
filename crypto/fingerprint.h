// Fingerprints that two people compare over the telephone.
//
// The first 100 bits of a SHA-256, here that of "abc", shown in two ways:
//
//   six words    ronuma fujuza gubala lutifa dibiha dozara    17 bits each: 100 and 2 check bits
//   base32       XJ4B-NP4P-AHH6-UQKB-IDPF                     20 characters of RFC 4648
//
// A word is three syllables of a consonant (b d f g h j k l m n p r s t v z) and a vowel (a i o u;
// the last vowel only a or o). The check bits catch three of four words misheard; comparing is
// still what counts. Specification: docs/spec/directory.md, "Enrolment".
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"

namespace shield {

// An immutable value.
class Fingerprint {
 public:
  explicit Fingerprint(const Digest& digest);

  // From either form; letters of either case, words and groups separated by spaces or hyphens.
  // INVALID_ARGUMENT when it is neither or the check bits do not fit.
  static absl::StatusOr<Fingerprint> Parse(absl::string_view text);

  std::string Words() const;
  std::string Base32() const;

  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;

 private:
  Fingerprint() = default;
  std::array<uint8_t, 13> bits_{};  // the low four bits of the last byte are zero
};

}  // namespace shield
