#include "crypto/age_recipient.h"

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/bech32.h"
#include "tests/crypto/refused_keys.h"

namespace shield {
namespace {

// A pair that age-keygen made for this test.
constexpr absl::string_view kRecipient =
    "age1gqe48v60chhpvl4up0w9gf5pp3y66m2r5ga207juvddgagzdssys2h69ah";
constexpr absl::string_view kIdentity =
    "AGE-SECRET-KEY-1CP9RHPSHLFTHTQ6NKYAQM92KAM7WWTPN02N65HSLFNEMC2AWU25SFG844P";

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
  for (const absl::string_view hex : testing::kLowOrderOrSecondSpelling) {
    const X25519PublicKey key = testing::X25519FromHex(hex);
    EXPECT_FALSE(CheckX25519PublicKey(key).ok()) << hex;
    EXPECT_FALSE(ParseAgeRecipient(PrintAgeRecipient(key)).ok()) << hex;
  }
}

TEST(AgeRecipient, TakesTheKeysNextToTheRefusedOnes) {
  EXPECT_TRUE(
      CheckX25519PublicKey(testing::X25519FromHex(
                               "0200000000000000000000000000000000000000000000000000000000000000"))
          .ok());
  EXPECT_TRUE(
      CheckX25519PublicKey(testing::X25519FromHex(
                               "ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"))
          .ok());
}

}  // namespace
}  // namespace shield
