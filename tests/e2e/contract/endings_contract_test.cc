// The contract of Connection (client/connection.h): bulletins that refer to others.
#include <gmock/gmock.h>

#include "crypto/sha256.h"
#include "tests/e2e/contract/contract_fixture.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kReader[] = "astrid-reader";

class EndingsContract : public ConnectionContract {
 protected:
  // The receipt of `envelope`, which must be taken.
  PublishReceipt Taken(const Envelope& envelope, const std::string& member = "ann") {
    const auto receipt = Send(envelope, member);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return receipt.value_or(PublishReceipt{});
  }
  std::string Refusal(const Envelope& envelope, const std::string& member = "ann") {
    return CodeAndRule(Send(envelope, member).status());
  }
  absl::StatusOr<Bytes> Fetch(const std::string& member, const BulletinId& id) {
    ASSIGN_OR_RETURN(const std::unique_ptr<FetchReader> reader, As(member).Fetch({id}, kCall));
    return reader->Read();
  }
  // How many of the readers of `id` had only to be told, by its source.
  size_t Told(const BulletinId& id) {
    const auto readers = As("bob").GetStatus(id, kCall);
    EXPECT_TRUE(readers.ok()) << readers.status();
    size_t told = 0;
    for (const ReaderStatus& reader : *readers) told += reader.told ? 1 : 0;
    return told;
  }
  static void ExpectTombstone(const DeliveredEntry& entry, DeliveryState state,
                              const Envelope& ending) {
    EXPECT_EQ(entry.state, state);
    EXPECT_EQ(entry.ended_by, ending.sealed.offer.statement);
    EXPECT_THAT(entry.slot, IsEmpty());
    EXPECT_THAT(entry.payload, IsEmpty());
    EXPECT_THAT(entry.leaf_proof, Not(IsEmpty()));
  }
  static void ExpectNotice(const DeliveredEntry& entry, const Envelope& ending) {
    EXPECT_EQ(entry.statement, ending.sealed.offer.statement);
    EXPECT_EQ(entry.state, DeliveryState::kLive);
    EXPECT_THAT(entry.slot, IsEmpty());
    EXPECT_EQ(entry.slot_hash, Sha256(ByteSpan()));
    EXPECT_THAT(entry.payload, IsEmpty());
    EXPECT_THAT(entry.leaf_proof, IsEmpty());
  }
};

INSTANTIATE_TEST_SUITE_P(Brokers, EndingsContract,
                         ::testing::Values(ContractBroker::kMemory, ContractBroker::kShieldd),
                         NameOf);

TEST_P(EndingsContract, AWithdrawalIsToldToEveryHolderWithoutASlot) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  const Envelope withdrawal = Withdrawal(bulletin);
  const PublishReceipt receipt = Taken(withdrawal);
  EXPECT_EQ(receipt.recipients, 0U);
  EXPECT_EQ(receipt.told, bulletin.sealed.recipients);
  EXPECT_EQ(receipt.log_index, 2U);
  for (const char* holder : {kReader, "ann", "bob"}) {
    const Caught caught = All(holder);
    ASSERT_THAT(caught.entries, SizeIs(2)) << holder;
    ExpectTombstone(caught.entries[0], DeliveryState::kWithdrawn, withdrawal);
    ExpectNotice(caught.entries[1], withdrawal);
    EXPECT_EQ(Signed(caught.mark.head, holder), After(holder, {}, caught.entries));
    EXPECT_EQ(CodeAndRule(Fetch(holder, bulletin.id).status()), "NOT_FOUND WITHDRAWN");
  }
  EXPECT_THAT(All("meir-reader").entries, IsEmpty());
  EXPECT_EQ(Told(withdrawal.id), bulletin.sealed.recipients);
}

TEST_P(EndingsContract, TheSameWithdrawalAgainHasTheSameReceipt) {
  const Envelope withdrawal = Withdrawal(MustPublish({"org:astrid"}));
  const PublishReceipt first = Taken(withdrawal);
  const PublishReceipt again = Taken(withdrawal);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.told, first.told);
  EXPECT_THAT(All(kReader).entries, SizeIs(2));
}

TEST_P(EndingsContract, AReaderWhoStoodBeforeTheEndGoesOnInTheSameChain) {
  MustPublish({"org:astrid"});
  const Envelope bulletin = MustPublish({"org:astrid"});
  const InboxPosition before = After(kReader, {}, All(kReader).entries);
  Taken(Withdrawal(bulletin));
  const auto caught = CatchUp(kReader, {before.seq, before.hash, {}});
  ASSERT_TRUE(caught.ok()) << caught.status();
  EXPECT_THAT(caught->entries, SizeIs(1));
  EXPECT_EQ(Signed(caught->mark.head, kReader), After(kReader, before, caught->entries));
}

TEST_P(EndingsContract, ANewVersionEndsTheOldOneAndTellsWhomItIsNotFor) {
  const Envelope first = MustPublish({"org:astrid"});
  const Envelope second =
      Referring(Relation::kSupersedes, first, {"org:meir"}, Tlp::kAmberStrict, "bob");
  const PublishReceipt receipt = Taken(second, "bob");
  EXPECT_EQ(receipt.recipients, second.sealed.recipients);
  EXPECT_EQ(receipt.told, 1U);
  const std::vector<DeliveredEntry> dropped = All(kReader).entries;
  ASSERT_THAT(dropped, SizeIs(2));
  ExpectTombstone(dropped[0], DeliveryState::kSuperseded, second);
  ExpectNotice(dropped[1], second);
  EXPECT_EQ(dropped[1].leaf_index, second.sealed.recipients);
  const std::vector<DeliveredEntry> reached = All("meir-reader").entries;
  ASSERT_THAT(reached, SizeIs(1));
  EXPECT_THAT(reached[0].slot, Not(IsEmpty()));
  EXPECT_EQ(CodeAndRule(Fetch(kReader, first.id).status()), "NOT_FOUND SUPERSEDED");
  EXPECT_EQ(CodeAndRule(Fetch(kReader, second.id).status()), "NOT_FOUND ");
  EXPECT_TRUE(Fetch("meir-reader", second.id).ok());
  EXPECT_EQ(Told(second.id), 1U);
}

TEST_P(EndingsContract, WhoWasOnlyToldOfAVersionIsToldOfItsEnd) {
  const Envelope first = MustPublish({"org:astrid"});
  const Envelope second = Referring(Relation::kSupersedes, first, {"org:meir"});
  Taken(second);
  const Envelope withdrawal = Withdrawal(second);
  EXPECT_EQ(Taken(withdrawal).told, second.sealed.recipients + 1);
  const std::vector<DeliveredEntry> entries = All(kReader).entries;
  ASSERT_THAT(entries, SizeIs(3));
  EXPECT_EQ(entries[1].state, DeliveryState::kWithdrawn);
  ExpectNotice(entries[2], withdrawal);
}

TEST_P(EndingsContract, OnlyARelabellingChangesTheLabelAndItEndsTheOldOne) {
  const Envelope first = MustPublish({"org:astrid"});
  for (const Relation relation : {Relation::kSupersedes, Relation::kExtends, Relation::kPermits}) {
    EXPECT_EQ(Refusal(Referring(relation, first, {"org:astrid"}, Tlp::kAmber)),
              "PERMISSION_DENIED LABEL_IMMUTABLE");
  }
  EXPECT_THAT(All(kReader).entries, SizeIs(1));
  const Envelope amber = Referring(Relation::kRelabels, first, {"org:astrid"}, Tlp::kAmber);
  EXPECT_EQ(Taken(amber).told, 0U);
  const std::vector<DeliveredEntry> entries = All(kReader).entries;
  ASSERT_THAT(entries, SizeIs(2));
  ExpectTombstone(entries[0], DeliveryState::kSuperseded, amber);
}

TEST_P(EndingsContract, AnExtensionLeavesTheOriginalLive) {
  const Envelope first = MustPublish({"org:astrid"});
  EXPECT_EQ(Taken(Referring(Relation::kExtends, first, {"org:meir"})).told, 0U);
  EXPECT_THAT(All("meir-reader").entries, SizeIs(1));
  const std::vector<DeliveredEntry> entries = All(kReader).entries;
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].state, DeliveryState::kLive);
  EXPECT_TRUE(Fetch(kReader, first.id).ok());
}

TEST_P(EndingsContract, NothingIsTakenBackTwiceOrReplacedOnceItHasEnded) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  const Envelope again = Withdrawal(bulletin, "bob");
  const Envelope version = Referring(Relation::kSupersedes, bulletin, {"org:astrid"});
  const Envelope later = Referring(Relation::kSupersedes, bulletin, {"org:meir"});
  Taken(version);
  EXPECT_EQ(Refusal(later), "PERMISSION_DENIED SUPERSEDED");
  Taken(Withdrawal(bulletin));
  EXPECT_EQ(Refusal(again, "bob"), "PERMISSION_DENIED WITHDRAWN");
  EXPECT_EQ(Refusal(later), "PERMISSION_DENIED WITHDRAWN");
}

TEST_P(EndingsContract, WhoMayNotKnowOfABulletinHearsNoMoreOfItThanOfNone) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  const Envelope unpublished = Seal({"org:astrid"});
  const absl::Status unknown = Send(Withdrawal(unpublished)).status();
  EXPECT_EQ(CodeAndRule(unknown), "NOT_FOUND ");
  EXPECT_EQ(Send(Withdrawal(bulletin, "zoo-reader"), "zoo-reader").status(), unknown);
  EXPECT_EQ(Send(Withdrawal(unpublished, "zoo-reader"), "zoo-reader").status(), unknown);
}

TEST_P(EndingsContract, AReaderTakesNothingBack) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  EXPECT_EQ(Refusal(Withdrawal(bulletin, kReader), kReader), "PERMISSION_DENIED NOT_SOURCE");
  EXPECT_EQ(All(kReader).entries.at(0).state, DeliveryState::kLive);
}

TEST_P(EndingsContract, AReferenceIsToTheVeryText) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  const char* const kRefused = "INVALID_ARGUMENT REFERENCE_MISMATCH";
  EXPECT_EQ(Refusal(Altered(Withdrawal(bulletin),
                            [](Statement& s) { s.references[0].text_digest.bytes[0] ^= 1; })),
            kRefused);
  EXPECT_EQ(
      Refusal(Altered(Withdrawal(bulletin),
                      [](Statement& s) { s.audience = {*ParseAudienceToken("sector:health")}; })),
      kRefused);
  EXPECT_EQ(All(kReader).entries.at(0).state, DeliveryState::kLive);
}

TEST_P(EndingsContract, AWithdrawalBringsNoOpeningsOfItsOwn) {
  Envelope withdrawal = Withdrawal(MustPublish({"org:astrid"}));
  withdrawal.sealed.offer.openings = {{Bytes(16, 's'), "org:astrid"}};
  EXPECT_EQ(Refusal(withdrawal), "INVALID_ARGUMENT MESSAGE_MALFORMED");
}

TEST_P(EndingsContract, AWithdrawalDoesNotWaitForTheAuthority) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  auto next = network_->authority().PrepareDirectory(std::nullopt, 0, network_->Now());
  ASSERT_TRUE(next.ok()) << next.status();
  next->fresh.clear();
  ASSERT_TRUE(network_->ConnectAuthority()->PublishDirectory(*next, kCall).ok());
  ASSERT_TRUE(network_->authority().CommitDirectory().ok());
  EXPECT_EQ(Refusal(Seal({"org:astrid"})), "FAILED_PRECONDITION DIRECTORY_STALE");
  EXPECT_EQ(Refusal(Referring(Relation::kSupersedes, bulletin, {"org:astrid"})),
            "FAILED_PRECONDITION DIRECTORY_STALE");
  EXPECT_EQ(Taken(Withdrawal(bulletin)).told, bulletin.sealed.recipients);
}

TEST_P(EndingsContract, ARevokedHolderIsNotTold) {
  const Envelope bulletin = MustPublish({"org:astrid"});
  ASSERT_TRUE(network_->authority()
                  .Revoke(*MemberId::Parse(kReader), "left the firm", network_->Now())
                  .ok());
  network_->PublishDirectory();
  EXPECT_EQ(Taken(Withdrawal(bulletin)).told, bulletin.sealed.recipients - 1);
}

}  // namespace
}  // namespace shield::testing
