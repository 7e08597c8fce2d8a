// Receipts: which of them the broker keeps, and to whom it shows them.

#include "policy/proof/receipt.h"

#include "base/status.h"
#include "broker/core/refusals.h"
#include "crypto/sha256.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/log_leaf.h"
#include "tests/broker/core/broker_test_base.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;

using Rules = std::vector<std::string>;

class Receipts : public BrokerTestBase {
 protected:
  void SetUp() override {
    Enrol();
    bulletin_ = Published({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  }

  SealedBulletin Published(const TestDraft& draft) {
    SealedBulletin bulletin = network_.Seal(draft);
    const auto receipt = Publish(draft.author, bulletin);
    EXPECT_TRUE(receipt.ok()) << receipt.status();
    return bulletin;
  }

  Receipt ReceiptOf(const std::string& member, ReceiptState state = ReceiptState::kDelivered) {
    return {network_.file().network,
            Member(member),
            bulletin_->statement.id,
            Sha256(PrintStatement(bulletin_->statement)),
            state,
            absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now()))};
  }
  std::string Signed(const Receipt& receipt) {
    return SignReceipt(receipt, network_.member(receipt.member.str()).sign);
  }
  absl::StatusOr<Rules> Add(const std::string& caller, const std::vector<std::string>& notes) {
    absl::StatusOr<Rules> answer = absl::UnknownError("no answer");
    broker_->AddReceipts(network_.CallerOf(caller), notes,
                         [&answer](auto rules) { answer = std::move(rules); });
    Commit();
    return answer;
  }
  Rules Added(const std::string& caller, const std::vector<std::string>& notes) {
    const absl::StatusOr<Rules> rules = Add(caller, notes);
    EXPECT_TRUE(rules.ok()) << rules.status();
    return rules.value_or(Rules{});
  }
  // What the author is shown of one reader.
  std::vector<std::string> ShownOf(const std::string& member) {
    const auto readers = broker_->GetStatus(network_.CallerOf("ann"), bulletin_->statement.id);
    EXPECT_TRUE(readers.ok()) << readers.status();
    for (const broker::RecipientStatus& reader : *readers) {
      if (reader.member == Member(member)) return reader.receipts;
    }
    ADD_FAILURE() << member << " is no reader";
    return {};
  }

  std::optional<SealedBulletin> bulletin_;
};

TEST_F(Receipts, AreKeptAsTheyWereSignedAndShownToTheSource) {
  const std::string delivered = Signed(ReceiptOf("reader"));
  const std::string opened = Signed(ReceiptOf("reader", ReceiptState::kOpened));
  const uint64_t size = store_.log_size();
  EXPECT_THAT(Added("reader", {delivered, opened}), ElementsAre("", ""));
  EXPECT_THAT(ShownOf("reader"), ElementsAre(delivered, opened));
  EXPECT_TRUE(ShownOf("bob").empty());
  ASSERT_EQ(store_.log_size(), size + 2);
  const Digest leaf = LogLeafHash(LogKind::kReceipt, Sha256(PrintReceipt(ReceiptOf("reader"))));
  EXPECT_TRUE(VerifyInclusion(leaf, size, size + 2, *store_.ReadInclusionPath(size, size + 2),
                              *store_.ReadLogRoot(size + 2))
                  .ok());
}

TEST_F(Receipts, TheSameAgainIsKeptOnce) {
  const std::string note = Signed(ReceiptOf("reader"));
  EXPECT_THAT(Added("reader", {note, note}), ElementsAre("", ""));
  clock_.Advance(absl::Seconds(5));
  const uint64_t size = store_.log_size();
  EXPECT_THAT(Added("reader", {Signed(ReceiptOf("reader"))}), ElementsAre(""));
  EXPECT_EQ(store_.log_size(), size);
  EXPECT_THAT(ShownOf("reader"), ElementsAre(note));
}

// What is about nothing of the caller's, or kept already, costs no look at its signature.
TEST_F(Receipts, ASignatureIsLookedAtLast) {
  const auto by_another = [this](const Receipt& receipt) {
    return SignReceipt(receipt, network_.member("desk").sign);
  };
  Receipt other_text = ReceiptOf("reader");
  other_text.statement_digest = Sha256("another text");
  Receipt unknown = ReceiptOf("reader");
  unknown.bulletin = *BulletinId::Parse("0123456789abcdef0123456789abcdef");
  EXPECT_THAT(Added("reader", {by_another(other_text), by_another(unknown)}),
              ElementsAre("NO_SUCH_BULLETIN", "NO_SUCH_BULLETIN"));
  const std::string note = Signed(ReceiptOf("reader"));
  EXPECT_THAT(
      Added("reader", {by_another(ReceiptOf("reader")), note, by_another(ReceiptOf("reader"))}),
      ElementsAre("BAD_SIGNATURE", "", ""));
  EXPECT_THAT(Added("reader", {by_another(ReceiptOf("reader"))}), ElementsAre(""));
  EXPECT_THAT(ShownOf("reader"), ElementsAre(note));
}

TEST_F(Receipts, AreChargedByTheirNumberAndTakeNoCallsAway) {
  MakeBroker({.receipts_per_second = 1});
  const std::vector<std::string> notes(32, Signed(ReceiptOf("reader")));
  EXPECT_TRUE(Add("reader", notes).ok());
  EXPECT_TRUE(Add("reader", notes).ok());
  const absl::Status refused = Add("reader", {notes.front()}).status();
  EXPECT_EQ(RuleOf(refused), "RATE_LIMITED");
  EXPECT_TRUE(RetryDelayOf(refused).has_value());
  EXPECT_TRUE(broker_->GetBroker(network_.CallerOf("reader")).ok());
  EXPECT_TRUE(Add("bob", {Signed(ReceiptOf("bob"))}).ok()) << "each has an allowance of its own";
  clock_.Advance(absl::Seconds(2));
  EXPECT_TRUE(Add("reader", {notes.front()}).ok());
}

TEST_F(Receipts, OneThatIsRefusedHindersNoOther) {
  Receipt other_text = ReceiptOf("reader", ReceiptState::kOpened);
  other_text.statement_digest = Sha256("another text");
  EXPECT_THAT(Added("reader", {"no note", Signed(ReceiptOf("reader")), Signed(other_text)}),
              ElementsAre("RECEIPT_MALFORMED", "", "NO_SUCH_BULLETIN"));
  EXPECT_EQ(ShownOf("reader").size(), 1u);
}

TEST_F(Receipts, WhatIsNoReceiptOfTheCallersIsRefused) {
  Receipt foreign = ReceiptOf("reader");
  foreign.network = *Origin::Parse("other.example");
  EXPECT_THAT(Added("reader", {bulletin_->note, Signed(ReceiptOf("bob")), Signed(foreign)}),
              ElementsAre("RECEIPT_MALFORMED", "RECEIPT_MALFORMED", "NETWORK_MISMATCH"));
  EXPECT_TRUE(ShownOf("reader").empty());
  EXPECT_TRUE(ShownOf("bob").empty());
}

TEST_F(Receipts, AKeyThatIsNotInForceIsRefused) {
  const std::string by_another = SignReceipt(ReceiptOf("reader"), network_.member("desk").sign);
  EXPECT_THAT(Added("reader", {by_another}), ElementsAre("BAD_SIGNATURE"));
  const std::string note = Signed(ReceiptOf("reader"));
  network_.member("reader").sign_period = {clock_.Now() + absl::Hours(1), NoEnd()};
  Enrol();
  EXPECT_THAT(Added("reader", {note}), ElementsAre("BAD_SIGNATURE")) << "not yet";
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Added("reader", {note}), ElementsAre("")) << "signed before its key began";
}

// The authority's clock, which is a minute ahead, ended the key.
TEST_F(Receipts, AKeyThatHadEndedWhenTheDirectoryWasIssuedSignsNone) {
  const std::string note = Signed(ReceiptOf("reader"));
  clock_.Advance(absl::Minutes(1));
  network_.member("reader").sign_period.until = clock_.Now();
  Enrol();
  clock_.Advance(-absl::Minutes(1));
  EXPECT_THAT(Added("reader", {note}), ElementsAre("BAD_SIGNATURE"));
}

TEST_F(Receipts, WhoWasNotSentItLearnsNothingOfIt) {
  Receipt unknown = ReceiptOf("guard");
  unknown.bulletin = *BulletinId::Parse("0123456789abcdef0123456789abcdef");
  EXPECT_THAT(Added("guard", {Signed(ReceiptOf("guard")), Signed(unknown)}),
              ElementsAre("NO_SUCH_BULLETIN", "NO_SUCH_BULLETIN"));
  // Who was only told that it ended was not sent what ended it.
  const SealedBulletin withdrawal = network_.Withdraw("ann", *bulletin_);
  ASSERT_TRUE(Publish("ann", withdrawal).ok());
  Receipt told = ReceiptOf("reader");
  told.bulletin = withdrawal.statement.id;
  told.statement_digest = Sha256(PrintStatement(withdrawal.statement));
  EXPECT_THAT(Added("reader", {Signed(told)}), ElementsAre("NO_SUCH_BULLETIN"));
}

TEST_F(Receipts, ATimeThatCannotBeIsRefused) {
  Receipt early = ReceiptOf("reader");
  early.time = bulletin_->statement.issued - kMaxReceiptSkew - absl::Seconds(1);
  Receipt ahead = ReceiptOf("reader", ReceiptState::kOpened);
  ahead.time = clock_.Now() + kMaxReceiptSkew + absl::Seconds(2);
  EXPECT_THAT(Added("reader", {Signed(early), Signed(ahead)}),
              ElementsAre("CLOCK_SKEW", "CLOCK_SKEW"));
  // Made while its member had no network, days ago.
  const std::string late = Signed(ReceiptOf("reader"));
  clock_.Advance(absl::Hours(20));
  EXPECT_THAT(Added("reader", {late}), ElementsAre(""));
}

TEST_F(Receipts, WhatHasEndedIsStillAcknowledged) {
  ASSERT_TRUE(Publish("ann", network_.Withdraw("ann", *bulletin_)).ok());
  EXPECT_THAT(Added("reader", {Signed(ReceiptOf("reader", ReceiptState::kAcknowledged))}),
              ElementsAre(""));
  clock_.Advance(absl::Hours(48));
  broker_->Sweep();
  Commit();
  EXPECT_THAT(Added("reader", {Signed(ReceiptOf("reader", ReceiptState::kOpened))}),
              ElementsAre(""));
  EXPECT_EQ(ShownOf("reader").size(), 2u);
}

TEST_F(Receipts, TheyWakeNobodyWhoFollowsAnInbox) {
  const int before = listener_.grew;
  EXPECT_THAT(Added("reader", {Signed(ReceiptOf("reader"))}), ElementsAre(""));
  EXPECT_EQ(listener_.grew, before);
  Published({"ann", Tlp::kAmberStrict, {"org:hotel"}});
  EXPECT_GT(listener_.grew, before);
}

TEST_F(Receipts, OnlyTheSourceIsShownThem) {
  EXPECT_THAT(Added("reader", {Signed(ReceiptOf("reader"))}), ElementsAre(""));
  for (const char* who : {"ann", "bob"}) {
    EXPECT_TRUE(broker_->GetStatus(network_.CallerOf(who), bulletin_->statement.id).ok()) << who;
  }
  for (const char* who : {"reader", "desk", "guard", "vetting"}) {
    EXPECT_EQ(broker_->GetStatus(network_.CallerOf(who), bulletin_->statement.id).status(),
              broker::NoSuchBulletin())
        << who;
  }
}

TEST_F(Receipts, AStatementIsGivenToWhoMayWithdrawIt) {
  const SealedBulletin red = Published({"ann", Tlp::kRed, {"member:reader"}});
  for (const SealedBulletin& bulletin : {*bulletin_, red}) {
    const BulletinId& id = bulletin.statement.id;
    for (const char* who : {"ann", "bob"}) {
      const auto statement = broker_->GetStatement(network_.CallerOf(who), id);
      ASSERT_TRUE(statement.ok()) << who << statement.status();
      EXPECT_EQ(*statement, bulletin.note);
    }
    for (const char* who : {"reader", "guard", "vetting"}) {
      EXPECT_EQ(broker_->GetStatement(network_.CallerOf(who), id).status(),
                broker::NoSuchBulletin())
          << who;
    }
  }
  EXPECT_EQ(broker_->GetStatus(network_.CallerOf("bob"), red.statement.id).status(),
            broker::NoSuchBulletin())
      << "whom RED was for stays its author's to know";
}

TEST_F(Receipts, ASharesStatementIsGivenToWhoMayKnowTheHoldersOfItsOriginal) {
  const SealedBulletin original = Published({"ann", Tlp::kAmber, {"org:mall"}});
  const SealedBulletin share = network_.Share("guard", original, {"cleaner"});
  ASSERT_TRUE(Publish("guard", share).ok());
  const BulletinId& id = share.statement.id;
  for (const char* who : {"guard", "ann", "bob"}) {
    EXPECT_TRUE(broker_->GetStatement(network_.CallerOf(who), id).ok()) << who;
  }
  for (const char* who : {"cleaner", "reader"}) {
    EXPECT_EQ(broker_->GetStatement(network_.CallerOf(who), id).status(), broker::NoSuchBulletin())
        << who;
  }
}

}  // namespace
}  // namespace shield::testing
