#include "base/quoted.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace shield {
namespace {

TEST(Quoted, ShowsTextWithoutControlBytesAndBackticks) {
  EXPECT_EQ(Quoted("antwerp.example"), "`antwerp.example`");
  EXPECT_EQ(Quoted("a`b\x1b[2J\xc3\xa9"), "`a'b\\x1b[2J\\xc3\\xa9`");
}

TEST(Quoted, CutsALongText) {
  const std::string most(kMaxQuotedBytes, 'x');
  EXPECT_EQ(Quoted(most), absl::StrCat("`", most, "`"));
  EXPECT_EQ(Quoted(absl::StrCat(most, "y")), absl::StrCat("`", most, "…`"));
}

TEST(Quoted, NeverRepeatsAPrivateKey) {
  for (absl::string_view text :
       {"AGE-SECRET-KEY-1CP9RHPSH", " age-secret-key-1CP9RHPSH", "seal Age-Secret-Key-1CP9RHPSH",
        "PRIVATE+KEY+net/jan+c74f20a3+CP9RHPSH", "sign private+key+net/jan+c74f20a3+CP9RHPSH",
        "-----BEGIN PRIVATE KEY-----\nCP9RHPSH", "-----BEGIN EC PRIVATE KEY-----\nCP9RHPSH"}) {
    EXPECT_TRUE(HoldsPrivateKey(text)) << text;
    EXPECT_EQ(Quoted(text), "(a private key, not repeated here)") << text;
  }
  // Also where only its beginning would be shown.
  EXPECT_EQ(Quoted(absl::StrCat(std::string(kMaxQuotedBytes - 20, 'x'), "AGE-SECRET-KEY-1CP9RHP")),
            "(a private key, not repeated here)");
}

TEST(Quoted, TakesPublicKeysAsOtherText) {
  for (absl::string_view text : {"age1gqe48v60chhpvl4up0w9gf5pp3y66m2r", "net/jan+c74f20a3+ARpc2Q",
                                 "-----BEGIN PUBLIC KEY-----", "AGE-SECRET-KEY", ""}) {
    EXPECT_FALSE(HoldsPrivateKey(text)) << text;
  }
}

}  // namespace
}  // namespace shield
