// Who receives a bulletin: both ways to find out agree, everybody is accounted for, and the rules
// of the audience hold.
#include "policy/audience.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/corpus/case_file.h"
#include "policy/decide.h"
#include "tests/policy/policy_vectors.h"
#include "tests/policy/random_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Names(const std::vector<Chosen>& recipients) {
  std::vector<std::string> names;
  for (const Chosen& chosen : recipients) {
    names.push_back(absl::StrCat(chosen.member.text(), " ", RuleName(chosen.rule)));
  }
  return names;
}

TEST(Audience, IsTheSameByIndexesAndByWalkingAll) {
  size_t resolved = 0;
  for (uint64_t seed = 0; seed < 8'000; ++seed) {
    RandomNetwork random(seed + 9'000'000);
    const auto directory = random.MakeDirectory();
    const Terms terms = random.MakeTerms(*directory);
    const auto audience = ResolveAudience(*directory, terms, RandomNetwork::Now());
    const auto recipients = ResolveRecipients(*directory, terms, RandomNetwork::Now());
    ASSERT_EQ(audience.ok(), recipients.ok());
    if (!audience.ok()) {
      ASSERT_EQ(RuleOf(audience.status()), RuleOf(recipients.status()));
      continue;
    }
    ++resolved;
    ASSERT_EQ(audience->recipients, recipients->recipients) << "seed " << seed;
    ASSERT_EQ(audience->warnings, recipients->warnings) << "seed " << seed;
    ASSERT_EQ(audience->recipients.size() + audience->excluded.size(), directory->members().size());
  }
  EXPECT_GE(resolved, 500u);
}

TEST(Audience, GivesEveryMemberTheRuleThatDecideGives) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "p1", Tlp::kAmber);
  terms.targets = TargetsOf(std::vector<AudienceToken>{AudienceToken::Org(*OrgId::Parse("g"))});
  const auto audience = ResolveAudience(*file.directory, terms, terms.issued);
  ASSERT_TRUE(audience.ok()) << audience.status();
  for (const Chosen& chosen : audience->recipients) {
    const Decision decision = DecideDelivery(*file.directory, terms, chosen.member, terms.issued);
    EXPECT_TRUE(decision.allowed);
    EXPECT_EQ(decision.rule, chosen.rule);
  }
  for (const Excluded& excluded : audience->excluded) {
    const Decision decision = DecideDelivery(*file.directory, terms, excluded.member, terms.issued);
    EXPECT_FALSE(decision.allowed);
    EXPECT_EQ(decision.rule, excluded.rule);
  }
}

TEST(Audience, WhoeverItIsSealedToMayFetchItByTheSameRule) {
  for (uint64_t seed = 0; seed < 2'000; ++seed) {
    RandomNetwork random(seed + 8'000'000);
    const auto directory = random.MakeDirectory();
    Terms terms = random.MakeTerms(*directory);
    const auto recipients = ResolveRecipients(*directory, terms, RandomNetwork::Now());
    if (!recipients.ok()) continue;
    terms.state = BulletinState::kLive;
    terms.not_before = RandomNetwork::Now();
    terms.expires = RandomNetwork::Now() + absl::Hours(1);
    for (const Chosen& chosen : recipients->recipients) {
      const Decision decision =
          Decide(*directory, terms, Reader::Holder(chosen.member), RandomNetwork::Now());
      ASSERT_TRUE(decision.allowed) << seed << " " << chosen.member << " " << decision.sentence;
      ASSERT_EQ(decision.rule, chosen.rule) << seed << " " << chosen.member;
    }
  }
}

TEST(Audience, AlwaysHoldsTheAuthorAndExceptForRedTheSourcesAnalystsAndDigestSeat) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "p1", Tlp::kGreen);
  terms.targets = TargetsOf(std::vector<AudienceToken>{AudienceToken::Org(*OrgId::Parse("r"))});
  const auto green = ResolveRecipients(*file.directory, terms, terms.issued);
  ASSERT_TRUE(green.ok());
  EXPECT_THAT(Names(green->recipients),
              ElementsAre("dg SOURCE_ORG", "p1 AUTHOR", "p2 SOURCE_ORG", "r1 RECIPIENT_ORG"));

  terms.tlp = Tlp::kRed;
  terms.targets =
      TargetsOf(std::vector<AudienceToken>{AudienceToken::Member(*MemberId::Parse("g1"))});
  const auto red = ResolveRecipients(*file.directory, terms, terms.issued);
  ASSERT_TRUE(red.ok());
  EXPECT_THAT(Names(red->recipients), ElementsAre("g1 NAMED_PERSON", "p1 AUTHOR"));
}

TEST(Audience, WarnsWhenNobodyButTheSourceReceives) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "p1", Tlp::kAmber);
  terms.targets =
      TargetsOf(std::vector<AudienceToken>{{AudienceToken::Kind::kSector, "education"}});
  const auto audience = ResolveAudience(*file.directory, terms, terms.issued);
  ASSERT_TRUE(audience.ok());
  EXPECT_THAT(audience->warnings, ElementsAre(Rule::kEmptyAudience));
}

TEST(Audience, OfARecallIsEmptyWithoutWarning) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "p1", Tlp::kGreen);
  terms.bulletin_class = BulletinClass::kControl;
  terms.relations = {Relation::kWithdraws};
  const auto audience = ResolveAudience(*file.directory, terms, terms.issued);
  ASSERT_TRUE(audience.ok());
  EXPECT_THAT(audience->recipients, IsEmpty());
  EXPECT_THAT(audience->warnings, IsEmpty());
}

TEST(Audience, IsRefusedWithTheRuleAndAWayOut) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "p1", Tlp::kRed);
  terms.targets = TargetsOf(std::vector<AudienceToken>{AudienceToken::Org(*OrgId::Parse("g"))});
  const auto audience = ResolveAudience(*file.directory, terms, terms.issued);
  ASSERT_FALSE(audience.ok());
  EXPECT_EQ(audience.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(audience.status().message(), "TLP:RED names `org:g`, but RED is for named persons");
  EXPECT_EQ(RuleOf(audience.status()), "RED_NEEDS_PERSONS");
  EXPECT_EQ(HintOf(audience.status()), "use --to member:<id>, or label it TLP:AMBER+STRICT");
}

// What a reader's client holds: its own openings, the rest hidden. Nothing hidden widens.
TEST(Audience, HiddenTokensKeepAReaderDecidableAndNobodyElseIn) {
  const CaseFile file = PolicyVectors();
  Terms terms = VectorTerms(file, "p1", Tlp::kGreen);
  const AudienceToken hidden = AudienceToken::Hidden(Digest{});
  terms.targets = TargetsOf(std::vector<AudienceToken>{hidden, hidden});
  const Reader reader = Reader::Holder(*MemberId::Parse("g2"));
  EXPECT_EQ(Decide(*file.directory, terms, reader, terms.issued).rule, Rule::kNotRecipientOrg);
  terms.targets =
      TargetsOf(std::vector<AudienceToken>{hidden, AudienceToken::Org(*OrgId::Parse("g"))});
  EXPECT_EQ(Decide(*file.directory, terms, reader, terms.issued).rule, Rule::kRecipientOrg);
  EXPECT_EQ(DecidePublish(*file.directory, terms, terms.issued).rule, Rule::kUnknownCode);
}

}  // namespace
}  // namespace shield::testing
