// Who follows an inbox is given the newest entries from memory: the same as the store would give,
// and no more than it would.

#include "base/status.h"
#include "broker/core/inbox_tail.h"
#include "broker/store/store_errors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using broker::EntryState;
using broker::FeedEntry;
using ::testing::SizeIs;

class AtHand : public BrokerTestBase {
 protected:
  void SetUp() override { Enrol(); }

  SealedBulletin PublishOne(const TestDraft& draft) {
    SealedBulletin bulletin = network_.Seal(draft);
    const auto receipt = Publish(draft.author, bulletin);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return bulletin;
  }
  std::vector<FeedEntry> NewEntries(broker::Subscription& subscription) {
    return Entries(Drain(subscription));
  }
};

void ExpectSame(const FeedEntry& at_hand, const FeedEntry& stored) {
  const broker::SharedContent& a = at_hand.shared->content();
  const broker::SharedContent& b = stored.shared->content();
  EXPECT_EQ(a.statement, b.statement);
  EXPECT_EQ(a.log_index, b.log_index);
  EXPECT_EQ(a.payload, b.payload);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.ended_by, b.ended_by);
  EXPECT_EQ(a.shared_original, b.shared_original);
  EXPECT_EQ(at_hand.own.seq, stored.own.seq);
  EXPECT_EQ(at_hand.own.slot, stored.own.slot);
  EXPECT_EQ(at_hand.own.slot_hash, stored.own.slot_hash);
  EXPECT_EQ(at_hand.own.leaf_index, stored.own.leaf_index);
  EXPECT_EQ(at_hand.own.leaf_proof, stored.own.leaf_proof);
  ASSERT_EQ(at_hand.own.openings.size(), stored.own.openings.size());
  for (size_t i = 0; i < stored.own.openings.size(); ++i) {
    EXPECT_EQ(at_hand.own.openings[i].salt, stored.own.openings[i].salt);
    EXPECT_EQ(at_hand.own.openings[i].token, stored.own.openings[i].token);
  }
}

TEST_F(AtHand, WhatComesFromMemoryIsWhatTheStoreHolds) {
  const std::vector<std::string> readers = {"ann", "bob", "reader", "guard", "desk"};
  std::vector<std::unique_ptr<broker::Subscription>> following;
  for (const std::string& reader : readers) {
    following.push_back(Subscribe(reader));
    Drain(*following.back());
  }
  PublishOne({"ann", Tlp::kGreen, {"community:shield-test"}});
  PublishOne({"ann", Tlp::kAmber, {"org:hotel", "org:mall"}});
  PublishOne({"bob", Tlp::kAmberStrict, {"org:hotel"}});
  PublishOne({"ann", Tlp::kRed, {"member:guard"}});
  TestDraft embargoed{"ann", Tlp::kGreen, {"community:shield-test"}};
  embargoed.not_before_from_issued = absl::Hours(2);
  PublishOne(embargoed);
  TestDraft large{"ann", Tlp::kGreen, {"community:shield-test"}};
  large.content = std::string(70'000, 'x');
  large.objects = {Bytes(100, 7)};
  const SealedBulletin last = PublishOne(large);
  TestDraft about{"bob", Tlp::kGreen, {"community:shield-test"}};
  about.references = {RefersTo(Relation::kReplies, last)};
  PublishOne(about);

  std::vector<std::vector<FeedEntry>> at_hand;
  for (const auto& subscription : following) at_hand.push_back(NewEntries(*subscription));
  following.clear();
  MakeBroker();  // remembers nothing
  for (size_t i = 0; i < readers.size(); ++i) {
    SCOPED_TRACE(readers[i]);
    const std::vector<FeedEntry> stored = NewEntries(*Subscribe(readers[i]));
    ASSERT_EQ(at_hand[i].size(), stored.size());
    EXPECT_GE(stored.size(), 3u);
    for (size_t entry = 0; entry < stored.size(); ++entry) {
      SCOPED_TRACE(entry);
      ExpectSame(at_hand[i][entry], stored[entry]);
    }
  }
}

TEST_F(AtHand, NothingIsReadForWhoFollows) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  const uint64_t reads = store_.reads_for_feeds();
  for (int i = 0; i < 3; ++i) PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  EXPECT_THAT(NewEntries(*subscription), SizeIs(3));
  EXPECT_EQ(store_.reads_for_feeds(), reads);
}

TEST_F(AtHand, WhatEndsBeforeItIsGivenIsATombstone) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  const SealedBulletin bulletin = PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  ASSERT_TRUE(Publish("ann", network_.Withdraw("ann", bulletin)).ok());
  const std::vector<FeedEntry> entries = NewEntries(*subscription);
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].shared->content().state, EntryState::kWithdrawn);
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
  EXPECT_TRUE(entries[0].own.slot.empty());
}

TEST_F(AtHand, WhatExpiresBeforeItIsGivenIsATombstone) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  clock_.Advance(absl::Hours(25));
  const std::vector<FeedEntry> entries = NewEntries(*subscription);
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0].shared->content().state, EntryState::kExpired);
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
  EXPECT_TRUE(entries[0].own.slot.empty());
}

TEST_F(AtHand, WhatADirectoryTakesAwayIsNotGivenFromMemory) {
  const auto reader = Subscribe("reader");
  const auto guard = Subscribe("guard");
  Drain(*reader);
  Drain(*guard);
  PublishOne({"ann", Tlp::kAmber, {"org:hotel", "org:mall"}});
  network_.member("reader").record.state = AccountState::kRevoked;
  network_.member("guard").record.vetting = 1;
  Enrol();
  EXPECT_EQ(RuleOf(reader->Next({}).status()), "RECIPIENT_REVOKED");
  const std::vector<FeedEntry> entries = NewEntries(*guard);
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
}

TEST_F(AtHand, WhoseAuthorIsInNoDirectoryAnyMoreIsGivenWithoutItsPayload) {
  const auto reader = Subscribe("reader");
  Drain(*reader);
  PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  network_.RemoveMember("ann");
  Enrol();
  const std::vector<FeedEntry> entries = NewEntries(*reader);
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_FALSE(entries[0].shared->content().statement.empty());
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
}

TEST_F(AtHand, OfAStoreThatFailedNothingIsGiven) {
  const auto reader = Subscribe("reader");
  Drain(*reader);
  PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  store_.ReportDamage(absl::DataLossError("a row cannot be read")).IgnoreError();
  EXPECT_EQ(RuleOf(reader->Next({}).status()), store::kRuleStoreFailed);
}

TEST_F(AtHand, WhoFallsBehindIsGivenEverything) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  const size_t many = broker::InboxTail::kMaxEntries + 20;
  for (size_t i = 0; i < many; ++i) PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  const std::vector<FeedEntry> entries = NewEntries(*subscription);
  ASSERT_THAT(entries, SizeIs(many));
  for (size_t i = 0; i < many; ++i) EXPECT_EQ(entries[i].own.seq, i + 1);
}

// A directory makes the slots at hand forgotten: what follows comes from the store, as much in one
// message as before.
TEST_F(AtHand, WhatIsAtHandWithoutItsSlotsComesInNoMoreMessages) {
  const auto first = Subscribe("reader");
  const auto second = Subscribe("guard");
  Drain(*first);
  Drain(*second);
  constexpr size_t kMany = 60;
  for (size_t i = 0; i < kMany; ++i) PublishOne({"ann", Tlp::kAmber, {"org:hotel", "org:mall"}});
  Enrol();
  EXPECT_THAT(NewEntries(*first), SizeIs(kMany));
  const auto messages = Drain(*second);
  EXPECT_THAT(Entries(messages), SizeIs(kMany));
  EXPECT_LE(messages.size(), 5u);
}

TEST_F(AtHand, TwoWhoFollowOneInboxAreBothGivenEverything) {
  const auto desk = Subscribe("reader");
  const auto phone = Subscribe("reader");
  Drain(*desk);
  Drain(*phone);
  for (int i = 0; i < 3; ++i) PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  EXPECT_THAT(NewEntries(*desk), SizeIs(3));
  EXPECT_THAT(NewEntries(*phone), SizeIs(3));
}

TEST_F(AtHand, AMessageHoldsAsMuchAsItsLimitsAllow) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  for (int i = 0; i < 3; ++i) PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  const auto messages = Drain(*subscription, {.max_entries = 256, .max_bytes = 100});
  EXPECT_THAT(messages, SizeIs(3));
  EXPECT_THAT(Entries(messages), SizeIs(3));
}

TEST_F(AtHand, ARepeatedPublishIsGivenOnce) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  const SealedBulletin bulletin = PublishOne({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  ASSERT_TRUE(Publish("ann", bulletin)->replayed);
  EXPECT_THAT(NewEntries(*subscription), SizeIs(1));
}

}  // namespace
}  // namespace shield::testing
