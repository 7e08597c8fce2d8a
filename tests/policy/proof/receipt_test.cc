#include "policy/proof/receipt.h"

#include <gtest/gtest.h>

#include "base/check.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

class ReceiptTest : public ::testing::Test {
 protected:
  ReceiptTest() {
    network_.AddOrg("hotel", OrgKind::kMember);
    network_.AddMember("desk", "hotel", {Role::kDesk});
    network_.AddMember("guard", "hotel", {Role::kReader});
    directory_ = network_.Publish().directory;
  }

  Receipt ReceiptOf(absl::string_view member = "desk") const {
    return {network_.origin(),
            *MemberId::Parse(member),
            *BulletinId::Parse("0123456789abcdef0123456789abcdef"),
            Sha256("statement"),
            ReceiptState::kOpened,
            network_.now()};
  }
  absl::StatusOr<VerifiedReceipt> Verify(absl::string_view note) const {
    return VerifyReceipt(note, directory_->directory());
  }
  KeyRecord& SignKeyOf(absl::string_view member) {
    for (KeyRecord& key : network_.records().keys) {
      if (key.member.text() == member && key.use == KeyUse::kSign) return key;
    }
    SHIELD_CHECK(false);
    return network_.records().keys.front();
  }

  SampleNetwork network_;
  std::shared_ptr<const VerifiedDirectory> directory_;
};

TEST_F(ReceiptTest, IsTheTextOfTheSpecification) {
  EXPECT_EQ(PrintReceipt(ReceiptOf()),
            "shield/receipt/v1\n"
            "network shield.antwerp.example\n"
            "member desk\n"
            "bulletin 0123456789abcdef0123456789abcdef\n"
            "statement sRHG4dMY8gMGPlwWurQ8EIMmrwqi97ZXYMlVR6Q9vlI=\n"
            "state opened\n"
            "time 1790000000\n");
}

TEST_F(ReceiptTest, IsSignedByItsMember) {
  const std::string note = SignReceipt(ReceiptOf(), network_.Seat("desk").sign);
  EXPECT_LE(note.size(), kMaxReceiptBytes);
  const absl::StatusOr<VerifiedReceipt> verified = Verify(note);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->receipt(), ReceiptOf());
  EXPECT_EQ(verified->text_digest(), Sha256(PrintReceipt(ReceiptOf())));
}

TEST_F(ReceiptTest, AnothersSignatureIsRefused) {
  EXPECT_EQ(RuleOf(Verify(SignReceipt(ReceiptOf(), network_.Seat("guard").sign)).status()),
            "BAD_SIGNATURE");
  EXPECT_EQ(RuleOf(Verify(SignReceipt(ReceiptOf(), network_.KeyOf("broker"))).status()),
            "BAD_SIGNATURE");
  // Of somebody whom the directory does not know.
  EXPECT_EQ(RuleOf(Verify(SignReceipt(ReceiptOf("nobody"), network_.Seat("desk").sign)).status()),
            "BAD_SIGNATURE");
}

TEST_F(ReceiptTest, AKeyThatHadEndedSignsNothingAndOneThatBeginsLaterDoes) {
  const std::string note = SignReceipt(ReceiptOf(), network_.Seat("desk").sign);
  SignKeyOf("desk").period.until = network_.now();
  directory_ = network_.Publish().directory;
  EXPECT_EQ(RuleOf(Verify(note).status()), "BAD_SIGNATURE");
  SignKeyOf("desk").period = {network_.now() + absl::Hours(1), NoEnd()};
  directory_ = network_.Publish().directory;
  const absl::StatusOr<VerifiedReceipt> verified = Verify(note);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_FALSE(verified->key_period().Contains(network_.now()));
}

TEST_F(ReceiptTest, HasOneSignatureAndOneNetwork) {
  const std::string note = SignReceipt(ReceiptOf(), network_.Seat("desk").sign);
  const absl::StatusOr<std::string> twice =
      AddSignature(note, "shield.antwerp.example/guard", network_.Seat("guard").sign);
  ASSERT_TRUE(twice.ok());
  EXPECT_EQ(RuleOf(Verify(*twice).status()), "RECEIPT_MALFORMED");
  Receipt foreign = ReceiptOf();
  foreign.network = *Origin::Parse("other.example");
  EXPECT_EQ(RuleOf(Verify(SignReceipt(foreign, network_.Seat("desk").sign)).status()),
            "NETWORK_MISMATCH");
  EXPECT_EQ(RuleOf(Verify(note + std::string(kMaxReceiptBytes, 'A')).status()),
            "RECEIPT_MALFORMED");
}

TEST_F(ReceiptTest, EveryMutationOfTheTextIsRefusedOrReadsAsItself) {
  testing::ForEachMutation(PrintReceipt(ReceiptOf()), [](const std::string& mutated) {
    const absl::StatusOr<Receipt> receipt = ParseReceipt(mutated);
    if (receipt.ok()) {
      EXPECT_EQ(PrintReceipt(*receipt), mutated);
    } else {
      EXPECT_EQ(RuleOf(receipt.status()), "RECEIPT_MALFORMED");
    }
  });
}

TEST_F(ReceiptTest, EveryMutationOfTheNoteIsRefused) {
  const std::string note = SignReceipt(ReceiptOf(), network_.Seat("desk").sign);
  testing::ForEachMutation(
      note, [this](const std::string& mutated) { EXPECT_FALSE(Verify(mutated).ok()) << mutated; });
}

TEST_F(ReceiptTest, EveryStateHasOneWord) {
  for (const ReceiptState state :
       {ReceiptState::kDelivered, ReceiptState::kOpened, ReceiptState::kAcknowledged}) {
    EXPECT_EQ(ParseReceiptState(PrintReceiptState(state)), state);
  }
  EXPECT_EQ(ParseReceiptState(""), std::nullopt);
  EXPECT_EQ(ParseReceiptState("read"), std::nullopt);
}

TEST_F(ReceiptTest, IsOfATimeBetweenItsBulletinAndNow) {
  const absl::Time issued = network_.now();
  const absl::Time now = issued + absl::Hours(48);
  EXPECT_TRUE(CheckReceiptTime(issued - kMaxReceiptSkew, issued, now).ok());
  EXPECT_TRUE(CheckReceiptTime(now + kMaxReceiptSkew, issued, now).ok());
  EXPECT_EQ(RuleOf(CheckReceiptTime(issued - kMaxReceiptSkew - absl::Seconds(1), issued, now)),
            "CLOCK_SKEW");
  EXPECT_EQ(RuleOf(CheckReceiptTime(now + kMaxReceiptSkew + absl::Seconds(1), issued, now)),
            "CLOCK_SKEW");
}

}  // namespace
}  // namespace shield
