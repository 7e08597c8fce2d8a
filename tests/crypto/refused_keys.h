// X25519 keys that nobody may seal to.
#pragma once

#include <algorithm>

#include "absl/strings/string_view.h"
#include "base/hex.h"
#include "crypto/age_recipient.h"

namespace shield::testing {

inline X25519PublicKey X25519FromHex(absl::string_view hex) {
  X25519PublicKey key;
  const Bytes bytes = *HexDecode(hex);
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

// Every encoding of a point of low order: the canonical ones and those of 2^255 - 19 or more.
inline constexpr absl::string_view kLowOrderOrSecondSpelling[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
    "4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
    "d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

}  // namespace shield::testing
