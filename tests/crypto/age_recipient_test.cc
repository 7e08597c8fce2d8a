#include "crypto/age_recipient.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/hex.h"
#include "base/status.h"
#include "crypto/bech32.h"

namespace shield {
namespace {

// A pair that age-keygen made for this test.
constexpr absl::string_view kRecipient =
    "age1gqe48v60chhpvl4up0w9gf5pp3y66m2r5ga207juvddgagzdssys2h69ah";
constexpr absl::string_view kIdentity =
    "AGE-SECRET-KEY-1CP9RHPSHLFTHTQ6NKYAQM92KAM7WWTPN02N65HSLFNEMC2AWU25SFG844P";

X25519PublicKey FromHex(absl::string_view hex) {
  X25519PublicKey key;
  const Bytes bytes = *HexDecode(hex);
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

// Every encoding of a point of low order: the canonical ones and those of 2^255 - 19 or more.
constexpr absl::string_view kLowOrderOrSecondSpelling[] = {
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

TEST(AgeRecipient, ReadsWhatAgeKeygenWroteAndPrintsItAgain) {
  const auto key = ParseAgeRecipient(kRecipient);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(PrintAgeRecipient(*key), kRecipient);
}

TEST(AgeRecipient, RefusesOtherTextsWithAHint) {
  for (const std::string& text :
       {std::string(), std::string("age1"), absl::AsciiStrToUpper(kRecipient),
        absl::StrCat(kRecipient, "\n"), absl::StrCat(" ", kRecipient),
        Bech32Encode("age", Bytes(31, 7)), Bech32Encode("age", Bytes(33, 7)),
        Bech32Encode("agf", Bytes(32, 7))}) {
    const auto key = ParseAgeRecipient(text);
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_NE(HintOf(key.status()), "") << text;
  }
}

TEST(AgeRecipient, NeverRepeatsAPrivateKeyGivenByMistake) {
  for (const std::string& text :
       {std::string(kIdentity), absl::StrCat(" ", kIdentity), absl::StrCat("\n", kIdentity),
        absl::StrCat("# public key: age1\n", kIdentity), absl::StrCat("\xef\xbb\xbf", kIdentity)}) {
    const auto key = ParseAgeRecipient(text);
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_FALSE(absl::StrContains(key.status().ToString(), "CP9RHPSH")) << key.status();
    EXPECT_TRUE(absl::StrContains(key.status().message(), "private key")) << key.status();
    EXPECT_NE(HintOf(key.status()), "");
  }
}

TEST(AgeRecipient, RefusesKeysOfLowOrderAndSecondSpellings) {
  for (const absl::string_view hex : kLowOrderOrSecondSpelling) {
    const X25519PublicKey key = FromHex(hex);
    EXPECT_FALSE(CheckX25519PublicKey(key).ok()) << hex;
    EXPECT_FALSE(ParseAgeRecipient(PrintAgeRecipient(key)).ok()) << hex;
  }
}

TEST(AgeRecipient, TakesTheKeysNextToTheRefusedOnes) {
  EXPECT_TRUE(CheckX25519PublicKey(
                  FromHex("0200000000000000000000000000000000000000000000000000000000000000"))
                  .ok());
  EXPECT_TRUE(CheckX25519PublicKey(
                  FromHex("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"))
                  .ok());
}

}  // namespace
}  // namespace shield
