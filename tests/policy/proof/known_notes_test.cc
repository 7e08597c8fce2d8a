#include "policy/proof/known_notes.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/signing_key.h"
#include "tests/policy/mutations.h"
#include "tests/support/seeded_random.h"

namespace shield {
namespace {

constexpr absl::string_view kName = "shield.antwerp.example/jan";

class KnownNotesTest : public ::testing::Test {
 protected:
  absl::Status Verify(absl::string_view note, const SigningKey& key) {
    const absl::StatusOr<SignedNote> parsed = ParseNote(note);
    if (!parsed.ok()) return parsed.status();
    return known_.Verify(*parsed, *key.Verifier(std::string(kName)));
  }

  testing::SeededRandom random_{7};
  const SigningKey jan_ = SigningKey::Generate(random_);
  const SigningKey other_ = SigningKey::Generate(random_);
  const std::string note_ = SignNote("a statement\n", std::string(kName), jan_);
  KnownNotes known_;
};

TEST_F(KnownNotesTest, WhatHoldsHoldsAgain) {
  for (int time = 0; time < 3; ++time) EXPECT_TRUE(Verify(note_, jan_).ok());
}

TEST_F(KnownNotesTest, WhatIsKnownOfOneKeyIsNotKnownOfAnother) {
  ASSERT_TRUE(Verify(note_, jan_).ok());
  EXPECT_FALSE(Verify(note_, other_).ok());
  EXPECT_FALSE(Verify(note_, other_).ok()) << "nor is what was refused";
}

TEST_F(KnownNotesTest, EveryMutationOfWhatIsKnownIsRefused) {
  ASSERT_TRUE(Verify(note_, jan_).ok());
  testing::ForEachMutation(note_, [this](const std::string& mutated) {
    EXPECT_FALSE(Verify(mutated, jan_).ok()) << mutated;
  });
  EXPECT_TRUE(Verify(note_, jan_).ok());
}

// More than there is room for: each still gets its own answer.
TEST_F(KnownNotesTest, ForgetsTheOldestAndNoAnswer) {
  const auto note_at = [this](size_t i) {
    return SignNote(absl::StrCat("statement ", i, "\n"), std::string(kName), jan_);
  };
  for (int round = 0; round < 2; ++round) {
    for (size_t i = 0; i < KnownNotes::kMost + 3; ++i) {
      ASSERT_TRUE(Verify(note_at(i), jan_).ok()) << i;
      ASSERT_FALSE(Verify(note_at(i), other_).ok()) << i;
    }
  }
}

}  // namespace
}  // namespace shield
