#include "crypto/opening/passphrase.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "crypto/opening/age_failure.h"
#include "crypto/opening/open_age_file.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

constexpr int kFast = 2;

AgeStanza StanzaOf(const Bytes& file) {
  return ParseAgeHeader(AsText(file).substr(0, *FindAgeHeader(file)))->stanzas.front();
}

TEST(Passphrase, OpensWhatItSealed) {
  testing::SeededRandom random(12);
  const Bytes plaintext(1000, 5);
  const Bytes file = *SealWithPassphrase(plaintext, "correct horse", random, kFast);
  const absl::string_view right[] = {"wrong", "correct horse"};
  EXPECT_EQ(*OpenAgeFile(file, {.passphrases = right}), plaintext);
  const absl::string_view wrong[] = {"wrong", ""};
  EXPECT_EQ(AgeFailureOf(OpenAgeFile(file, {.passphrases = wrong}).status()), AgeFailure::kNoMatch);
  EXPECT_EQ(AgeFailureOf(OpenAgeFile(file, {}).status()), AgeFailure::kNoMatch);
}

TEST(Passphrase, WritesTheWorkFactorOfStockAge) {
  testing::SeededRandom random(13);
  const AgeStanza stanza = StanzaOf(*SealWithPassphrase({}, "x", random));
  EXPECT_EQ(stanza.type, "scrypt");
  ASSERT_EQ(stanza.arguments.size(), 2u);
  EXPECT_EQ(stanza.arguments[1], "18");
}

TEST(Passphrase, IsNeverEmptyNorStretchedBeyondTheLimit) {
  testing::SeededRandom random(14);
  for (const int factor : {-1, 0, kMaxScryptWorkFactor + 1}) {
    EXPECT_EQ(SealWithPassphrase({}, "x", random, factor).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(SealWithPassphrase({}, "", random, kFast).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Passphrase, RefusesWorkFactorsOutOfRangeOrWrittenOtherwise) {
  testing::SeededRandom random(15);
  AgeStanza stanza = StanzaOf(*SealWithPassphrase({}, "x", random, kFast));
  for (const absl::string_view factor :
       {"21", "22", "99", "0", "00", "02", "+2", "-2", "0x2", "2 ", "", "18446744073709551618"}) {
    stanza.arguments[1] = std::string(factor);
    EXPECT_EQ(AgeFailureOf(UnwrapWithPassphrase(stanza, "x").status()), AgeFailure::kHeader)
        << factor;
  }
}

// The limit itself is taken: 1 GiB of memory for a moment.
TEST(Passphrase, TakesTheHighestWorkFactor) {
  testing::SeededRandom random(16);
  AgeStanza stanza = StanzaOf(*SealWithPassphrase({}, "x", random, kFast));
  stanza.arguments[1] = absl::StrCat(kMaxScryptWorkFactor);
  const auto unwrapped = UnwrapWithPassphrase(stanza, "x");
  ASSERT_TRUE(unwrapped.ok()) << unwrapped.status();
  EXPECT_FALSE(unwrapped->has_value());
}

TEST(Passphrase, RefusesMalformedStanzas) {
  testing::SeededRandom random(17);
  const AgeStanza good = StanzaOf(*SealWithPassphrase({}, "x", random, kFast));
  AgeStanza no_salt = good;
  no_salt.arguments.erase(no_salt.arguments.begin());
  AgeStanza more = good;
  more.arguments.push_back("more");
  AgeStanza short_salt = good;
  short_salt.arguments[0] = "AAAA";
  AgeStanza long_body = good;
  long_body.body.push_back(0);
  for (const AgeStanza& stanza : {no_salt, more, short_salt, long_body}) {
    EXPECT_EQ(AgeFailureOf(UnwrapWithPassphrase(stanza, "x").status()), AgeFailure::kHeader);
  }
}

}  // namespace
}  // namespace shield
