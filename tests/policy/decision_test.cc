// Rules have names, sentences and hints, and refusals carry all three.
#include "policy/decision.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/status.h"
#include "policy/rule_sentence.h"
#include "tests/policy/policy_vectors.h"

namespace shield::testing {
namespace {

TEST(RuleNames, AreUniqueAndReadBack) {
  std::set<std::string> names;
  for (Rule rule : AllRules()) {
    EXPECT_TRUE(names.emplace(RuleName(rule)).second) << RuleName(rule);
    EXPECT_EQ(ParseRule(RuleName(rule)), rule);
  }
  EXPECT_EQ(names.size(), 61u);
}

TEST(RuleNames, KnowNoOtherWord) {
  EXPECT_EQ(ParseRule("UNSPECIFIED"), std::nullopt);
  EXPECT_EQ(ParseRule("red_not_named"), std::nullopt);
  EXPECT_EQ(ParseRule(""), std::nullopt);
}

TEST(RuleSentences, AreFilledInAndReadLikeTheHouse) {
  const CaseFile file = PolicyVectors();
  const Terms terms = VectorTerms(file, "p1", Tlp::kAmber);
  for (Rule rule : AllRules()) {
    const std::string sentence = SentenceFor(rule, terms, "g2");
    EXPECT_GT(sentence.size(), 10u) << RuleName(rule);
    EXPECT_FALSE(absl::StrContains(sentence, "{")) << sentence;
    EXPECT_FALSE(absl::EndsWith(sentence, ".")) << sentence;
    EXPECT_FALSE(absl::ascii_isupper(static_cast<unsigned char>(sentence[0])) &&
                 !absl::StartsWith(sentence, "TLP:"))
        << sentence;
  }
  EXPECT_EQ(SentenceFor(Rule::kExpired, terms, "g2"),
            "the bulletin expired at 2025-04-02T09:00:00Z");
  EXPECT_EQ(SentenceFor(Rule::kRedNotNamed, terms, "g2"),
            "TLP:RED is for named persons, and `g2` is not one of them");
  EXPECT_EQ(SentenceFor(Rule::kCommunity, terms, ""),
            "the public is in the community TLP:AMBER is for");
}

TEST(Refusals, CarryRuleSentenceAndHint) {
  const CaseFile file = PolicyVectors();
  const Decision decision = Deny(Rule::kLabelDowngrade, VectorTerms(file, "p1", Tlp::kAmber), "h1");
  const absl::Status status = RefusalOf(decision);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(status.message(), "only the source may widen the label TLP:AMBER");
  EXPECT_EQ(RuleOf(status), "LABEL_DOWNGRADE");
  EXPECT_EQ(HintOf(status), "ask the source to relabel it");
}

TEST(Refusals, OfWhatIsAllowedAreNone) {
  const CaseFile file = PolicyVectors();
  EXPECT_TRUE(RefusalOf(Allow(Rule::kCommunity, VectorTerms(file, "p1", Tlp::kGreen), "g1")).ok());
}

}  // namespace
}  // namespace shield::testing
