// Audiences taken apart, labels combined, digests planned, parts and quotations judged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/audience.h"
#include "policy/combine.h"
#include "policy/consent.h"
#include "policy/digest_plan.h"
#include "policy/parts.h"
#include "policy/publisher.h"
#include "policy/targets.h"
#include "tests/policy/policy_vectors.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

AudienceToken Token(AudienceToken::Kind kind, absl::string_view value) {
  return {kind, std::string(value)};
}

TEST(Targets, AreSortedUniqueAndKeepTheHighestVetting) {
  const Targets targets = TargetsOf(std::vector<AudienceToken>{
      Token(AudienceToken::Kind::kSector, "retail"), Token(AudienceToken::Kind::kVetting, "2"),
      Token(AudienceToken::Kind::kSector, "health"), Token(AudienceToken::Kind::kVetting, "1"),
      Token(AudienceToken::Kind::kSector, "retail")});
  EXPECT_THAT(targets.sectors, ElementsAre("health", "retail"));
  EXPECT_EQ(targets.vetting, 2);
  EXPECT_TRUE(targets.HasSelector());
}

TEST(Targets, RememberAWordTheyCannotRead) {
  const Targets targets =
      TargetsOf(std::vector<AudienceToken>{Token(AudienceToken::Kind::kOrg, "Not An Id")});
  EXPECT_EQ(targets.unreadable, "org:Not An Id");
  EXPECT_TRUE(targets.SaysWhom());
  EXPECT_THAT(targets.orgs, IsEmpty());
  EXPECT_EQ(
      TargetsOf(std::vector<AudienceToken>{Token(AudienceToken::Kind::kVetting, "9")}).vetting,
      std::nullopt);
}

TEST(Targets, ACommunityAloneDoesNotNarrow) {
  const Targets targets = TargetsOf(
      std::vector<AudienceToken>{AudienceToken::Community(*CommunityId::Parse("shield-antwerp"))});
  EXPECT_TRUE(targets.HasSelector());
  EXPECT_FALSE(targets.NarrowsCommunity());
}

TEST(CompleteAudience, SpellsOutTheDefaultOfGreenAndClearOnly) {
  const CommunityId community = *CommunityId::Parse("shield-antwerp");
  EXPECT_THAT(CompleteAudience({}, BulletinClass::kContent, Tlp::kGreen, community),
              ElementsAre(AudienceToken::Community(community)));
  EXPECT_THAT(CompleteAudience({}, BulletinClass::kContent, Tlp::kClear, community),
              ElementsAre(AudienceToken::Public()));
  EXPECT_THAT(CompleteAudience({}, BulletinClass::kContent, Tlp::kAmber, community), IsEmpty());
  const AudienceToken exclusion = AudienceToken::NotOrg(*OrgId::Parse("h"));
  EXPECT_THAT(CompleteAudience({exclusion}, BulletinClass::kContent, Tlp::kGreen, community),
              ElementsAre(exclusion, AudienceToken::Community(community)));
  const AudienceToken org = AudienceToken::Org(*OrgId::Parse("h"));
  EXPECT_THAT(CompleteAudience({org}, BulletinClass::kContent, Tlp::kGreen, community),
              ElementsAre(org));
}

TEST(CompleteAudience, LeavesReportsAndDirectMessagesWithoutDefault) {
  const CommunityId community = *CommunityId::Parse("shield-antwerp");
  for (BulletinClass other : {BulletinClass::kReport, BulletinClass::kDirect}) {
    for (Tlp tlp : kAllTlp) EXPECT_THAT(CompleteAudience({}, other, tlp, community), IsEmpty());
  }
}

TEST(Combine, TakesTheMostRestrictiveLabel) {
  EXPECT_EQ(MostRestrictive(std::vector<Tlp>{Tlp::kGreen, Tlp::kAmberStrict, Tlp::kAmber}),
            Tlp::kAmberStrict);
  EXPECT_EQ(MostRestrictive(std::vector<Tlp>{}), Tlp::kUnspecified);
}

TEST(Combine, TakesTheIntersectionOfAudiences) {
  const auto chosen = [](absl::string_view member) {
    return Chosen{*MemberId::Parse(member), *OrgId::Parse("g"), Rule::kRecipientOrg};
  };
  const std::vector<std::vector<Chosen>> audiences = {{chosen("g2"), chosen("g1"), chosen("g0")},
                                                      {chosen("g1"), chosen("h1"), chosen("g2")}};
  EXPECT_THAT(CommonRecipients(audiences),
              ElementsAre(*MemberId::Parse("g1"), *MemberId::Parse("g2")));
  EXPECT_THAT(CommonRecipients({}), IsEmpty());
}

TEST(DigestPlan, LeavesOutWithTheRule) {
  const CaseFile file = PolicyVectors();
  const std::vector<Terms> items = {file.bulletins.at("green").terms,
                                    file.bulletins.at("red").terms};
  const DigestPlan plan =
      PlanDigest(*file.directory, items, *MemberId::Parse("r1"), items[0].issued);
  EXPECT_THAT(plan.items, ElementsAre(0u));
  ASSERT_EQ(plan.left_out.size(), 1u);
  EXPECT_EQ(plan.left_out[0].item, 1u);
  EXPECT_EQ(plan.left_out[0].rule, Rule::kRedNotNamed);
  EXPECT_EQ(plan.only_for, std::nullopt);
}

TEST(DigestPlan, IsStaleWhenItNamesAnItemThatIsGone) {
  const CaseFile file = PolicyVectors();
  const std::vector<Terms> items = {file.bulletins.at("green").terms};
  DigestPlan plan = PlanDigest(*file.directory, items, *MemberId::Parse("r1"), items[0].issued);
  EXPECT_EQ(
      DecideDigestDelivery(*file.directory, {}, plan, *MemberId::Parse("r1"), items[0].issued).rule,
      Rule::kDigestStale);
}

TEST(Parts, WithoutLabelAreStricterThanAnyWhole) {
  EXPECT_EQ(DecideParts(Tlp::kRed, std::vector<Tlp>{Tlp::kUnspecified}).rule,
            Rule::kPartStricterThanWhole);
}

TEST(Quotations, NeedConsentEvenAnonymised) {
  EXPECT_FALSE(DecideQuotation(Consent::kNone, Quotation::kAnonymised).allowed);
  EXPECT_TRUE(DecideQuotation(Consent::kNamed, Quotation::kAnonymised).allowed);
  EXPECT_TRUE(DecideQuotation(Consent::kNamed, Quotation::kNamed).allowed);
}

TEST(ReportMark, IsOnReportsOfTheSuspendedOnly) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "z1", Tlp::kAmber);
  EXPECT_EQ(ReportMark(*file.directory, terms, terms.issued), std::nullopt);
  terms.bulletin_class = BulletinClass::kReport;
  EXPECT_EQ(ReportMark(*file.directory, terms, terms.issued), Rule::kUntrustedSource);
  Terms ended = VectorTerms(file, "ze1", Tlp::kAmber);
  ended.bulletin_class = BulletinClass::kReport;
  EXPECT_EQ(ReportMark(*file.directory, ended, terms.issued), std::nullopt);
  Terms trusted = VectorTerms(file, "r1", Tlp::kAmber);
  trusted.bulletin_class = BulletinClass::kReport;
  EXPECT_EQ(ReportMark(*file.directory, trusted, terms.issued), std::nullopt);
}

}  // namespace
}  // namespace shield::testing
