// Checkpoints, log leaves and freshness notes.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/fresh.h"
#include "policy/proof/log_leaf.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::PublishedDirectory;
using testing::SampleNetwork;

// The example of C2SP tlog-checkpoint.
constexpr absl::string_view kCheckpoint =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

TEST(Checkpoint, ReadsThePublishedExample) {
  const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(kCheckpoint);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ(checkpoint->log_name, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint->size, 20852163U);
  EXPECT_EQ(PrintCheckpoint(*checkpoint), kCheckpoint);
}

TEST(Checkpoint, EveryMutationIsRefusedOrReadsAsItself) {
  testing::ForEachMutation(std::string(kCheckpoint), [](const std::string& mutated) {
    const absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(mutated);
    if (checkpoint.ok()) {
      EXPECT_EQ(PrintCheckpoint(*checkpoint), mutated);
    } else {
      EXPECT_EQ(RuleOf(checkpoint.status()), "CHECKPOINT_MALFORMED");
    }
  });
  EXPECT_FALSE(ParseCheckpoint(absl::StrCat(kCheckpoint, "extension\n")).ok());
}

TEST(Checkpoint, IsSignedByTheLogItNames) {
  const SampleNetwork network;
  const std::string name = network.origin().KeyName("log");
  const VerifierKey key = network.KeyOf("log").Verifier(name).value();
  const Checkpoint checkpoint = {name, 5, Sha256("root")};
  const std::string note = SignCheckpoint(checkpoint, network.KeyOf("log"));
  EXPECT_EQ(*VerifyCheckpoint(note, key), checkpoint);

  const VerifierKey broker =
      network.KeyOf("broker").Verifier(network.origin().KeyName("broker")).value();
  EXPECT_EQ(RuleOf(VerifyCheckpoint(note, broker).status()), "BAD_SIGNATURE");
  const std::string other_log =
      SignNote(PrintCheckpoint({"other/log", 5, Sha256("root")}), name, network.KeyOf("log"));
  EXPECT_EQ(RuleOf(VerifyCheckpoint(other_log, key).status()), "CHECKPOINT_MALFORMED");
}

// C2SP tlog-cosignature: key id, time and signature, 76 bytes, beside the log's own 68.
TEST(Checkpoint, HoldsWithTheCosignaturesOfWitnessesBesideIt) {
  const SampleNetwork network;
  const std::string name = network.origin().KeyName("log");
  const VerifierKey key = network.KeyOf("log").Verifier(name).value();
  const Checkpoint checkpoint = {name, 5, Sha256("root")};
  const std::string note = absl::StrCat(
      SignCheckpoint(checkpoint, network.KeyOf("log")),
      "\xe2\x80\x94 witness.example.com/w1 "
      "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
      "mbIUBkBIfZ+qnA==\n");
  const absl::StatusOr<Checkpoint> verified = VerifyCheckpoint(note, key);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(*verified, checkpoint);
}

TEST(LogLeaf, IsTheHashOfTheSpecification) {
  const Digest text = Sha256("text");
  const std::string entry =
      absl::StrCat(absl::string_view("shield/leaf/bulletin/v1\0", 24), AsText(text.span()));
  EXPECT_EQ(LogLeafHash(LogKind::kBulletin, text),
            Sha256(absl::StrCat(absl::string_view("\0", 1), entry)));
  EXPECT_NE(LogLeafHash(LogKind::kDirectory, text), LogLeafHash(LogKind::kBulletin, text));
}

class FreshTest : public ::testing::Test {
 protected:
  void SetUp() override {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("jan", "police", {Role::kAnalyst});
    published_ = network_.Publish();
    fresh_ = {network_.origin(), published_.directory->held(), 12, network_.now(),
              network_.now() + kMaxFreshLife};
  }

  SampleNetwork network_;
  PublishedDirectory published_;
  FreshNote fresh_{network_.origin()};
};

TEST_F(FreshTest, SpeaksForExactlyOneDirectory) {
  const std::string note = SignFreshNote(fresh_, network_.KeyOf("fresh"));
  EXPECT_EQ(*VerifyFreshNote(note, *published_.directory), fresh_);
  EXPECT_EQ(RuleOf(VerifyFreshNote(note, *network_.Publish().directory).status()),
            "DIRECTORY_STALE");
  EXPECT_EQ(
      RuleOf(VerifyFreshNote(SignFreshNote(fresh_, network_.KeyOf("broker")), *published_.directory)
                 .status()),
      "BAD_SIGNATURE");
}

TEST_F(FreshTest, HoldsForADayAtMost) {
  EXPECT_TRUE(ParseFreshNote(PrintFreshNote(fresh_)).ok());
  fresh_.expires += absl::Seconds(1);
  EXPECT_FALSE(ParseFreshNote(PrintFreshNote(fresh_)).ok());
  fresh_.expires = fresh_.issued;
  EXPECT_FALSE(ParseFreshNote(PrintFreshNote(fresh_)).ok());
}

TEST_F(FreshTest, IsValidFromIssueUntilExpiry) {
  EXPECT_TRUE(FreshAt(fresh_, fresh_.issued).ok());
  EXPECT_TRUE(FreshAt(fresh_, fresh_.expires - absl::Seconds(1)).ok());
  EXPECT_EQ(RuleOf(FreshAt(fresh_, fresh_.expires)), "DIRECTORY_STALE");
  EXPECT_TRUE(FreshAt(fresh_, fresh_.issued - absl::Minutes(2)).ok());
  EXPECT_EQ(RuleOf(FreshAt(fresh_, fresh_.issued - absl::Minutes(3))), "DIRECTORY_STALE");
}

TEST_F(FreshTest, EveryMutationIsRefusedOrReadsAsItself) {
  testing::ForEachMutation(PrintFreshNote(fresh_), [](const std::string& mutated) {
    const absl::StatusOr<FreshNote> fresh = ParseFreshNote(mutated);
    if (fresh.ok()) {
      EXPECT_EQ(PrintFreshNote(*fresh), mutated);
    } else {
      EXPECT_EQ(RuleOf(fresh.status()), "FRESH_MALFORMED");
    }
  });
}

}  // namespace
}  // namespace shield
