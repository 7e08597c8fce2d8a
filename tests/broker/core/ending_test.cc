// Bulletins that refer to others: what withdraws, replaces, relabels, extends, permits and answers,
// who may, and what readers are given from the commit on.

#include "base/status.h"
#include "broker/core/refusals.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using absl::StatusCode;
using broker::EntryState;
using ::testing::ElementsAre;

class Endings : public BrokerTestBase {
 protected:
  void SetUp() override { Enrol(); }

  SealedBulletin Published(const TestDraft& draft) {
    SealedBulletin bulletin = network_.Seal(draft);
    const auto receipt = Publish(draft.author, bulletin);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return bulletin;
  }
  SealedBulletin Published() { return Published({"ann", Tlp::kAmberStrict, {"org:hotel"}}); }

  SealedBulletin Next(Relation relation, const SealedBulletin& original, TestDraft draft) {
    draft.references = {RefersTo(relation, original)};
    return network_.Seal(draft);
  }

  std::vector<broker::FeedEntry> InboxOf(const std::string& member) {
    return Entries(Drain(*Subscribe(member)));
  }

  const TestDraft to_hotel_ = {"ann", Tlp::kAmberStrict, {"org:hotel"}};
};

TEST_F(Endings, AWithdrawalReachesEveryHolderAndThePayloadIsServedNoMore) {
  const SealedBulletin bulletin = Published();
  const auto watching = Subscribe("reader");
  EXPECT_EQ(Entries(Drain(*watching)).size(), 1u);
  const SealedBulletin withdrawal = network_.Withdraw("ann", bulletin);
  const auto receipt = Publish("ann", withdrawal);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recipients, 0u);
  EXPECT_EQ(receipt->told, 3u);

  const auto news = Entries(Drain(*watching));
  ASSERT_EQ(news.size(), 1u);
  EXPECT_EQ(news[0].own.seq, 2u);
  EXPECT_EQ(news[0].shared->content().statement, withdrawal.note);
  EXPECT_TRUE(news[0].own.slot.empty());
  EXPECT_TRUE(news[0].own.leaf_proof.empty());

  const auto inbox = InboxOf("reader");
  ASSERT_EQ(inbox.size(), 2u);
  EXPECT_EQ(inbox[0].shared->content().state, EntryState::kWithdrawn);
  EXPECT_EQ(inbox[0].shared->content().ended_by, withdrawal.note);
  EXPECT_TRUE(inbox[0].shared->content().payload.empty());
  EXPECT_TRUE(inbox[0].own.slot.empty());
  EXPECT_EQ(RuleOf(Fetch("reader", {bulletin.statement.id}).status()), "WITHDRAWN");
  EXPECT_TRUE(InboxOf("guard").empty());
}

TEST_F(Endings, ADownloadStopsAtTheWithdrawal) {
  TestDraft draft = to_hotel_;
  draft.objects = {Bytes(300'000, 7)};
  const SealedBulletin bulletin = Published(draft);
  auto reader = *broker_->Fetch(network_.CallerOf("reader"), {bulletin.statement.id, 1});
  ASSERT_TRUE(reader->Next().ok());
  ASSERT_TRUE(Publish("bob", network_.Withdraw("bob", bulletin)).ok());
  EXPECT_EQ(RuleOf(reader->Next().status()), "WITHDRAWN");
}

TEST_F(Endings, AnyAnalystOfTheSourceWithdrawsAlsoRed) {
  ASSERT_TRUE(Publish("bob", network_.Withdraw("bob", Published())).ok());
  const SealedBulletin red = Published({"ann", Tlp::kRed, {"member:reader"}});
  const auto receipt = Publish("bob", network_.Withdraw("bob", red));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->told, 2u) << "the author and the person named, not bob";
  // Whom a RED bulletin was for stays its author's to know.
  EXPECT_EQ(broker_->GetStatus(network_.CallerOf("bob"), receipt->id).status(),
            broker::NoSuchBulletin());
}

TEST_F(Endings, AWithdrawalIsAcceptedUnderADirectoryThatHasExpiredOrGoneStale) {
  const SealedBulletin bulletin = Published({"ann", Tlp::kGreen, {"org:hotel"}});
  clock_.Advance(absl::Hours(24 * 8));
  EXPECT_EQ(RuleOf(Header("ann", network_.Seal(to_hotel_))), "DIRECTORY_EXPIRED");
  EXPECT_TRUE(Publish("ann", network_.Withdraw("ann", bulletin)).ok());
}

TEST_F(Endings, ARevokedHolderIsNotTold) {
  const SealedBulletin bulletin = Published();
  network_.member("reader").record.state = AccountState::kRevoked;
  Enrol();
  const auto receipt = Publish("ann", network_.Withdraw("ann", bulletin));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->told, 2u);
  EXPECT_EQ(store_.ReadPosition(Member("reader"))->last_seq, 1u);
}

TEST_F(Endings, ASuspendedHolderIsToldAndReadsItWhenReinstated) {
  const SealedBulletin bulletin = Published();
  network_.member("reader").record.state = AccountState::kSuspended;
  Enrol();
  ASSERT_TRUE(Publish("ann", network_.Withdraw("ann", bulletin)).ok());
  network_.member("reader").record.state = AccountState::kActive;
  Enrol();
  EXPECT_EQ(InboxOf("reader").size(), 2u);
}

TEST_F(Endings, ANewVersionTakesThePlaceOfTheOldOneForAllWhoHeldIt) {
  const SealedBulletin first = Published();
  const SealedBulletin second =
      Next(Relation::kSupersedes, first, {"bob", Tlp::kAmberStrict, {"org:mall"}});
  const auto receipt = Publish("bob", second);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recipients, 3u);
  EXPECT_EQ(receipt->told, 1u);
  const auto dropped = InboxOf("reader");
  ASSERT_EQ(dropped.size(), 2u);
  EXPECT_EQ(dropped[0].shared->content().state, EntryState::kSuperseded);
  EXPECT_EQ(dropped[1].shared->content().statement, second.note);
  EXPECT_TRUE(dropped[1].own.slot.empty());
  EXPECT_TRUE(dropped[1].shared->content().payload.empty());
  EXPECT_FALSE(Fetch("reader", {second.statement.id}).ok());
  const auto sealed = InboxOf("guard");
  ASSERT_EQ(sealed.size(), 1u);
  EXPECT_FALSE(sealed[0].own.slot.empty());
  EXPECT_EQ(InboxOf("ann").size(), 2u);
}

TEST_F(Endings, OnlyRelabellingChangesTheLabelAndItEndsTheOldOne) {
  const SealedBulletin first = Published();
  const TestDraft green = {"ann", Tlp::kGreen, {"org:hotel"}};
  EXPECT_EQ(RuleOf(Header("ann", Next(Relation::kSupersedes, first, green))), "LABEL_IMMUTABLE");
  EXPECT_EQ(RuleOf(Header("ann", Next(Relation::kExtends, first, green))), "LABEL_IMMUTABLE");
  ASSERT_TRUE(Publish("ann", Next(Relation::kRelabels, first, green)).ok());
  EXPECT_EQ(InboxOf("reader")[0].shared->content().state, EntryState::kSuperseded);
}

TEST_F(Endings, AnExtensionReachesTheNewReadersAndLeavesTheOriginalLive) {
  const SealedBulletin first = Published();
  const auto receipt =
      Publish("bob", Next(Relation::kExtends, first, {"bob", Tlp::kAmberStrict, {"org:mall"}}));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->told, 0u);
  EXPECT_EQ(InboxOf("guard").size(), 1u);
  ASSERT_EQ(InboxOf("reader").size(), 1u);
  EXPECT_EQ(InboxOf("reader")[0].shared->content().state, EntryState::kLive);
}

TEST_F(Endings, OfRedOnlyTheAuthorRelabelsExtendsAndPermits) {
  const SealedBulletin red = Published({"ann", Tlp::kRed, {"member:reader"}});
  for (const Relation relation : {Relation::kExtends, Relation::kPermits, Relation::kRelabels}) {
    const absl::Status refused =
        Header("bob", Next(relation, red, {"bob", Tlp::kRed, {"member:guard"}}));
    EXPECT_EQ(RuleOf(refused), "NOT_SOURCE") << refused;
    EXPECT_TRUE(Publish("ann", Next(relation, red, {"ann", Tlp::kRed, {"member:guard"}})).ok());
    if (relation == Relation::kRelabels) break;
  }
}

TEST_F(Endings, WhoMayNotKnowOfABulletinHearsNoMoreOfItThanOfNone) {
  const SealedBulletin bulletin = Published();
  const SealedBulletin unused = network_.Seal(to_hotel_);
  SealedBulletin renamed = bulletin;
  renamed.statement.id = unused.statement.id;
  const SealedBulletin& nothing = renamed;
  for (const auto& [author, target] :
       {std::pair("guard", &bulletin), std::pair("guard", &nothing), std::pair("ann", &nothing)}) {
    const absl::Status refused = Header(author, network_.Withdraw(author, *target));
    EXPECT_EQ(refused, broker::NoSuchBulletin()) << author;
  }
}

TEST_F(Endings, AReaderCannotTakeBackWhatItHolds) {
  const SealedBulletin bulletin = Published();
  const absl::Status refused = Header("reader", network_.Withdraw("reader", bulletin));
  EXPECT_EQ(refused.code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(RuleOf(refused), "NOT_SOURCE");
  EXPECT_EQ(InboxOf("reader").size(), 1u);
}

TEST_F(Endings, NothingIsEndedTwice) {
  const SealedBulletin bulletin = Published();
  const SealedBulletin again = network_.Withdraw("bob", bulletin);
  const SealedBulletin version = Next(Relation::kSupersedes, bulletin, to_hotel_);
  ASSERT_TRUE(Publish("ann", network_.Withdraw("ann", bulletin)).ok());
  EXPECT_EQ(RuleOf(Header("bob", again)), "WITHDRAWN");
  EXPECT_EQ(RuleOf(Header("ann", version)), "WITHDRAWN");
  EXPECT_EQ(RuleOf(Header("ann", Next(Relation::kExtends, bulletin, to_hotel_))), "WITHDRAWN");
}

TEST_F(Endings, TwoThatEndTheSameBulletinAtOnceAreToldApartByTheCommitter) {
  const SealedBulletin bulletin = Published();
  const SealedBulletin first = network_.Withdraw("ann", bulletin);
  const SealedBulletin second = network_.Withdraw("bob", bulletin);
  std::vector<absl::StatusOr<broker::PublishReceipt>> answers;
  std::vector<std::unique_ptr<broker::PublishSession>> sessions;
  for (const auto& [author, each] : {std::pair("ann", &first), std::pair("bob", &second)}) {
    sessions.push_back(*broker_->Publish(network_.CallerOf(author)));
    ASSERT_TRUE(sessions.back()->OnHeader({each->note, {}}).ok());
    sessions.back()->Finish([&answers](auto answer) { answers.push_back(std::move(answer)); });
  }
  Commit();
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[0].ok());
  EXPECT_EQ(answers[1].status().code(), StatusCode::kAborted);
  EXPECT_EQ(RuleOf(answers[1].status()), "BULLETIN_MOVED");
}

TEST_F(Endings, AReferenceIsToTheVeryText) {
  const SealedBulletin bulletin = Published();
  SealedBulletin withdrawal = network_.Withdraw("ann", bulletin);
  withdrawal.statement.references[0].text_digest.bytes[0] ^= 1;
  withdrawal.note = network_.SignAs("ann", withdrawal.statement);
  EXPECT_EQ(RuleOf(Header("ann", withdrawal)), "REFERENCE_MISMATCH");
}

TEST_F(Endings, AWithdrawalRepeatsLabelAndAudience) {
  const SealedBulletin bulletin = Published();
  SealedBulletin label = network_.Withdraw("ann", bulletin);
  label.statement.tlp = Tlp::kGreen;
  label.note = network_.SignAs("ann", label.statement);
  EXPECT_EQ(RuleOf(Header("ann", label)), "LABEL_IMMUTABLE");
  SealedBulletin audience = network_.Withdraw("ann", bulletin);
  audience.statement.audience = {*ParseAudienceToken("sector:health")};
  audience.note = network_.SignAs("ann", audience.statement);
  EXPECT_EQ(RuleOf(Header("ann", audience)), "REFERENCE_MISMATCH");
}

TEST_F(Endings, AnAnswerLeavesWhatItAnswersAsItIs) {
  const SealedBulletin bulletin = Published();
  TestDraft answer = {"reader", Tlp::kAmberStrict, {"member:ann"}};
  answer.bulletin_class = BulletinClass::kDirect;
  const auto receipt = Publish("reader", Next(Relation::kReplies, bulletin, answer));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(InboxOf("reader")[0].shared->content().state, EntryState::kLive);
}

TEST_F(Endings, TheStatusOfANewVersionTellsItsReadersFromThoseWhoWereTold) {
  const SealedBulletin first = Published();
  const SealedBulletin second =
      Next(Relation::kSupersedes, first, {"ann", Tlp::kAmberStrict, {"org:mall"}});
  ASSERT_TRUE(Publish("ann", second).ok());
  const auto status = broker_->GetStatus(network_.CallerOf("bob"), second.statement.id);
  ASSERT_TRUE(status.ok()) << status.status();
  for (const broker::RecipientStatus& each : *status) {
    EXPECT_EQ(each.told, each.member == Member("reader")) << each.member.text();
  }
}

TEST_F(Endings, WhatEndedIsErasedAndTheInboxStillAddsUp) {
  const SealedBulletin bulletin = Published();
  const SealedBulletin other = Published();
  ASSERT_TRUE(Publish("ann", network_.Withdraw("ann", bulletin)).ok());
  broker_->Sweep();
  Commit();
  const auto scan = store_.ScanInbox(Member("reader"), 0, {});
  EXPECT_TRUE(scan->entries[0].slot.empty());
  EXPECT_FALSE(scan->entries[1].slot.empty());
  clock_.Advance(absl::Hours(25));
  broker_->Sweep();
  Commit();
  EXPECT_TRUE(store_.ScanInbox(Member("reader"), 0, {})->entries[1].slot.empty());
  const auto inbox = InboxOf("reader");
  ASSERT_EQ(inbox.size(), 3u);
  EXPECT_EQ(inbox[0].shared->content().state, EntryState::kWithdrawn);
  EXPECT_EQ(inbox[1].shared->content().state, EntryState::kExpired);
}

}  // namespace
}  // namespace shield::testing
