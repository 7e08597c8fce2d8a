// Proofs for others: how long they are, and that nothing in them can be changed.
#include "client/export/logged_proof.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/export/packed_text.h"
#include "client/export/verify_export.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "tests/client/support/sample_network.h"
#include "tests/support/shared_folder.h"

namespace shield {
namespace {

constexpr size_t kBound = 2048;

class LoggedProofTest : public ::testing::Test {
 protected:
  LoggedProofTest() {
    Client analyst = network_.Open("an-lise");
    const auto published = analyst.Publish(network_.DraftOf(
        "+++\ntitle = \"Pickpocket team around the Meir\"\nkind = \"flash_alert\"\ntlp = "
        "\"AMBER+STRICT\"\nto = [\"org:astrid\", \"sector:hotels-restaurants\", "
        "\"region:BE211\"]\n+++\nBody.\n"));
    EXPECT_TRUE(published.ok()) << published.status();
    file_ = analyst.ProveLogged(published->id).value();
  }
  // Hashes as no packing makes them shorter.
  std::vector<Digest> Hashes(size_t count) {
    std::vector<Digest> hashes;
    hashes.reserve(count);
    for (size_t i = 0; i < count; ++i) hashes.push_back(Sha256(absl::StrCat("hash ", ++made_)));
    return hashes;
  }
  // The same proof with paths as long as those of larger trees.
  std::string Grown(size_t log_path, size_t org_path, size_t own_hashes) {
    LoggedProof proof = ParseLoggedProof(file_).value();
    proof.log.path = Hashes(log_path);
    proof.log.index = 5123;
    proof.author.proof = Hashes(org_path);
    proof.author.own_proof = Hashes(own_hashes);
    return PrintLoggedProof(proof);
  }
  absl::StatusOr<VerifiedExport> Verify(absl::string_view file) {
    return VerifyLoggedProof(file, network_.network(), {network_.clock().Now()});
  }

  testing::SampleNetwork network_;
  std::string file_;
  int made_ = 0;
};

TEST_F(LoggedProofTest, HoldsForWhoHasTheNetworkFileAlone) {
  const auto verified = Verify(file_);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->author.text(), "an-lise");
  EXPECT_EQ(verified->author_org.text(), "ocad");
  const std::string text = *UnpackText(file_, kMaxLoggedProofBytes);
  EXPECT_FALSE(absl::StrContains(text, "Body."));
  EXPECT_FALSE(absl::StrContains(text, "Pickpocket"));
  EXPECT_FALSE(absl::StrContains(text, "astrid"));
  EXPECT_FALSE(absl::StrContains(text, "an-omar"));  // a colleague of its author's
}

TEST_F(LoggedProofTest, NoChangedByteOfTheTextPasses) {
  const std::string text = *UnpackText(file_, kMaxLoggedProofBytes);
  for (size_t at = 0; at < text.size(); at += 3) {
    std::string other = text;
    other[at] = static_cast<char>(other[at] == 'x' ? 'y' : 'x');
    EXPECT_FALSE(Verify(PackText(other)).ok()) << "byte " << at;
  }
}

// 10,000 entries, 1,000 members in 50 organisations, the author one of forty in its own.
TEST_F(LoggedProofTest, IsShorterThanTwoKibibytesInALargeNetwork) {
  const size_t small = Grown(14, 6, 4).size();
  const size_t ordinary = Grown(14, 6, 11).size();
  std::printf("a proof of %zu bytes, of %zu where forty are of the author's organisation\n", small,
              ordinary);
  EXPECT_LT(small, kBound);
  EXPECT_LT(ordinary, kBound);
}

// The proof of the log alone, as it stands in the text: where it lies, the path, the checkpoint.
TEST_F(LoggedProofTest, ThePathAndTheCheckpointAreShorterThanTwoKibibytesInAnyLog) {
  for (const size_t path : {size_t{14}, size_t{40}}) {
    const LoggedProof proof = ParseLoggedProof(Grown(path, 6, 11)).value();
    const std::string text = *UnpackText(PrintLoggedProof(proof), kMaxLoggedProofBytes);
    const size_t bytes = text.size() - text.find("\nlog 5123\n") - 1;
    std::printf("a path of %zu and the checkpoint: %zu bytes\n", path, bytes);
    EXPECT_LT(bytes, kBound);
  }
}

TEST_F(LoggedProofTest, WhatIsNoPackedTextIsRefused) {
  std::vector<std::string> files = {"",
                                    "x",
                                    "shield/logged/v2\n",
                                    file_ + "x",
                                    file_.substr(0, file_.size() - 1),
                                    file_.substr(0, file_.size() / 2)};
  std::string other_level = file_;
  other_level[1] = '\xbb';
  files.push_back(other_level);
  std::string other_dictionary = file_;
  other_dictionary[4] ^= 1;
  files.push_back(other_dictionary);
  std::string other_sum = file_;
  other_sum.back() ^= 1;
  files.push_back(other_sum);
  for (const std::string& file : files) {
    EXPECT_EQ(RuleOf(ParseLoggedProof(file).status()), "EXPORT_MALFORMED") << file.size();
  }
}

TEST_F(LoggedProofTest, APackedTextBeyondTheLimitIsNotUnpacked) {
  const std::string text(1000, 'a');
  EXPECT_EQ(UnpackText(PackText(text), 1000), text);
  EXPECT_EQ(UnpackText(PackText(text), 999), std::nullopt);
  EXPECT_EQ(UnpackText(PackText(std::string(size_t{64} << 20, 'a')), kMaxLoggedProofBytes),
            std::nullopt);
}

TEST_F(LoggedProofTest, TheDictionaryIsThatOfTheSpecification) {
  std::ifstream file(testing::SourceFolder() / "docs/spec/logged-proof.dictionary",
                     std::ios::binary);
  EXPECT_EQ(PackingDictionary(), std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace
}  // namespace shield
