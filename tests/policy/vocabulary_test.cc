#include "policy/vocabulary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/audience_token.h"
#include "policy/nuts.h"
#include "policy/regions.h"

namespace shield {
namespace {

TEST(Vocabulary, EveryWordReadsBack) {
  for (OrgKind kind : {OrgKind::kAuthority, OrgKind::kMember, OrgKind::kClient}) {
    EXPECT_EQ(ParseOrgKind(PrintOrgKind(kind)), kind);
  }
  for (Role role : {Role::kAnalyst, Role::kAuditor, Role::kDesk, Role::kDigest, Role::kReader,
                    Role::kVetting}) {
    EXPECT_EQ(ParseRole(PrintRole(role)), role);
  }
  for (Relation relation :
       {Relation::kExtends, Relation::kPermits, Relation::kRelabels, Relation::kReplies,
        Relation::kShares, Relation::kSupersedes, Relation::kWithdraws}) {
    EXPECT_EQ(ParseRelation(PrintRelation(relation)), relation);
  }
}

TEST(Vocabulary, UnspecifiedHasNoWord) {
  EXPECT_FALSE(ParseRole(PrintRole(Role::kUnspecified)).has_value());
  EXPECT_FALSE(ParseOrgKind(PrintOrgKind(OrgKind::kUnspecified)).has_value());
  EXPECT_FALSE(ParseAccountState(PrintAccountState(AccountState::kUnspecified)).has_value());
  EXPECT_FALSE(ParseKeyUse(PrintKeyUse(KeyUse::kUnspecified)).has_value());
  EXPECT_FALSE(ParseBulletinClass(PrintBulletinClass(BulletinClass::kUnspecified)).has_value());
  EXPECT_FALSE(ParsePriority(PrintPriority(Priority::kUnspecified)).has_value());
  EXPECT_FALSE(ParseBulletinStatus(PrintBulletinStatus(BulletinStatus::kUnspecified)).has_value());
  EXPECT_FALSE(ParseRelation(PrintRelation(Relation::kUnspecified)).has_value());
}

TEST(Vocabulary, UnknownWordsAreNothing) {
  for (absl::string_view word : {"", "all", "*", "Reader", "reader "}) {
    EXPECT_FALSE(ParseRole(word).has_value()) << word;
    EXPECT_FALSE(IsSector(word)) << word;
    EXPECT_FALSE(IsRegion(word)) << word;
  }
}

TEST(Vocabulary, KindsBelongToOneClass) {
  EXPECT_EQ(ClassOfKind("flash_alert"), BulletinClass::kContent);
  EXPECT_EQ(ClassOfKind("suspicious_activity"), BulletinClass::kReport);
  EXPECT_EQ(ClassOfKind("data_request"), BulletinClass::kDirect);
  EXPECT_EQ(ClassOfKind("withdraw"), BulletinClass::kControl);
  EXPECT_FALSE(ClassOfKind("rumour").has_value());
  EXPECT_TRUE(KindsOf(BulletinClass::kUnspecified).empty());
}

TEST(Vocabulary, SectorsAreSorted) {
  EXPECT_EQ(AllSectors().size(), 16u);
  EXPECT_TRUE(std::is_sorted(AllSectors().begin(), AllSectors().end()));
  for (absl::string_view sector : AllSectors()) EXPECT_TRUE(IsSector(sector)) << sector;
}

TEST(Vocabulary, VettingIsZeroToThree) {
  EXPECT_EQ(ParseVetting("0"), 0);
  EXPECT_EQ(ParseVetting("3"), 3);
  for (absl::string_view text : {"4", "-1", "", "00", "3 "}) {
    EXPECT_FALSE(ParseVetting(text).has_value()) << text;
  }
}

TEST(Regions, AreNutsCodesAndCountries) {
  for (absl::string_view code : {"BE", "BE2", "BE21", "BE211", "US", "GB", "UK", "GR", "EL", "EL30",
                                 "FRK26", "DEA11", "ZW", "AD"}) {
    EXPECT_TRUE(IsRegion(code)) << code;
  }
  for (absl::string_view code : {"be211", "BE9", "BE2111", "XX", "US1", "B", "BE2-", "ZZ", "D B"}) {
    EXPECT_FALSE(IsRegion(code)) << code;
  }
}

TEST(Regions, InventedOnesOfTheUnionAreRefused) {
  for (absl::string_view code : {"BE2ZZ", "BE219", "BE26", "BE210", "BE221", "NL33C", "LU001",
                                 "FRK29", "DEG0P", "GR3", "GR30", "AT4", "EL7", "CY001"}) {
    EXPECT_FALSE(IsRegion(code)) << code;
    EXPECT_EQ(RuleOf(ParseAudienceToken(absl::StrCat("region:", code)).status()), "UNKNOWN_CODE");
  }
  for (absl::string_view code : {"BE100", "BE258", "BE32D", "NL366", "LU00", "LU000", "FRY50",
                                 "DEG0R", "EL653", "ES709", "PT1D3", "UKI31", "CH040", "NO020"}) {
    EXPECT_TRUE(IsRegion(code)) << code;
  }
}

// The numbers Eurostat publishes for NUTS 2024.
TEST(Regions, AreAsManyAsNuts2024Has) {
  std::set<absl::string_view> countries;
  std::set<absl::string_view> level1;
  size_t level3 = 0;
  absl::string_view before;
  for (const NutsLevel2& region : AllNutsLevel2()) {
    EXPECT_LT(before, region.code);
    before = region.code;
    countries.insert(region.code.substr(0, 2));
    level1.insert(region.code.substr(0, 3));
    level3 += region.level3.size();
    EXPECT_TRUE(std::is_sorted(region.level3.begin(), region.level3.end())) << region.code;
  }
  EXPECT_EQ(countries.size(), 27u);
  EXPECT_EQ(level1.size(), 92u);
  EXPECT_EQ(AllNutsLevel2().size(), 244u);
  EXPECT_EQ(level3, 1165u);
}

TEST(Regions, OverlapWhenOneLiesInTheOther) {
  EXPECT_TRUE(RegionsOverlap("BE21", "BE211"));
  EXPECT_TRUE(RegionsOverlap("BE211", "BE"));
  EXPECT_TRUE(RegionsOverlap("BE211", "BE211"));
  EXPECT_TRUE(RegionsOverlap("GR", "EL30"));
  EXPECT_TRUE(RegionsOverlap("UKI3", "GB"));
  EXPECT_FALSE(RegionsOverlap("BE211", "BE234"));
  EXPECT_FALSE(RegionsOverlap("BE21", "BE22"));
  EXPECT_FALSE(RegionsOverlap("BE", "NL"));
}

TEST(AudienceToken, ReadsBackEveryForm) {
  for (absl::string_view text :
       {"public", "community:shield-antwerp", "org:hotel-astrid", "member:g1", "sector:health",
        "region:BE211", "vetting:2", "not-org:x", "not-member:y",
        "h:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="}) {
    const absl::StatusOr<AudienceToken> token = ParseAudienceToken(text);
    ASSERT_TRUE(token.ok()) << token.status();
    EXPECT_EQ(PrintAudienceToken(*token), text);
  }
}

TEST(AudienceToken, RefusesEverythingElse) {
  for (absl::string_view text :
       {"", "all", "PUBLIC", "public:", "org:", "org:Hotel", "member:a b", "vetting:4",
        "vetting:", "h:AQE=", "role:desk", "org", "not-sector:health", "org:a,org:b"}) {
    EXPECT_FALSE(ParseAudienceToken(text).ok()) << text;
  }
  EXPECT_EQ(RuleOf(ParseAudienceToken("sector:spa").status()), "UNKNOWN_CODE");
  EXPECT_EQ(RuleOf(ParseAudienceToken("region:XX1").status()), "UNKNOWN_CODE");
}

TEST(AudienceToken, KnowsWhatAStatementMustHide) {
  for (absl::string_view text : {"org:a", "member:a", "not-org:a", "not-member:a"}) {
    EXPECT_TRUE(ParseAudienceToken(text)->NamesSomeone()) << text;
  }
  for (absl::string_view text : {"public", "community:a", "sector:health", "vetting:1"}) {
    EXPECT_FALSE(ParseAudienceToken(text)->NamesSomeone()) << text;
  }
}

}  // namespace
}  // namespace shield
