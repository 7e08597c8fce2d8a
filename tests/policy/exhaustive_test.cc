// The policy and its second model agree on the committed case files, case by case.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "policy/corpus/run_cases.h"
#include "tests/policy/exhaustive_cases.h"
#include "tests/policy/model_answers.h"
#include "tests/policy/policy_vectors.h"

namespace shield::testing {
namespace {

TEST(ExhaustiveCases, AreWhatTheSecondModelWrites) {
  EXPECT_TRUE(ExhaustiveCases(ReadVectorFile("vectors.cases")) ==
              ReadVectorFile("exhaustive.cases"))
      << "write tests/vectors/policy/exhaustive.cases again (tests/policy/write_exhaustive_cases)";
}

TEST(ExhaustiveCases, HoldForThePolicy) {
  const auto file = ParseCaseFile(ReadVectorFile("exhaustive.cases"));
  ASSERT_TRUE(file.ok()) << file.status();
  const CaseReport report = RunCases(*file);
  EXPECT_GE(report.cases, 3'000u);
  for (const CaseMismatch& mismatch : report.mismatches) {
    ADD_FAILURE() << mismatch.id << ": the model says " << mismatch.expected << ", the policy "
                  << mismatch.actual;
  }
}

TEST(ExhaustiveCases, CoverEveryCombinationOnce) {
  const auto file = ParseCaseFile(ReadVectorFile("exhaustive.cases"));
  ASSERT_TRUE(file.ok());
  std::set<std::string> labels, standings, states, places, ids;
  size_t readings = 0;
  for (const PolicyCase& policy_case : file->cases) {
    EXPECT_TRUE(ids.insert(policy_case.id).second) << policy_case.id << " stands twice";
    const std::vector<std::string> parts = absl::StrSplit(policy_case.id, '/');
    if (parts.size() != 4) continue;
    ++readings;
    labels.insert(parts[0]);
    standings.insert(parts[1]);
    states.insert(parts[2]);
    places.insert(parts[3]);
  }
  EXPECT_EQ(labels.size(), kAllTlp.size());
  EXPECT_EQ(states.size(), 3u);
  EXPECT_EQ(places.size(), 5u);
  EXPECT_EQ(readings, labels.size() * standings.size() * states.size() * places.size());
}

TEST(Vectors, HoldForTheSecondModelToo) {
  const CaseFile file = PolicyVectors();
  size_t asked = 0;
  for (const PolicyCase& policy_case : file.cases) {
    const std::optional<Answer> answer = ModelAnswerTo(file, policy_case);
    if (!answer.has_value()) continue;
    ++asked;
    const std::string expected = policy_case.expected.substr(0, policy_case.expected.find(';'));
    EXPECT_EQ(*answer, expected) << policy_case.id;
  }
  EXPECT_GE(asked, 100u);
}

}  // namespace
}  // namespace shield::testing
