#include "base/strong_id.h"

#include <gtest/gtest.h>

#include <string>

namespace shield {
namespace {

TEST(StrongId, AcceptsTheFormOfTheSpecification) {
  for (absl::string_view text : {"a", "0", "desk-astrid", "a-b", "a--b"}) {
    EXPECT_TRUE(MemberId::Parse(text).has_value()) << text;
  }
  EXPECT_TRUE(MemberId::Parse(std::string(64, 'a')).has_value());
}

TEST(StrongId, RefusesEverythingElse) {
  for (absl::string_view text : {"", "-a", "a-", "A", "a b", "a_b", "é", "a\n", "../a"}) {
    EXPECT_FALSE(MemberId::Parse(text).has_value()) << text;
  }
  EXPECT_FALSE(MemberId::Parse(std::string(65, 'a')).has_value());
}

TEST(BulletinId, IsThirtyTwoLowercaseHexDigits) {
  const std::string text = "000102030405060708090a0b0c0d0eff";
  const std::optional<BulletinId> id = BulletinId::Parse(text);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(id->ToHex(), text);
  EXPECT_FALSE(BulletinId::Parse("000102030405060708090A0B0C0D0EFF").has_value());
  EXPECT_FALSE(BulletinId::Parse(text.substr(2)).has_value());
  EXPECT_FALSE(BulletinId::Parse(text + "00").has_value());
}

}  // namespace
}  // namespace shield
