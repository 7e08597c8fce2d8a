// The last checks before content is released, one fault at a time.
#include "client/receive/open_content.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/status.h"
#include "crypto/key_commitment.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/seal_slots.h"
#include "crypto/sha256.h"
#include "policy/proof/verified_directory.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

// What an author seals, each part to be changed by a test.
struct Sealing {
  Tlp outer = Tlp::kGreen;
  Tlp inner = Tlp::kGreen;
  std::string kind = "notice";
  BulletinClass bulletin_class = BulletinClass::kContent;
  bool other_key_in_slot = false;
  bool other_key_published = false;
  bool object_without_attachment = false;
  std::string content = {};            // instead of a composed one
  std::optional<uint64_t> bytes = {};  // instead of the payload's
};

class OpenContentTest : public ::testing::Test {
 protected:
  OpenContentTest()
      : reader_(X25519Identity::Generate(network_.random())),
        analyst_(network_.Open("an-lise")),
        directory_(*analyst_.SyncDirectory()) {}

  absl::StatusOr<Content> Open(const Sealing& sealing) {
    Statement statement = StatementOf(sealing);
    const FileKey key = NewFileKey(network_.random());
    const FileKey other = NewFileKey(network_.random());
    const PayloadNonce nonce = NewPayloadNonce(network_.random());
    if (sealing.outer == Tlp::kClear) {
      const auto raw =
          (sealing.other_key_published ? other : key).Reveal(SecretAccess::ForExport());
      statement.clear_key.emplace();
      std::copy(raw.begin(), raw.end(), statement.clear_key->begin());
    } else {
      statement.commitment = KeyCommitment(key, nonce, PrintContextBlock(statement));
    }
    const std::string padded = PadContent(ContentOf(sealing));
    payload_ = SealPayload(key, nonce, AsBytes(padded));
    statement.payload = {sealing.bytes.value_or(payload_.size()), Sha256(payload_)};
    const X25519PublicKey recipient = reader_.Recipient();
    slot_ = SealSlots({&recipient, 1}, sealing.other_key_in_slot ? other : key)->front();
    const std::string note = *SignStatement(statement, network_.SignKeyOf("an-lise"));
    verified_ = std::make_unique<VerifiedStatement>(
        *VerifyStatement(note, directory_->directory(), network_.clock().Now()));
    file_key_ = key.Clone();
    nonce_ = nonce;
    return OpenContent(*verified_, slot_, payload_, reader_);
  }
  std::string RuleFor(const Sealing& sealing) {
    const absl::Status status = Open(sealing).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    return RuleOf(status);
  }

  SampleNetwork network_;
  X25519Identity reader_;
  Client analyst_;
  std::shared_ptr<const VerifiedDirectory> directory_;
  Slot slot_;
  Bytes payload_;
  FileKey file_key_;  // what payload_ was sealed with
  PayloadNonce nonce_;
  std::unique_ptr<VerifiedStatement> verified_;

 private:
  Statement StatementOf(const Sealing& sealing) {
    Statement statement{
        network_.network().network, *BulletinId::Parse(std::string(32, 'a')),
        *MemberId::Parse("an-lise"),
        network_.SignKeyOf("an-lise").Verifier("antwerp.example/an-lise")->ToString()};
    statement.bulletin_class = sealing.bulletin_class;
    statement.issued = statement.not_before = network_.clock().Now();
    statement.expires = statement.issued + absl::Hours(1);
    statement.tlp = sealing.outer;
    statement.audience = {AudienceToken::Community(*CommunityId::Parse("antwerp"))};
    statement.directory_version = directory_->version();
    statement.directory_digest = directory_->digest();
    statement.recipients = 1;
    if (sealing.object_without_attachment) statement.objects.push_back({1, Sha256("x")});
    return statement;
  }
  static std::string ContentOf(const Sealing& sealing) {
    if (!sealing.content.empty()) return sealing.content;
    return *ComposeContent("{\"kind\":\"" + sealing.kind + "\",\"title\":\"t\"}", sealing.inner,
                           {});
  }
};

TEST_F(OpenContentTest, OpensWhatItsAuthorSealed) {
  EXPECT_EQ(Open({})->title, "t");
  EXPECT_EQ(Open({.outer = Tlp::kClear, .inner = Tlp::kClear})->title, "t");
}

TEST_F(OpenContentTest, AMalformedSlotAndOneThatWasChangedAreRefused) {
  ASSERT_TRUE(Open({}).ok());
  const auto refusal = [this](const Slot& slot) {
    const absl::Status status = OpenContent(*verified_, slot, payload_, reader_).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    return RuleOf(status);
  };
  Slot other_version = slot_;
  other_version[20] = '2';
  EXPECT_EQ(refusal(other_version), "SLOT_MALFORMED");
  Slot other_mac = slot_;
  other_mac[130] = other_mac[130] == 'A' ? 'B' : 'A';
  EXPECT_EQ(refusal(other_mac), "AGE_HMAC");
}

TEST_F(OpenContentTest, APayloadLargerThanContentMayBeIsNotEvenOpened) {
  const uint64_t most = SealedPayloadSize(PadmeSize(kMaxContentBytes));
  EXPECT_EQ(RuleFor({.bytes = most}), "DIGEST_MISMATCH");
  EXPECT_EQ(RuleFor({.bytes = most + 1}), "LIMIT_EXCEEDED");
}

TEST_F(OpenContentTest, AKeyOtherThanTheCommittedOneIsRefused) {
  EXPECT_EQ(RuleFor({.other_key_in_slot = true}), "COMMITMENT_MISMATCH");
  EXPECT_EQ(RuleFor({.outer = Tlp::kClear, .inner = Tlp::kClear, .other_key_published = true}),
            "COMMITMENT_MISMATCH");
}

TEST_F(OpenContentTest, UnequalLabelsAreRefused) {
  EXPECT_EQ(RuleFor({.outer = Tlp::kGreen, .inner = Tlp::kAmber}), "LABEL_MISMATCH");
  EXPECT_EQ(RuleFor({.outer = Tlp::kRed, .inner = Tlp::kGreen}), "LABEL_MISMATCH");
}

TEST_F(OpenContentTest, AKindOfAnotherClassIsRefused) {
  EXPECT_EQ(RuleFor({.kind = "message"}), "CONTENT_MALFORMED");
}

TEST_F(OpenContentTest, ObjectsWithoutTheirAttachmentsAreRefused) {
  EXPECT_EQ(RuleFor({.object_without_attachment = true}), "CONTENT_MALFORMED");
}

TEST_F(OpenContentTest, AMalformedDocumentIsRefused) {
  EXPECT_EQ(RuleFor({.content = "{\"schema\":\"shield/content/v1\"}"}), "CONTENT_MALFORMED");
}

TEST_F(OpenContentTest, AnotherReaderCannotOpenIt) {
  ASSERT_TRUE(Open({}).ok());
  const X25519Identity stranger = X25519Identity::Generate(network_.random());
  EXPECT_EQ(RuleOf(OpenContent(*verified_, slot_, payload_, stranger).status()), "AGE_NO_MATCH");
}

// Whoever holds the file key, every reader among them, can seal another text under it: it opens,
// and the commitment holds for it. Only the signed digest tells.
TEST_F(OpenContentTest, AnotherTextUnderTheSameKeyAndNonceIsRefused) {
  ASSERT_TRUE(Open({}).ok());
  const std::string other =
      *ComposeContent("{\"kind\":\"notice\",\"title\":\"u\"}", Tlp::kGreen, {});
  const Bytes sealed = SealPayload(file_key_, nonce_, AsBytes(PadContent(other)));
  ASSERT_EQ(sealed.size(), payload_.size());
  ASSERT_TRUE(OpenCommittedKey(*verified_, slot_, sealed, reader_).ok());
  const absl::Status refused = OpenContent(*verified_, slot_, sealed, reader_).status();
  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_EQ(RuleOf(refused), "DIGEST_MISMATCH");
}

TEST_F(OpenContentTest, APayloadOfAnotherSizeIsRefused) {
  ASSERT_TRUE(Open({}).ok());
  for (const size_t size : {size_t{0}, size_t{16}, payload_.size() - 1}) {
    const ByteSpan cut = ByteSpan(payload_).first(size);
    EXPECT_EQ(RuleOf(OpenContent(*verified_, slot_, cut, reader_).status()), "DIGEST_MISMATCH");
  }
}

TEST_F(OpenContentTest, AChangedByteOfThePayloadIsRefused) {
  ASSERT_TRUE(Open({}).ok());
  Bytes changed = payload_;
  changed[100] ^= 1;
  EXPECT_EQ(RuleOf(OpenContent(*verified_, slot_, changed, reader_).status()), "AGE_PAYLOAD");
}

}  // namespace
}  // namespace shield::testing
