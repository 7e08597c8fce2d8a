// The policy and its second model agree on the committed case files, case by case.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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
  EXPECT_GE(report.cases, 12'000u);
  for (const CaseMismatch& mismatch : report.mismatches) {
    ADD_FAILURE() << mismatch.id << ": the model says " << mismatch.expected << ", the policy "
                  << mismatch.actual;
  }
}

// Everything that is asked of a bulletin of each label, in every state, at every place of the
// window. Whoever takes a line out of the generator meets it here.
const std::set<std::string>& Questions() {
  static const auto& questions = *new std::set<std::string>{
      "author",
      "source-analyst",
      "source-digest",
      "source-vetting",
      "source-auditor",
      "other-authority",
      "named-person",
      "named-person-moved",
      "named-low-vetting",
      "named-desk",
      "named-elsewhere",
      "named-client",
      "recipient-org",
      "recipient-org-desk",
      "recipient-org-low-vetting",
      "recipient-org-joiner",
      "recipient-org-elsewhere",
      "not-in-snapshot",
      "excluded-person",
      "excluded-org",
      "selected",
      "selected-by-parent-region",
      "other-sector",
      "other-region",
      "selected-low-vetting",
      "untargeted",
      "subsidiary",
      "other-member",
      "client",
      "client-of-selected",
      "past-client",
      "clients-client",
      "supplier",
      "permitted",
      "permission-ended",
      "permit-reader",
      "elsewhere",
      "elsewhere-untargeted",
      "applied",
      "revoked",
      "ended",
      "suspended",
      "exercise-participant",
      "exercise-bystander",
      "stranger",
      "public",
      "share-colleague",
      "share-colleague-desk",
      "share-colleague-low-vetting",
      "share-colleague-joiner",
      "share-colleague-auditor",
      "share-colleague-vetting",
      "share-colleague-far",
      "share-colleague-capped",
      "share-colleague-of-selected",
      "share-named-too",
      "share-named-low-vetting",
      "share-named-moved",
      "share-named-service",
      "share-excluded",
      "share-author",
      "share-source-analyst",
      "share-source-digest",
      "share-source-auditor",
      "share-source-vetting",
      "share-other-member",
      "share-other-auditor",
      "share-other-far",
      "share-other-capped",
      "share-elsewhere",
      "share-elsewhere-far",
      "share-client",
      "share-client-without-reason",
      "share-client-by-client",
      "share-client-auditor",
      "share-client-of-selected",
      "share-past-client",
      "share-clients-client",
      "share-supplier",
      "share-permission-ended",
      "share-applied",
      "share-revoked",
      "share-suspended",
      "share-stranger",
      "share-public",
      "share-wider-label",
      "share-stricter-label",
      "share-by-outsider",
      "share-by-low-vetting",
      "share-by-auditor",
      "withdraw-by-author",
      "withdraw-by-analyst",
      "withdraw-by-auditor",
      "withdraw-by-digest-seat",
      "withdraw-by-recipient",
      "withdraw-by-other-organisation",
      "supersede-by-author",
      "supersede-by-analyst",
      "supersede-by-auditor",
      "supersede-by-digest-seat",
      "supersede-by-recipient",
      "supersede-by-other-organisation",
      "relabel-by-author",
      "relabel-by-analyst",
      "relabel-by-auditor",
      "relabel-by-digest-seat",
      "relabel-by-recipient",
      "relabel-by-other-organisation",
      "extend-by-author",
      "extend-by-analyst",
      "extend-by-auditor",
      "extend-by-digest-seat",
      "extend-by-recipient",
      "extend-by-other-organisation",
      "permit-by-author",
      "permit-by-analyst",
      "permit-by-auditor",
      "permit-by-digest-seat",
      "permit-by-recipient",
      "permit-by-other-organisation",
      "reply-by-author",
      "reply-by-analyst",
      "reply-by-auditor",
      "reply-by-digest-seat",
      "reply-by-recipient",
      "reply-by-other-organisation",
      "report-author",
      "report-analyst",
      "report-digest-seat",
      "report-auditor",
      "report-vetting",
      "report-colleague",
      "report-other-authority",
      "report-other-member",
      "report-late-joiner",
      "report-named",
      "report-named-colleague",
      "report-of-suspended",
      "report-of-suspended-and-ended",
      "report-of-authority-author",
      "report-of-authority-reader",
      "report-of-authority-analyst",
      "report-of-authority-digest-seat",
      "report-public",
      "direct-author",
      "direct-named",
      "direct-named-moved",
      "direct-colleague-of-author",
      "direct-digest-seat-of-author",
      "direct-colleague-of-named",
      "direct-other",
      "direct-client",
      "direct-elsewhere",
      "direct-public",
      "recall-holder",
      "recall-stranger",
      "recall-analyst",
      "recall-suspended",
      "recall-public",
  };
  return questions;
}

TEST(ExhaustiveCases, CoverEveryCombinationOnce) {
  const auto file = ParseCaseFile(ReadVectorFile("exhaustive.cases"));
  ASSERT_TRUE(file.ok());
  std::set<std::string> ids;
  size_t sealed = 0;
  for (const PolicyCase& policy_case : file->cases) {
    EXPECT_TRUE(ids.insert(policy_case.id).second) << policy_case.id << " stands twice";
    sealed += absl::EndsWith(policy_case.id, "/sealed") ? 1 : 0;
  }
  size_t expected = 0;
  for (absl::string_view label : {"RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"}) {
    for (const std::string& question : Questions()) {
      for (absl::string_view state : {"live", "withdrawn", "superseded"}) {
        for (absl::string_view place : {"before", "begin", "inside", "end", "after"}) {
          const std::string id = absl::StrCat(label, "/", question, "/", state, "/", place);
          EXPECT_TRUE(ids.contains(id)) << id << " is missing";
          ++expected;
        }
      }
    }
  }
  EXPECT_EQ(ids.size(), expected + sealed);
  EXPECT_EQ(sealed, 5u * 74u);
}

TEST(Vectors, HoldForTheSecondModelToo) {
  const CaseFile file = PolicyVectors();
  size_t asked = 0;
  for (const PolicyCase& policy_case : file.cases) {
    const std::optional<Answer> answer = ModelAnswerTo(file, policy_case);
    if (!answer.has_value()) continue;
    ++asked;
    EXPECT_EQ(*answer, policy_case.expected) << policy_case.id;
  }
  EXPECT_GE(asked, 100u);
}

}  // namespace
}  // namespace shield::testing
