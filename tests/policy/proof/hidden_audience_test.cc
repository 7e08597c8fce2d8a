#include "policy/proof/hidden_audience.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

class HiddenAudienceTest : public ::testing::Test {
 protected:
  testing::SeededRandom random_{4};
  const OrgId hotel_ = *OrgId::Parse("hotel-astrid");
  const OrgId zoo_ = *OrgId::Parse("zoo");
  const MemberId desk_ = *MemberId::Parse("astrid-desk");
  const std::vector<AudienceToken> tokens_ = {AudienceToken::Org(hotel_),
                                              AudienceToken::NotOrg(zoo_),
                                              AudienceToken::Member(desk_),
                                              {AudienceToken::Kind::kSector, "transport"}};
};

TEST_F(HiddenAudienceTest, HidesExactlyWhatNamesSomeone) {
  const HiddenAudience hidden = HideAudience(tokens_, random_);
  ASSERT_EQ(hidden.tokens.size(), 4U);
  EXPECT_EQ(hidden.openings.size(), 3U);
  EXPECT_EQ(std::count_if(hidden.tokens.begin(), hidden.tokens.end(),
                          [](const AudienceToken& token) {
                            return token.kind == AudienceToken::Kind::kHidden;
                          }),
            3);
  EXPECT_TRUE(std::is_sorted(hidden.tokens.begin(), hidden.tokens.end(),
                             [](const AudienceToken& a, const AudienceToken& b) {
                               return PrintAudienceToken(a) < PrintAudienceToken(b);
                             }));
}

TEST_F(HiddenAudienceTest, TheHiddenTokenIsTheHashOfSaltAndToken) {
  Opening opening{{}, AudienceToken::Org(hotel_)};
  opening.salt.fill(7);
  EXPECT_EQ(HiddenToken(opening),
            AudienceToken::Hidden(Sha256(std::string(16, '\7') + "org:hotel-astrid")));
}

TEST_F(HiddenAudienceTest, TwoBulletinsHideTheSameNameDifferently) {
  EXPECT_NE(HideAudience(tokens_, random_).tokens, HideAudience(tokens_, random_).tokens);
}

TEST_F(HiddenAudienceTest, AllOpeningsGiveTheAudienceBack) {
  const HiddenAudience hidden = HideAudience(tokens_, random_);
  std::vector<AudienceToken> opened =
      OpenAudience(hidden.tokens, hidden.openings, OpeningsNeeded::kAll).value();
  EXPECT_TRUE(std::is_permutation(opened.begin(), opened.end(), tokens_.begin(), tokens_.end()));
}

TEST_F(HiddenAudienceTest, AReaderOpensOnlyItsOwn) {
  const HiddenAudience hidden = HideAudience(tokens_, random_);
  const std::vector<Opening> own = OpeningsFor(hidden.openings, desk_, hotel_);
  ASSERT_EQ(own.size(), 2U);
  EXPECT_TRUE(OpeningsFor(hidden.openings, *MemberId::Parse("x"), *OrgId::Parse("y")).empty());
  EXPECT_EQ(OpeningsFor(hidden.openings, *MemberId::Parse("x"), zoo_).size(), 1U);
  const std::vector<AudienceToken> opened =
      OpenAudience(hidden.tokens, own, OpeningsNeeded::kSome).value();
  EXPECT_EQ(std::count_if(opened.begin(), opened.end(),
                          [](const AudienceToken& token) {
                            return token.kind == AudienceToken::Kind::kHidden;
                          }),
            1);
  EXPECT_EQ(RuleOf(OpenAudience(hidden.tokens, own, OpeningsNeeded::kAll).status()),
            "STATEMENT_MALFORMED");
}

TEST_F(HiddenAudienceTest, OpeningsThatDoNotFitAreRefused) {
  const HiddenAudience hidden = HideAudience(tokens_, random_);
  const auto refused = [&hidden](std::vector<Opening> openings) {
    return RuleOf(OpenAudience(hidden.tokens, openings, OpeningsNeeded::kSome).status()) ==
           "STATEMENT_MALFORMED";
  };
  std::vector<Opening> openings = hidden.openings;
  openings[0].salt[0] ^= 1;
  EXPECT_TRUE(refused(openings));
  openings = hidden.openings;
  openings[0].token = AudienceToken::Org(zoo_);
  EXPECT_TRUE(refused(openings));
  openings = hidden.openings;
  openings.push_back(openings[0]);
  EXPECT_TRUE(refused(openings));
  EXPECT_TRUE(refused({{{}, AudienceToken::Public()}}));
  openings.assign(hidden.tokens.size() + 1, hidden.openings[0]);
  EXPECT_TRUE(refused(openings));
}

TEST_F(HiddenAudienceTest, RepeatedTokensAreHiddenOnce) {
  const std::vector<AudienceToken> twice = {AudienceToken::Org(hotel_), AudienceToken::Org(hotel_)};
  EXPECT_EQ(HideAudience(twice, random_).tokens.size(), 1U);
}

}  // namespace
}  // namespace shield
