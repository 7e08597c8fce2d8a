// Subscriptions: what a reader is sent, from where on, and when a stream ends.

#include "base/status.h"
#include "broker/core/inbox_subscription.h"
#include "crypto/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/inbox_chain.h"
#include "policy/proof/recipient_set.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using absl::StatusCode;
using broker::EntryState;
using broker::FeedEntry;
using ::testing::HasSubstr;

class Feed : public BrokerTestBase {
 protected:
  void SetUp() override { Enrol(); }

  SealedBulletin PublishToHotel(absl::Duration embargo = absl::ZeroDuration()) {
    TestDraft draft{"ann", Tlp::kAmberStrict, {"org:hotel"}};
    draft.not_before_from_issued = embargo;
    SealedBulletin bulletin = network_.Seal(draft);
    const auto receipt = Publish("ann", bulletin);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return bulletin;
  }
  InboxHead VerifiedHead(const std::string& note, const std::string& member) {
    const auto key = *network_.broker_key().Verifier("test.example/broker");
    const auto head = VerifyInboxHead(note, key, Member(member));
    EXPECT_TRUE(head.ok()) << head.status();
    return *head;
  }
};

TEST_F(Feed, BeginsWithASignedHeadAtOnceAndEndsWithAMark) {
  PublishToHotel();
  const auto subscription = Subscribe("reader");
  const auto messages = Drain(*subscription);
  ASSERT_EQ(messages.size(), 2u);
  ASSERT_TRUE(messages[0].hello.has_value());
  EXPECT_EQ(VerifiedHead(messages[0].hello->head, "reader").position.seq, 0u);
  EXPECT_EQ(messages[0].hello->directory_version, 1u);
  ASSERT_TRUE(messages[1].mark.has_value());
  EXPECT_EQ(VerifiedHead(messages[1].mark->head, "reader").position.seq, 1u);
}

TEST_F(Feed, AnEmptyInboxIsMarkedToo) {
  const auto messages = Drain(*Subscribe("reader"));
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(VerifiedHead(messages[1].mark->head, "reader").position.hash,
            InboxGenesis(Member("reader")));
}

TEST_F(Feed, EntriesProveThemselves) {
  const SealedBulletin bulletin = PublishToHotel();
  const auto messages = Drain(*Subscribe("reader"));
  const std::vector<FeedEntry> entries = Entries(messages);
  ASSERT_EQ(entries.size(), 1u);
  const auto& shared = entries[0].shared->content();
  const auto& own = entries[0].own;
  EXPECT_EQ(shared.statement, bulletin.note);
  EXPECT_EQ(shared.state, EntryState::kLive);
  EXPECT_EQ(AsBytes(shared.payload).size(), bulletin.payload.size());
  EXPECT_EQ(Sha256(own.slot), own.slot_hash);
  // The reader's key with this slot is in the set the author signed.
  EXPECT_TRUE(VerifyRecipient({network_.member("reader").seal, own.slot_hash}, own.leaf_index,
                              own.leaf_proof, bulletin.statement)
                  .ok());
  // And the entry is the next link of the reader's chain.
  InboxChain chain(Member("reader"));
  const std::string text = bulletin.note.substr(0, bulletin.note.find("\n\n") + 1);
  chain.Extend({shared.log_index, Sha256(text), own.slot_hash});
  EXPECT_EQ(chain.position(), VerifiedHead(messages.back().mark->head, "reader").position);
}

TEST_F(Feed, OpeningsAreShownToThoseTheyConcernOnly) {
  TestDraft draft{"ann", Tlp::kAmberStrict, {"org:hotel", "org:mall"}};
  ASSERT_TRUE(Publish("ann", network_.Seal(draft)).ok());
  const auto entries = Entries(Drain(*Subscribe("guard")));
  ASSERT_EQ(entries.size(), 1u);
  ASSERT_EQ(entries[0].own.openings.size(), 1u);
  EXPECT_EQ(entries[0].own.openings[0].token, "org:mall");
}

TEST_F(Feed, AllOpeningsOfItsContentAreShownToTheSourcesAnalystsAndDigestSeatAlone) {
  network_.AddOrg("harbour", OrgKind::kAuthority);
  network_.AddMember("kim", "harbour", {Role::kAnalyst});
  network_.AddMember("press", "police", {Role::kDigest});
  network_.AddMember("counter", "police", {Role::kDesk});
  Enrol();
  const TestDraft draft{
      "ann", Tlp::kAmber, {"org:hotel", "org:mall", "org:harbour", "member:counter"}};
  ASSERT_TRUE(Publish("ann", network_.Seal(draft)).ok());
  const auto shown = [this](const std::string& member) {
    const auto entries = Entries(Drain(*Subscribe(member)));
    return entries.size() == 1 ? entries[0].own.openings.size() : size_t{99};
  };
  EXPECT_EQ(shown("ann"), 4u);
  EXPECT_EQ(shown("bob"), 4u);
  EXPECT_EQ(shown("press"), 4u);
  EXPECT_EQ(shown("counter"), 1u) << "a desk of the source";
  EXPECT_EQ(shown("kim"), 1u) << "an analyst of another force";
  EXPECT_EQ(shown("reader"), 1u);
  // Whoever is an analyst no more is shown what any reader is, of what it holds already, too.
  network_.member("bob").record.roles = {Role::kReader};
  Enrol();
  EXPECT_EQ(shown("bob"), 0u);
}

TEST_F(Feed, WhatAllReadersShareIsOneObject) {
  PublishToHotel();
  const auto ann = Entries(Drain(*Subscribe("ann")));
  const auto reader = Entries(Drain(*Subscribe("reader")));
  EXPECT_EQ(ann[0].shared, reader[0].shared);
}

TEST_F(Feed, NewEntriesComeWhileSubscribedAndTheListenerIsTold) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  const int told = listener_.grew;
  PublishToHotel();
  EXPECT_GT(listener_.grew, told);
  EXPECT_EQ(Entries(Drain(*subscription)).size(), 1u);
  EXPECT_TRUE(Drain(*subscription).empty());
}

TEST_F(Feed, AMessageHoldsAsMuchAsItsLimitsAllow) {
  for (int i = 0; i < 5; ++i) PublishToHotel();
  const auto by_count = Subscribe("reader");
  auto messages = Drain(*by_count, {.max_entries = 2});
  ASSERT_EQ(messages.size(), 4u);  // hello, 2, 2, 1 with the mark
  EXPECT_EQ(messages[1].entries.size(), 2u);
  EXPECT_EQ(messages[3].entries.size(), 1u);
  // An entry larger than the limit travels alone rather than never.
  const auto by_bytes = Subscribe("reader");
  messages = Drain(*by_bytes, {.max_entries = 256, .max_bytes = 100});
  EXPECT_EQ(messages.size(), 6u);
  EXPECT_EQ(Entries(messages).size(), 5u);
}

TEST_F(Feed, WhatIsShownOfAnAudienceCountsInTheSizeOfAMessage) {
  const TestDraft draft{"ann", Tlp::kAmber, {"org:hotel", "org:mall"}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Publish("ann", network_.Seal(draft)).ok());
  const auto all = Entries(Drain(*Subscribe("ann")));
  ASSERT_EQ(all.size(), 2u);
  size_t without_openings = 0;
  for (const FeedEntry& entry : all) {
    const auto& shared = entry.shared->content();
    ASSERT_EQ(entry.own.openings.size(), 2u);
    without_openings += 64 + shared.statement.size() + shared.payload.size() +
                        entry.own.slot.size() + 34 * entry.own.leaf_proof.size();
  }
  const auto messages = Drain(*Subscribe("ann"), {.max_bytes = without_openings + 40});
  ASSERT_EQ(messages.size(), 3u);  // hello, one, one
  EXPECT_EQ(messages[1].entries.size(), 1u);
}

TEST_F(Feed, GoesOnFromTheCursor) {
  PublishToHotel();
  PublishToHotel();
  const Digest first = *store_.ReadChainHash(Member("reader"), 1);
  const auto entries = Entries(Drain(*Subscribe("reader", {1, first, {}})));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].own.seq, 2u);
}

TEST_F(Feed, ACursorBeyondTheInboxOrOfAnotherHistoryIsRefused) {
  PublishToHotel();
  const auto caller = network_.CallerOf("reader");
  const Digest hash = *store_.ReadChainHash(Member("reader"), 1);
  const auto ahead = broker_->Subscribe(caller, {2, hash, {}});
  EXPECT_EQ(ahead.status().code(), StatusCode::kOutOfRange);
  EXPECT_EQ(RuleOf(ahead.status()), "CURSOR_AHEAD");
  const auto other = broker_->Subscribe(caller, {1, Digest{}, {}});
  EXPECT_EQ(other.status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(RuleOf(other.status()), "ROLLBACK");
  EXPECT_EQ(RuleOf(broker_->Subscribe(caller, {1, std::nullopt, {}}).status()),
            "MESSAGE_MALFORMED");
  EXPECT_EQ(RuleOf(broker_->Subscribe(caller, {0, std::nullopt, "nonsense"}).status()),
            "MESSAGE_MALFORMED");
}

TEST_F(Feed, AResumeTokenOfALostHistoryIsARollback) {
  PublishToHotel();
  const auto messages = Drain(*Subscribe("reader"));
  const std::string token = messages.back().mark->resume_token;
  const Digest hash = *store_.ReadChainHash(Member("reader"), 1);
  const auto caller = network_.CallerOf("reader");
  EXPECT_TRUE(broker_->Subscribe(caller, {1, hash, token}).ok());
  // The store is set back to before the bulletin; the reader holds a token from after it.
  MemoryStore older;
  auto set_back = broker::Broker::Create(
      {network_.file(), network_.broker_key(), network_.log_key(), older, clock_, log_});
  ASSERT_TRUE(set_back.ok());
  broker_ = *std::move(set_back);
  const broker::Caller authority{network_.authority_pin(), std::nullopt, true};
  const auto session = *broker_->PublishDirectory(authority);
  TestNetwork& network = network_;
  const auto record = *store_.ReadDirectory();
  ASSERT_TRUE(session->OnHead({ToString(record.note), network.SignFresh()}).ok());
  ASSERT_TRUE(session->OnLines(record.lines).ok());
  session->Finish([](const auto& receipt) { EXPECT_TRUE(receipt.ok()) << receipt.status(); });
  Commit();
  EXPECT_EQ(RuleOf(broker_->Subscribe(caller, {0, std::nullopt, token}).status()), "ROLLBACK");
}

TEST_F(Feed, AReaderGoesOnAfterTheStoreWasRestoredWithEverythingItHolds) {
  PublishToHotel();
  const auto messages = Drain(*Subscribe("reader"));
  const std::string token = messages.back().mark->resume_token;
  const Digest hash = *store_.ReadChainHash(Member("reader"), 1);
  store_.RenewEpoch();
  MakeBroker();
  PublishToHotel();
  const auto entries = Entries(Drain(*Subscribe("reader", {1, hash, token})));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].own.seq, 2u);
  // Another history is told all the same, whatever the epoch.
  EXPECT_EQ(RuleOf(broker_->Subscribe(network_.CallerOf("reader"), {1, Digest{}, token}).status()),
            "ROLLBACK");
}

TEST_F(Feed, ACursorBeyondTheInboxWithATokenIsARollback) {
  PublishToHotel();
  const auto messages = Drain(*Subscribe("reader"));
  const std::string token = messages.back().mark->resume_token;
  const auto answer = broker_->Subscribe(network_.CallerOf("reader"), {2, Digest{}, token});
  EXPECT_EQ(RuleOf(answer.status()), "ROLLBACK");
}

TEST_F(Feed, NoHeadIsSignedBeyondWhatTheReaderWasGiven) {
  PublishToHotel();
  PublishToHotel();
  const auto caught_up_to = [this](const std::string& note) {
    return VerifiedHead(note, "reader").position;
  };
  const Digest first = *store_.ReadChainHash(Member("reader"), 1);
  const auto subscription = Subscribe("reader", {1, first, {}});
  const auto hello = *subscription->Next({});
  EXPECT_EQ(caught_up_to(hello->hello->head), (InboxPosition{1, first}));
  // So what it can acknowledge is what it holds.
  EXPECT_EQ(RuleOf(Acknowledge("reader", 2, first).status()), "ROLLBACK");
  EXPECT_EQ(*Acknowledge("reader", 1, first), 1u);
}

TEST_F(Feed, EmbargoedEntriesComeWithoutTheirPayloadUntilTheirTime) {
  const SealedBulletin bulletin = PublishToHotel(absl::Hours(2));
  auto entries = Entries(Drain(*Subscribe("reader")));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].shared->content().state, EntryState::kEmbargoed);
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
  EXPECT_EQ(entries[0].own.slot.size(), 168u);
  EXPECT_EQ(RuleOf(Fetch("reader", {bulletin.statement.id, 0, 0}).status()), "EMBARGOED");
  EXPECT_TRUE(Fetch("ann", {bulletin.statement.id, 0, 0}).ok());  // the author passes
  clock_.Advance(absl::Hours(2));
  entries = Entries(Drain(*Subscribe("reader")));
  EXPECT_EQ(entries[0].shared->content().state, EntryState::kLive);
  EXPECT_TRUE(Fetch("reader", {bulletin.statement.id, 0, 0}).ok());
}

TEST_F(Feed, ExpiredEntriesAreTombstones) {
  PublishToHotel();
  clock_.Advance(absl::Hours(24));
  const auto entries = Entries(Drain(*Subscribe("reader")));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].shared->content().state, EntryState::kExpired);
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
  EXPECT_TRUE(entries[0].own.slot.empty());
  EXPECT_NE(entries[0].own.slot_hash, Digest{});  // the chain stays whole
}

TEST_F(Feed, ARevokedReaderGetsNothingMoreAndItsConnectionsAreCut) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  PublishToHotel();
  network_.member("reader").record.state = AccountState::kRevoked;
  Enrol();
  EXPECT_THAT(listener_.revoked, ::testing::Contains(network_.member("reader").pin));
  EXPECT_THAT(listener_.revoked, ::testing::Not(::testing::Contains(network_.member("ann").pin)));
  const auto next = subscription->Next({});
  EXPECT_EQ(next.status().code(), StatusCode::kUnauthenticated);
  EXPECT_EQ(RuleOf(next.status()), "RECIPIENT_REVOKED");
  EXPECT_EQ(broker_->pins().Admit(network_.member("reader").pin), std::nullopt);
  PublishToHotel();
  EXPECT_EQ(store_.ReadPosition(Member("reader"))->last_seq, 1u);
}

TEST_F(Feed, AnIdleStreamOfARevokedReaderEndsWithoutAnyEntry) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  network_.org("hotel").state = AccountState::kRevoked;
  Enrol();
  EXPECT_EQ(RuleOf(subscription->Next({}).status()), "RECIPIENT_REVOKED");
}

TEST_F(Feed, WhoLostItsVettingKeepsTheEntryAndIsGivenNoPayload) {
  const SealedBulletin bulletin = PublishToHotel();
  network_.member("reader").record.vetting = 1;
  Enrol();
  const auto entries = Entries(Drain(*Subscribe("reader")));
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_TRUE(entries[0].shared->content().payload.empty());
  EXPECT_EQ(RuleOf(Fetch("reader", {bulletin.statement.id, 0, 0}).status()), "VETTING_TOO_LOW");
  EXPECT_FALSE(Entries(Drain(*Subscribe("ann")))[0].shared->content().payload.empty());
}

TEST_F(Feed, MarksAreSparedInABurstAndComeOnceItIsOver) {
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  PublishToHotel();
  PublishToHotel();
  const auto burst = Drain(*subscription);
  ASSERT_EQ(burst.size(), 1u);
  EXPECT_FALSE(burst[0].mark.has_value());
  clock_.Advance(broker::InboxSubscription::kMarkInterval);
  const auto after = Drain(*subscription);
  ASSERT_EQ(after.size(), 1u);
  ASSERT_TRUE(after[0].mark.has_value());
  EXPECT_EQ(VerifiedHead(after[0].mark->head, "reader").position.seq, 2u);
}

TEST_F(Feed, AWallClockThatIsSetBackHoldsBackNeitherAMarkNorACall) {
  FakeClock pacing;
  broker_.reset();
  broker_ = *broker::Broker::Create({network_.file(),
                                     network_.broker_key(),
                                     network_.log_key(),
                                     store_,
                                     clock_,
                                     log_,
                                     {.calls_per_second = 1},
                                     {},
                                     nullptr,
                                     &pacing});
  const auto subscription = Subscribe("reader");
  Drain(*subscription);
  PublishToHotel();
  Drain(*subscription);
  for (int i = 0; i < 4; ++i)
    broker_->GetBroker(network_.CallerOf("reader")).status().IgnoreError();
  EXPECT_EQ(RuleOf(broker_->GetBroker(network_.CallerOf("reader")).status()), "RATE_LIMITED");
  clock_.Advance(-absl::Hours(1));
  pacing.Advance(broker::InboxSubscription::kMarkInterval);
  const auto after = Drain(*subscription);
  ASSERT_EQ(after.size(), 1u);
  EXPECT_TRUE(after[0].mark.has_value());
  EXPECT_TRUE(broker_->GetBroker(network_.CallerOf("reader")).ok());
}

TEST_F(Feed, CursorsMoveByAcknowledgementForwardOnlyAndOnlyOverWhatWasDelivered) {
  PublishToHotel();
  PublishToHotel();
  const Digest first = *store_.ReadChainHash(Member("reader"), 1);
  const Digest second = *store_.ReadChainHash(Member("reader"), 2);
  EXPECT_EQ(*Acknowledge("reader", 2, second), 2u);
  EXPECT_EQ(*Acknowledge("reader", 1, first), 2u);
  EXPECT_EQ(RuleOf(Acknowledge("reader", 3, second).status()), "CURSOR_AHEAD");
  EXPECT_EQ(RuleOf(Acknowledge("reader", 2, first).status()), "ROLLBACK");
  // Another's entry cannot be acknowledged: its hash is of another chain.
  EXPECT_FALSE(Acknowledge("ann", 1, first).ok());
}

TEST_F(Feed, SurvivesARestartOfTheBroker) {
  PublishToHotel();
  MakeBroker();
  EXPECT_EQ(Entries(Drain(*Subscribe("reader"))).size(), 1u);
  PublishToHotel();
  EXPECT_EQ(store_.ReadPosition(Member("reader"))->last_seq, 2u);
}

}  // namespace
}  // namespace shield::testing
