// Two deliveries with one payload and different slots: stock age opens both, to different texts.
// Only the signed commitment tells a reader that one of them is not what the author sealed.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/open_content.h"
#include "crypto/key_commitment.h"
#include "crypto/opening/identity_file.h"
#include "crypto/opening/open_payload.h"
#include "crypto/opening/open_slot.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/proof/verified_directory.h"
#include "tests/client/support/sample_network.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// One of the two: what its reader holds.
struct Delivery {
  explicit Delivery(X25519Identity reader) : identity(std::move(reader)) {}

  X25519Identity identity;
  Bytes slot;
  Bytes payload;

  FileKey Key() const { return *OpenSlot(slot, identity); }
  Bytes Text() const { return *OpenPayload(Key(), payload); }
  PayloadNonce Nonce() const {
    PayloadNonce nonce;
    std::copy_n(payload.begin(), nonce.size(), nonce.begin());
    return nonce;
  }
};

Delivery Read(const std::filesystem::path& folder, int number) {
  const std::string identities = ReadFile(folder / absl::StrCat("id", number));
  const std::string file = ReadFile(folder / absl::StrCat("d", number, ".age"));
  Delivery delivery(std::move(ReadIdentityFile(AsBytes(identities), std::nullopt)->front()));
  delivery.slot = ToBytes(AsBytes(file).first(kSlotSize));
  delivery.payload = ToBytes(AsBytes(file).subspan(kSlotSize));
  return delivery;
}

class CommitmentPairTest : public ::testing::Test {
 protected:
  CommitmentPairTest()
      : analyst_(network_.Open("an-lise")), directory_(*analyst_.SyncDirectory()) {}

  // A bulletin with the payload of `delivery` that commits to its file key.
  VerifiedStatement CommittedTo(const Delivery& delivery) {
    Statement statement{
        network_.network().network, *BulletinId::Parse(std::string(32, 'a')),
        *MemberId::Parse("an-lise"),
        network_.SignKeyOf("an-lise").Verifier("antwerp.example/an-lise")->ToString()};
    statement.bulletin_class = BulletinClass::kContent;
    statement.issued = statement.not_before = network_.clock().Now();
    statement.expires = statement.issued + absl::Hours(1);
    statement.tlp = Tlp::kGreen;
    statement.audience = {AudienceToken::Community(*CommunityId::Parse("antwerp"))};
    statement.directory_version = directory_->version();
    statement.directory_digest = directory_->digest();
    statement.recipients = 2;
    statement.payload = {delivery.payload.size(), Sha256(ByteSpan(delivery.payload))};
    statement.commitment =
        KeyCommitment(delivery.Key(), delivery.Nonce(), PrintContextBlock(statement));
    const std::string note = *SignStatement(statement, network_.SignKeyOf("an-lise"));
    return *VerifyStatement(note, directory_->directory(), network_.clock().Now());
  }

  void ExpectThatEachReaderTakesItsOwnOnly(const std::filesystem::path& folder) {
    const Delivery first = Read(folder, 0);
    const Delivery second = Read(folder, 1);
    ASSERT_EQ(first.payload, second.payload) << "the vector is one payload";
    ASSERT_NE(first.Text(), second.Text()) << "that opens to two texts";
    const auto rule = [](const VerifiedStatement& statement, const Delivery& delivery) {
      const absl::Status status =
          OpenCommittedKey(statement, delivery.slot, delivery.payload, delivery.identity).status();
      return status.ok() ? "taken" : RuleOf(status);
    };
    const VerifiedStatement of_first = CommittedTo(first);
    EXPECT_EQ(rule(of_first, first), "taken");
    EXPECT_EQ(rule(of_first, second), "COMMITMENT_MISMATCH");
    const VerifiedStatement of_second = CommittedTo(second);
    EXPECT_EQ(rule(of_second, first), "COMMITMENT_MISMATCH");
    EXPECT_EQ(rule(of_second, second), "taken");
    EXPECT_EQ(RuleOf(OpenContent(of_first, second.slot, second.payload, second.identity).status()),
              "COMMITMENT_MISMATCH");
  }

  SampleNetwork network_;
  Client analyst_;
  std::shared_ptr<const VerifiedDirectory> directory_;
};

TEST_F(CommitmentPairTest, OneSignedCommitmentCannotHoldForBoth) {
  ExpectThatEachReaderTakesItsOwnOnly(SourceFolder() / "tests/vectors/sealing/commitment-pair");
}

// The author's readers have the first text; a sharer in league with the author wraps the key of the
// second, and commits to it as well as to anything.
TEST_F(CommitmentPairTest, AShareShowsNoOtherTextThanItsOriginal) {
  const auto folder = SourceFolder() / "tests/vectors/sealing/commitment-pair";
  const Delivery first = Read(folder, 0);
  const Delivery second = Read(folder, 1);
  const VerifiedStatement original = CommittedTo(first);
  const VerifiedStatement share = CommittedTo(second);
  const auto rule = [&](const VerifiedStatement& passed_on) {
    return RuleOf(
        OpenContent(share, passed_on, second.slot, second.payload, second.identity).status());
  };
  EXPECT_EQ(rule(original), "COMMITMENT_MISMATCH");
  EXPECT_NE(rule(share), "COMMITMENT_MISMATCH");
}

TEST_F(CommitmentPairTest, NorForAPairThatOthersMade) {
  SHIELD_REQUIRE_SHARED(folder, "vectors/commitment-pair");
  ExpectThatEachReaderTakesItsOwnOnly(folder);
}

}  // namespace
}  // namespace shield::testing
