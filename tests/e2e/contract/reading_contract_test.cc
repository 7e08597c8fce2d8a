// The contract of Connection (client/connection.h): fetching content, and the log.
#include <gmock/gmock.h>

#include <thread>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "policy/proof/log_leaf.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct Fetched {
  Bytes bytes;
  uint64_t total_bytes = 0;
};

class ReadingContract : public ConnectionContract {
 protected:
  // Everything of `source`, or what it is refused with, wherever that comes.
  absl::StatusOr<Fetched> Fetch(const std::string& member, const FetchSource& source) {
    ASSIGN_OR_RETURN(const std::unique_ptr<FetchReader> reader, As(member).Fetch(source, kCall));
    EXPECT_EQ(reader->total_bytes(), 0U);
    Fetched fetched;
    for (;;) {
      ASSIGN_OR_RETURN(const Bytes piece, reader->Read());
      fetched.total_bytes = reader->total_bytes();
      if (piece.empty()) return fetched;
      Append(fetched.bytes, piece);
    }
  }
  absl::Status Refusal(const std::string& member, const FetchSource& source) {
    return Fetch(member, source).status();
  }
  // What the log's key signed in `answer`.
  Checkpoint CheckpointOf(const absl::StatusOr<LogAnswer>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.status();
    const auto key = VerifierKey::Parse(As("ann").GetBroker(kCall)->log_key);
    const auto checkpoint = VerifyCheckpoint(answer->checkpoint, *key);
    EXPECT_TRUE(checkpoint.ok()) << checkpoint.status();
    return *checkpoint;
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, ReadingContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(ReadingContract, ARecipientFetchesPayloadAndObjectsFromAnyOffset) {
  Bytes object(200'000, 'o');
  object.back() = 'e';
  const Envelope envelope = SealWithObject({"org:astrid"}, object);
  ASSERT_TRUE(Send(envelope).ok());
  const auto payload = Fetch("astrid-reader", {envelope.id});
  ASSERT_TRUE(payload.ok()) << payload.status();
  EXPECT_EQ(payload->bytes, envelope.sealed.payload);
  EXPECT_EQ(payload->total_bytes, envelope.sealed.payload.size());
  const auto whole = Fetch("astrid-reader", {envelope.id, 1});
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->bytes, object);
  for (const size_t offset : {size_t{1}, size_t{65'536}, size_t{199'999}, object.size()}) {
    const auto rest = Fetch("astrid-reader", {envelope.id, 1, offset});
    ASSERT_TRUE(rest.ok()) << rest.status();
    EXPECT_EQ(rest->bytes, Bytes(object.begin() + static_cast<ptrdiff_t>(offset), object.end()));
    EXPECT_EQ(rest->total_bytes, object.size());
  }
}

TEST_P(ReadingContract, AForbiddenBulletinIsAnUnknownOneWordForWord) {
  const Envelope envelope = MustPublish({"org:astrid"});
  const BulletinId nobodys = Seal({"org:astrid"}).id;
  const absl::Status unknown = Refusal("zoo-reader", {nobodys});
  EXPECT_TRUE(absl::IsNotFound(unknown)) << unknown;
  EXPECT_EQ(Refusal("zoo-reader", {envelope.id}), unknown);
  EXPECT_EQ(Refusal("zoo-reader", {envelope.id, 1}), unknown);
  EXPECT_EQ(Refusal("zoo-reader", {envelope.id, 0, 1'000'000}), unknown);
  EXPECT_EQ(Refusal("astrid-reader", {nobodys}), unknown);
}

TEST_P(ReadingContract, ARecipientIsToldWhatABulletinDoesNotHave) {
  const Envelope envelope = SealWithObject({"org:astrid"}, Bytes(10, 'o'));
  ASSERT_TRUE(Send(envelope).ok());
  EXPECT_EQ(CodeAndRule(Refusal("astrid-reader", {envelope.id, 2})), "NOT_FOUND NO_SUCH_OBJECT");
  EXPECT_EQ(CodeAndRule(Refusal("astrid-reader", {envelope.id, 1, 11})),
            "INVALID_ARGUMENT LIMIT_EXCEEDED");
}

// An entry keeps its slot under embargo, and nothing but its number and statement once expired.
TEST_P(ReadingContract, WhatIsUnderEmbargoComesAndIsServedWithoutItsPayload) {
  const Envelope envelope = Altered(Seal({"org:astrid"}), [this](Statement& statement) {
    statement.not_before = network_->Now() + absl::Hours(1);
  });
  ASSERT_TRUE(Send(envelope).ok());
  EXPECT_EQ(CodeAndRule(RefusalOfFetch("astrid-reader", {envelope.id})), "NOT_FOUND EMBARGOED");
  const Caught caught = All("astrid-reader");
  ASSERT_THAT(caught.entries, SizeIs(1));
  EXPECT_EQ(caught.entries[0].state, DeliveryState::kEmbargoed);
  EXPECT_THAT(caught.entries[0].payload, IsEmpty());
  EXPECT_THAT(caught.entries[0].slot, Not(IsEmpty()));
}

TEST_P(ReadingContract, WhatHasExpiredComesAsATombstoneAndIsNotServed) {
  absl::Time expires;
  const Envelope envelope = Altered(Seal({"org:astrid"}), [&](Statement& statement) {
    expires = statement.expires = network_->Now() + absl::Seconds(5);
  });
  ASSERT_TRUE(Send(envelope).ok());
  // Both brokers go by the clock of the machine.
  while (network_->clock().Now() < expires) std::this_thread::yield();
  const Caught caught = All("astrid-reader");
  ASSERT_THAT(caught.entries, SizeIs(1));
  EXPECT_EQ(caught.entries[0].state, DeliveryState::kExpired);
  EXPECT_THAT(caught.entries[0].payload, IsEmpty());
  EXPECT_THAT(caught.entries[0].slot, IsEmpty());
  EXPECT_EQ(CodeAndRule(RefusalOfFetch("astrid-reader", {envelope.id})), "NOT_FOUND EXPIRED");
}

TEST_P(ReadingContract, WhoIsNoLongerEntitledGetsTheEntryWithoutItsPayload) {
  const Envelope envelope = MustPublish({"org:astrid"});
  EXPECT_TRUE(RefusalOfFetch("astrid-reader", {envelope.id}).ok());
  network_->ChangeMember("astrid-reader", [](MemberRecord& reader) { reader.vetting = 1; });
  network_->PublishDirectory();
  EXPECT_EQ(CodeAndRule(RefusalOfFetch("astrid-reader", {envelope.id})),
            "NOT_FOUND VETTING_TOO_LOW");
  const Caught caught = All("astrid-reader");
  ASSERT_THAT(caught.entries, SizeIs(1));
  EXPECT_EQ(caught.entries[0].state, DeliveryState::kLive);
  EXPECT_THAT(caught.entries[0].payload, IsEmpty());
  EXPECT_THAT(caught.entries[0].slot, Not(IsEmpty()));
}

TEST_P(ReadingContract, TheLogHoldsWhatWasPublishedAndOnlyGrows) {
  const Envelope envelope = Seal({"org:astrid"});
  const auto receipt = Send(envelope);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const Checkpoint early = CheckpointOf(As("ann").GetCheckpoint(0, kCall));
  EXPECT_EQ(early.size, receipt->log_index + 1);
  MustPublish({"org:astrid"});
  MustPublish({"org:astrid"});
  const Checkpoint late = CheckpointOf(As("ann").GetCheckpoint(0, kCall));
  EXPECT_EQ(late.size, early.size + 2);

  const auto inclusion = As("ann").ProveInclusion(receipt->log_index, early.size, kCall);
  EXPECT_EQ(CheckpointOf(inclusion), early);
  const Digest text = Sha256(ParseNote(envelope.sealed.offer.statement)->text);
  EXPECT_TRUE(VerifyInclusion(LogLeafHash(LogKind::kBulletin, text), receipt->log_index, early.size,
                              inclusion->proof, early.root)
                  .ok());
  const auto consistency = As("ann").ProveConsistency(early.size, late.size, kCall);
  EXPECT_EQ(CheckpointOf(consistency), late);
  EXPECT_TRUE(
      VerifyConsistency(early.size, late.size, early.root, late.root, consistency->proof).ok());
}

TEST_P(ReadingContract, TheLogProvesNothingBeyondItsEnd) {
  const char* const kRefused = "INVALID_ARGUMENT LIMIT_EXCEEDED";
  const uint64_t size = CheckpointOf(As("ann").GetCheckpoint(0, kCall)).size;
  EXPECT_EQ(CodeAndRule(As("ann").ProveInclusion(0, size + 1, kCall).status()), kRefused);
  EXPECT_EQ(CodeAndRule(As("ann").ProveInclusion(size, size, kCall).status()), kRefused);
  EXPECT_EQ(CodeAndRule(As("ann").ProveConsistency(1, size + 1, kCall).status()), kRefused);
  EXPECT_EQ(CodeAndRule(As("ann").ProveConsistency(size, size - 1, kCall).status()), kRefused);
}

}  // namespace
}  // namespace shield::testing
