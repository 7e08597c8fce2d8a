// The contract of Connection (client/connection.h): publishing.
#include <gmock/gmock.h>

#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PublishContract : public ConnectionContract {
 protected:
  // What an upload is refused with; nobody has received it then.
  std::string Refusal(const Envelope& envelope, const std::string& member = "ann") {
    const absl::Status status = Send(envelope, member).status();
    EXPECT_THAT(All("astrid-reader").entries, IsEmpty());
    return CodeAndRule(status);
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, PublishContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(PublishContract, ANewBulletinHasAReceiptAndTheSameAgainHasTheSame) {
  const Envelope envelope = SealWithObject({"org:astrid"}, Bytes(100'000, 'o'));
  const auto first = Send(envelope);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->id, envelope.id);
  EXPECT_EQ(first->recipients, envelope.sealed.recipients);
  EXPECT_EQ(first->directory_version, 1U);
  EXPECT_EQ(first->log_index, 1U);  // after the directory
  EXPECT_FALSE(first->replayed);
  const auto again = Send(envelope);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(again->recipients, first->recipients);
  EXPECT_EQ(again->directory_version, first->directory_version);
  EXPECT_EQ(again->log_index, first->log_index);
  EXPECT_TRUE(again->replayed);
  EXPECT_THAT(All("astrid-reader").entries, SizeIs(1));
  EXPECT_THAT(All("meir-reader").entries, IsEmpty());
}

TEST_P(PublishContract, TheSameAgainHasItsReceiptAfterTheDirectoryHasMoved) {
  const Envelope envelope = MustPublish({"org:astrid"});
  network_->PublishDirectory();
  const auto again = Send(envelope);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->directory_version, 1U);
}

TEST_P(PublishContract, OtherBytesUnderAnIdAreRefused) {
  const Envelope first = MustPublish({"org:astrid"});
  const Envelope other = Altered(Seal({"org:astrid"}), [&](Statement& s) { s.id = first.id; });
  EXPECT_EQ(CodeAndRule(Send(other).status()), "ALREADY_EXISTS ID_TAKEN");
  EXPECT_THAT(All("astrid-reader").entries, SizeIs(1));
}

TEST_P(PublishContract, AnotherSendersIdIsTakenWhateverTheBytes) {
  const Envelope first = MustPublish({"org:astrid"});
  EXPECT_EQ(CodeAndRule(Send(first, "bob").status()), "ALREADY_EXISTS ID_TAKEN");
}

TEST_P(PublishContract, ABulletinByAnotherThanTheCallerIsRefused) {
  EXPECT_EQ(Refusal(Seal({"org:astrid"}), "bob"), "PERMISSION_DENIED NOT_SOURCE");
}

TEST_P(PublishContract, WhoMayNotPublishIsRefusedByPolicy) {
  const MemberKeys reader = network_->KeysOf("zoo-reader");
  const auto by_reader = [&](Statement& statement) {
    statement.author = reader.member;
    statement.author_key = reader.Verifier().ToString();
  };
  EXPECT_EQ(Refusal(Altered(Seal({"org:astrid"}), by_reader, "zoo-reader"), "zoo-reader"),
            "PERMISSION_DENIED PUBLISHER_NOT_AUTHORISED");
}

TEST_P(PublishContract, RecipientsThatAreNotThoseOfPolicyAreRefused) {
  const char* const kRefused = "INVALID_ARGUMENT RECIPIENT_SET_MISMATCH";
  Envelope slot_less = Seal({"org:astrid"});
  slot_less.sealed.slots.resize(slot_less.sealed.slots.size() - 168);
  EXPECT_EQ(Refusal(slot_less), kRefused);
  Envelope slot_more = Seal({"org:astrid"});
  const Bytes& slots = slot_more.sealed.slots;
  const Bytes last(slots.end() - 168, slots.end());
  Append(slot_more.sealed.slots, last);
  EXPECT_EQ(Refusal(slot_more), kRefused);
  EXPECT_EQ(Refusal(Altered(Seal({"org:astrid"}), [](Statement& s) { ++s.recipients; })), kRefused);
  EXPECT_EQ(
      Refusal(Altered(Seal({"org:astrid"}), [](Statement& s) { s.recipients_root = Digest{}; })),
      kRefused);
}

TEST_P(PublishContract, ABulletinForAnOlderDirectoryHasToBeSealedAgain) {
  const Envelope envelope = Seal({"org:astrid"});
  network_->PublishDirectory();
  EXPECT_EQ(Refusal(envelope), "ABORTED DIRECTORY_MOVED");
  EXPECT_TRUE(Send(Seal({"org:astrid"})).ok());
}

TEST_P(PublishContract, AStatementOfAnotherTimeIsRefused) {
  for (const absl::Duration apart : {absl::Minutes(-5), absl::Minutes(5)}) {
    const auto shift = [&](Statement& statement) {
      statement.issued += apart;
      statement.not_before += apart;
      statement.expires += apart;
    };
    EXPECT_EQ(Refusal(Altered(Seal({"org:astrid"}), shift)), "FAILED_PRECONDITION CLOCK_SKEW");
  }
}

TEST_P(PublishContract, OtherBytesThanTheStatementDescribesAreRefused) {
  const char* const kRefused = "INVALID_ARGUMENT DIGEST_MISMATCH";
  Envelope flipped = Seal({"org:astrid"});
  flipped.sealed.payload.back() ^= 1;
  EXPECT_EQ(Refusal(flipped), kRefused);
  Envelope cut = Seal({"org:astrid"});
  cut.sealed.payload.pop_back();
  EXPECT_EQ(Refusal(cut), kRefused);
  Envelope without = SealWithObject({"org:astrid"}, Bytes(10, 'o'));
  without.objects.clear();
  EXPECT_EQ(Refusal(without), kRefused);
}

TEST_P(PublishContract, ACancelledUploadCommitsNothing) {
  const Envelope envelope = Seal({"org:astrid"});
  const auto writer = As("ann").Publish(envelope.sealed.offer, kCall);
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE((*writer)->WriteSlots(envelope.sealed.slots).ok());
  ASSERT_TRUE((*writer)->WritePayload(envelope.sealed.payload).ok());
  (*writer)->Cancel();
  EXPECT_TRUE(absl::IsCancelled((*writer)->Finish().status()));
  EXPECT_THAT(All("astrid-reader").entries, IsEmpty());
}

}  // namespace
}  // namespace shield::testing
