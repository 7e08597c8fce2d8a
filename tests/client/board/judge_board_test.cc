#include "client/board/judge_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "crypto/sha256.h"
#include "policy/proof/receipt.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

// A bulletin of jan's, of the police, to a hotel's desk and guard and to everybody of the police.
class JudgeBoardTest : public ::testing::Test {
 protected:
  JudgeBoardTest() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("jan", "police", {Role::kAnalyst});
    network_.AddMember("els", "police", {Role::kAnalyst});
    network_.AddMember("digest", "police", {Role::kDigest});
    network_.AddOrg("hotel", OrgKind::kMember);
    network_.AddMember("desk", "hotel", {Role::kDesk});
    network_.AddMember("guard", "hotel", {Role::kReader});
    network_.AddOrg("cleaners", OrgKind::kClient);
    network_.AddMember("cleaner", "cleaners", {Role::kReader});
    directory_ = network_.Publish().directory;
    statement_ = network_.StatementBy("jan", *directory_);
    statement_->recipients = 5;
  }

  BoardSubject Subject() {
    BoardSubject subject{*statement_, Sha256(PrintStatement(*statement_)), *OrgId::Parse("police")};
    subject.sealed_to.emplace();
    for (const char* name : {"jan", "els", "digest", "desk", "guard"}) {
      subject.sealed_to->insert(*MemberId::Parse(name));
    }
    return subject;
  }
  Receipt ReceiptOf(absl::string_view member, ReceiptState state,
                    absl::Duration after = absl::Seconds(1)) {
    return {network_.origin(),
            *MemberId::Parse(member),
            statement_->id,
            Sha256(PrintStatement(*statement_)),
            state,
            network_.now() + after};
  }
  std::string Signed(const Receipt& receipt) {
    return SignReceipt(receipt, network_.Seat(receipt.member.text()).sign);
  }
  static ReaderStatus Reader(absl::string_view member, absl::string_view org,
                             std::vector<std::string> receipts = {}) {
    ReaderStatus reader{*MemberId::Parse(member), *OrgId::Parse(org)};
    reader.receipts = std::move(receipts);
    return reader;
  }
  // All five, of whom two of the hotel signed what is given.
  std::vector<ReaderStatus> Readers(std::vector<std::string> desk, std::vector<std::string> guard) {
    return {Reader("jan", "police"), Reader("els", "police"), Reader("digest", "police"),
            Reader("desk", "hotel", std::move(desk)), Reader("guard", "hotel", std::move(guard))};
  }
  StatusBoard Judge(const BoardSubject& subject, const std::vector<ReaderStatus>& readers,
                    absl::Duration after = absl::Minutes(1)) {
    return JudgeBoard(subject, readers, directory_->directory(), network_.now() + after);
  }
  static const BoardReader& Of(const StatusBoard& board, absl::string_view member) {
    for (const BoardReader& reader : board.readers) {
      if (reader.member.text() == member) return reader;
    }
    ADD_FAILURE() << member << " is not on the board";
    return board.readers.front();
  }

  SampleNetwork network_;
  std::shared_ptr<const VerifiedDirectory> directory_;
  std::optional<Statement> statement_;
};

TEST_F(JudgeBoardTest, EachStateIsWhatWasSigned) {
  const StatusBoard board =
      Judge(Subject(), Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged)),
                                Signed(ReceiptOf("desk", ReceiptState::kDelivered))},
                               {Signed(ReceiptOf("guard", ReceiptState::kOpened))}));
  EXPECT_EQ(Of(board, "desk").state, ReaderState::kAcknowledged);
  EXPECT_EQ(Of(board, "desk").delivered, network_.now() + absl::Seconds(1));
  EXPECT_EQ(Of(board, "guard").state, ReaderState::kOpened);
  EXPECT_EQ(Of(board, "els").state, ReaderState::kPending);
  EXPECT_EQ(board.counts.acknowledged, 1u);
  EXPECT_EQ(board.counts.opened, 1u);
  EXPECT_EQ(board.unlisted, 0u);
  EXPECT_FALSE(board.Complete());
  EXPECT_TRUE(board.Fault().ok());
}

TEST_F(JudgeBoardTest, TheSourceWaitsForOthersThanItself) {
  const StatusBoard board =
      Judge(Subject(), Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged))},
                               {Signed(ReceiptOf("guard", ReceiptState::kAcknowledged))}));
  EXPECT_EQ(board.counts.awaited, 2u);
  EXPECT_TRUE(board.Complete());
  for (const char* own : {"jan", "els", "digest"}) EXPECT_FALSE(Of(board, own).awaited) << own;
}

TEST_F(JudgeBoardTest, AForgedReceiptIsRefused) {
  const std::string by_another =
      SignReceipt(ReceiptOf("desk", ReceiptState::kAcknowledged), network_.Seat("guard").sign);
  const StatusBoard board = Judge(
      Subject(), Readers({by_another, Signed(ReceiptOf("desk", ReceiptState::kDelivered))}, {}));
  EXPECT_EQ(Of(board, "desk").fault, "BAD_SIGNATURE");
  EXPECT_EQ(Of(board, "desk").state, ReaderState::kDelivered) << "what it did sign counts";
  EXPECT_TRUE(absl::IsDataLoss(board.Fault()));
  EXPECT_EQ(RuleOf(board.Fault()), "BAD_SIGNATURE");
}

TEST_F(JudgeBoardTest, AnothersOrAnotherBulletinsIsRefused) {
  Receipt other_id = ReceiptOf("desk", ReceiptState::kAcknowledged);
  other_id.bulletin = *BulletinId::Parse("0123456789abcdef0123456789abcdef");
  Receipt other_text = ReceiptOf("desk", ReceiptState::kAcknowledged);
  other_text.statement_digest = Sha256("another text");
  for (const Receipt& receipt :
       {other_id, other_text, ReceiptOf("guard", ReceiptState::kAcknowledged)}) {
    const StatusBoard board = Judge(Subject(), Readers({Signed(receipt)}, {}));
    EXPECT_EQ(Of(board, "desk").fault, "RECEIPT_MISMATCH");
    EXPECT_EQ(Of(board, "desk").state, ReaderState::kPending);
  }
  const StatusBoard board =
      Judge(Subject(),
            Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged, absl::Hours(1)))}, {}));
  EXPECT_EQ(Of(board, "desk").fault, "CLOCK_SKEW") << "of a time that is still to come";
  EXPECT_EQ(Of(board, "desk").state, ReaderState::kPending);
  EXPECT_TRUE(board.Fault().ok()) << "clocks may be apart: it counts when its time has come";
}

TEST_F(JudgeBoardTest, WhoIsNotListedIsCountedAsPending) {
  std::vector<ReaderStatus> readers =
      Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged))}, {});
  readers.pop_back();
  // The same one twice does not make up for it.
  readers.push_back(readers.back());
  const StatusBoard board = Judge(Subject(), readers);
  EXPECT_EQ(board.unlisted, 1u);
  EXPECT_EQ(board.counts.pending, 1u);
  EXPECT_FALSE(board.Complete());
}

// The vetting officer said until when the key holds before the broker had the directory.
TEST_F(JudgeBoardTest, WhatAKeySignedAfterItsEndDoesNotCountAndIsNoForgery) {
  const std::string late =
      Signed(ReceiptOf("desk", ReceiptState::kAcknowledged, absl::Minutes(10)));
  const std::string forged =
      SignReceipt(ReceiptOf("guard", ReceiptState::kOpened), network_.Seat("desk").sign);
  for (KeyRecord& key : network_.records().keys) {
    const bool ends = key.member.text() == "desk" && key.use == KeyUse::kSign;
    if (ends) key.period.until = network_.now() + absl::Minutes(5);
  }
  directory_ = network_.Publish().directory;
  StatusBoard board = Judge(Subject(), Readers({late}, {}), absl::Hours(1));
  EXPECT_EQ(Of(board, "desk").fault, "KEY_ENDED");
  EXPECT_EQ(Of(board, "desk").state, ReaderState::kPending);
  EXPECT_TRUE(board.Fault().ok());
  board = Judge(Subject(), Readers({late}, {forged}), absl::Hours(1));
  EXPECT_EQ(RuleOf(board.Fault()), "BAD_SIGNATURE") << "one does not hide the other";
}

TEST_F(JudgeBoardTest, WhatTheDirectoryHasForgottenDoesNotCountAndIsNoForgery) {
  const std::vector<ReaderStatus> readers =
      Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged))}, {});
  std::erase_if(network_.records().keys,
                [](const KeyRecord& key) { return key.member.text() == "desk"; });
  directory_ = network_.Publish().directory;
  EXPECT_EQ(RuleOf(Judge(Subject(), readers).Fault()), "BAD_SIGNATURE") << "it is too soon";
  network_.Advance(absl::Hours(401 * 24));
  network_.draft().issued = network_.now();
  directory_ = network_.Publish().directory;
  const StatusBoard board = Judge(Subject(), readers);
  EXPECT_EQ(Of(board, "desk").fault, "KEY_UNKNOWN");
  EXPECT_TRUE(board.Fault().ok());
}

// A colleague of the author's who was never sent it is not waited for, and would hide the guard.
TEST_F(JudgeBoardTest, AnotherInThePlaceOfAReaderDoesNotHideIt) {
  network_.AddMember("late", "police", {Role::kAnalyst});
  directory_ = network_.Publish().directory;
  std::vector<ReaderStatus> readers =
      Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged))}, {});
  readers[1].receipts = {Signed(ReceiptOf("els", ReceiptState::kDelivered))};
  readers[2].receipts = {Signed(ReceiptOf("digest", ReceiptState::kDelivered))};
  readers.back() = Reader("late", "police");
  // A home that knows the number alone.
  BoardSubject elsewhere = Subject();
  elsewhere.sealed_to.reset();
  StatusBoard board = Judge(elsewhere, readers);
  EXPECT_EQ(board.unlisted, 1u);
  EXPECT_EQ(board.counts.pending, 1u);
  EXPECT_FALSE(board.Complete());
  // The author's, which knows their names.
  readers[1].receipts.clear();
  board = Judge(Subject(), readers);
  EXPECT_EQ(board.unlisted, 1u);
  EXPECT_EQ(board.counts.awaited, 2u);
  EXPECT_FALSE(board.Complete());
  EXPECT_EQ(Of(board, "late").fault, "READER_UNKNOWN");
  EXPECT_EQ(RuleOf(board.Fault()), "READER_UNKNOWN");
}

TEST_F(JudgeBoardTest, OfRedEverybodyIsAwaitedButTheAuthor) {
  statement_->tlp = Tlp::kRed;
  const StatusBoard board = Judge(Subject(), Readers({}, {}));
  EXPECT_EQ(board.counts.awaited, 4u);
  EXPECT_FALSE(Of(board, "jan").awaited);
  EXPECT_EQ(board.unlisted, 0u);
}

TEST_F(JudgeBoardTest, AReaderWhoIsListedTwiceIsCountedOnce) {
  std::vector<ReaderStatus> readers =
      Readers({Signed(ReceiptOf("desk", ReceiptState::kAcknowledged))}, {});
  for (int i = 0; i < 9; ++i) readers.push_back(readers[3]);
  const StatusBoard board = Judge(Subject(), readers);
  EXPECT_EQ(board.counts.acknowledged, 1u);
  EXPECT_EQ(board.counts.awaited, 2u + board.unlisted);
  EXPECT_EQ(RuleOf(board.Fault()), "READER_LISTED_TWICE");
}

// By two shares of one sharer, by a share beside the bulletin, by shares of two.
TEST_F(JudgeBoardTest, WhoHoldsItInSeveralWaysIsNoAlarmAndCountsOnce) {
  BoardSubject subject = Subject();
  const BulletinId first = *BulletinId::Parse("fedcba9876543210fedcba9876543210");
  const BulletinId second = *BulletinId::Parse("fedcba9876543210fedcba9876543211");
  for (const BulletinId& share : {first, second}) {
    subject.shares.emplace(
        share, KnownShare{*MemberId::Parse("guard"), Sha256(share.ToHex()), network_.now()});
  }
  std::vector<ReaderStatus> readers = Readers({}, {});
  for (const char* member : {"cleaner", "cleaner", "desk", "desk"}) {
    readers.push_back(Reader(member, "hotel"));
    readers.back().shared_by = *MemberId::Parse("guard");
  }
  readers.push_back(readers.back());
  readers.back().shared_by = *MemberId::Parse("jan");
  StatusBoard board = Judge(subject, readers);
  EXPECT_TRUE(board.Fault().ok()) << board.Fault();
  EXPECT_EQ(board.readers.size(), 6u);
  EXPECT_EQ(board.counts.awaited, 3u) << "desk, guard and cleaner";
  EXPECT_EQ(board.counts.pending, 3u);
  EXPECT_EQ(board.unlisted, 0u);
  EXPECT_EQ(Of(board, "cleaner").shared_by, MemberId::Parse("guard"));
  EXPECT_FALSE(Of(board, "desk").shared_by.has_value()) << "it holds the bulletin itself";
  EXPECT_THAT(Of(board, "desk").sharers,
              ::testing::ElementsAre(*MemberId::Parse("guard"), *MemberId::Parse("jan")));

  Receipt of_second = ReceiptOf("cleaner", ReceiptState::kAcknowledged);
  of_second.bulletin = second;
  of_second.statement_digest = Sha256(second.ToHex());
  readers[6].receipts = {Signed(of_second)};
  readers[3].receipts = {Signed(ReceiptOf("desk", ReceiptState::kAcknowledged))};
  board = Judge(subject, readers);
  EXPECT_EQ(Of(board, "cleaner").state, ReaderState::kAcknowledged) << "one of two will do";
  EXPECT_EQ(Of(board, "desk").state, ReaderState::kAcknowledged);
  EXPECT_EQ(board.counts.acknowledged, 2u);
  EXPECT_EQ(board.counts.awaited, 3u);
}

// It was told that what it held is replaced, and got the newer one by a share. The broker lists the
// two in either order.
TEST_F(JudgeBoardTest, WhoWasToldAndHoldsAShareIsAReader) {
  std::vector<ReaderStatus> readers = Readers({}, {});
  readers.back().told = true;
  statement_->recipients = 4;
  readers.push_back(Reader("guard", "hotel"));
  readers.back().shared_by = *MemberId::Parse("desk");
  for (const char* order : {"told first", "the share first"}) {
    const StatusBoard board = Judge(Subject(), readers);
    EXPECT_EQ(board.readers.size(), 5u) << order;
    EXPECT_EQ(Of(board, "guard").state, ReaderState::kPending) << order;
    EXPECT_EQ(Of(board, "guard").shared_by, MemberId::Parse("desk")) << order;
    EXPECT_EQ(board.counts.awaited, 2u) << order;
    std::swap(readers[4], readers[5]);
  }
}

// Whoever extends a bulletin leaves out those alone who have it themselves.
TEST_F(JudgeBoardTest, AReceiptAboutAShareDoesNotSignForTheBulletin) {
  const BulletinId share = *BulletinId::Parse("0123456789abcdef0123456789abcdef");
  BoardSubject subject = Subject();
  subject.shares.emplace(share,
                         KnownShare{*MemberId::Parse("desk"), Sha256("the share"), network_.now()});
  Receipt about_share = ReceiptOf("guard", ReceiptState::kDelivered);
  about_share.bulletin = share;
  about_share.statement_digest = Sha256("the share");
  std::vector<ReaderStatus> readers =
      Readers({Signed(ReceiptOf("desk", ReceiptState::kDelivered))}, {});
  readers.push_back(Reader("guard", "hotel", {Signed(about_share)}));
  readers.back().shared_by = *MemberId::Parse("desk");
  const StatusBoard board = Judge(subject, readers);
  EXPECT_TRUE(board.Fault().ok()) << board.Fault();
  EXPECT_EQ(Of(board, "guard").state, ReaderState::kDelivered);
  EXPECT_FALSE(Of(board, "guard").signed_for);
  EXPECT_TRUE(Of(board, "desk").signed_for);
}

// A broker that makes up shares does not hide that it lists somebody twice.
TEST_F(JudgeBoardTest, WhoIsListedTwiceAndHoldsAShareIsStillNamed) {
  std::vector<ReaderStatus> readers = Readers({}, {});
  readers.push_back(Reader("desk", "hotel"));
  readers.back().shared_by = *MemberId::Parse("guard");
  readers.push_back(readers[3]);
  const StatusBoard board = Judge(Subject(), readers);
  EXPECT_EQ(RuleOf(board.Fault()), "READER_LISTED_TWICE");
  EXPECT_EQ(board.readers.back().member.text(), "desk");
  EXPECT_EQ(board.readers.back().fault, "READER_LISTED_TWICE");
  EXPECT_EQ(board.counts.awaited, 2u);
}

TEST_F(JudgeBoardTest, WhoHasNotAcknowledgedInTimeIsOverdue) {
  BoardSubject subject = Subject();
  subject.acknowledge_by = network_.now() + absl::Minutes(30);
  const std::vector<ReaderStatus> readers =
      Readers({Signed(ReceiptOf("desk", ReceiptState::kOpened))},
              {Signed(ReceiptOf("guard", ReceiptState::kAcknowledged, absl::Minutes(31)))});
  EXPECT_EQ(Of(Judge(subject, readers, absl::Minutes(29)), "desk").state, ReaderState::kOpened);
  const StatusBoard board = Judge(subject, readers, absl::Minutes(31));
  EXPECT_EQ(Of(board, "desk").state, ReaderState::kOverdue);
  EXPECT_TRUE(Of(board, "desk").opened.has_value());
  EXPECT_EQ(Of(board, "guard").state, ReaderState::kAcknowledged);
  EXPECT_TRUE(Of(board, "guard").late);
  EXPECT_EQ(Of(board, "els").state, ReaderState::kPending) << "nobody waits for it";
  EXPECT_EQ(board.counts.overdue, 1u);
}

TEST_F(JudgeBoardTest, OfAShareTheReceiptIsAboutTheShare) {
  const BulletinId share = *BulletinId::Parse("fedcba9876543210fedcba9876543210");
  BoardSubject subject = Subject();
  subject.shares.emplace(share,
                         KnownShare{*MemberId::Parse("guard"), Sha256("share"), network_.now()});
  Receipt receipt = ReceiptOf("cleaner", ReceiptState::kOpened);
  std::vector<ReaderStatus> readers = Readers({}, {});
  readers.push_back(Reader("cleaner", "cleaners", {Signed(receipt)}));
  readers.back().shared_by = *MemberId::Parse("guard");
  EXPECT_EQ(Of(Judge(subject, readers), "cleaner").fault, "RECEIPT_MISMATCH") << "of the original";
  receipt.bulletin = share;
  receipt.statement_digest = Sha256("share");
  readers.back().receipts = {Signed(receipt)};
  EXPECT_EQ(Of(Judge(subject, readers), "cleaner").state, ReaderState::kOpened);
  BoardSubject unknown = Subject();
  EXPECT_EQ(Of(Judge(unknown, readers), "cleaner").fault, "SHARE_UNKNOWN");
  EXPECT_TRUE(Judge(unknown, readers).Fault().ok());
  subject.shares.at(share).fault = "PUBLISHER_KEY_REVOKED";
  EXPECT_EQ(Of(Judge(subject, readers), "cleaner").state, ReaderState::kPending);
  EXPECT_TRUE(Judge(subject, readers).Fault().ok()) << "the sharer's key had ended by then";
  subject.shares.at(share).fault = "BAD_SIGNATURE";
  EXPECT_EQ(RuleOf(Judge(subject, readers).Fault()), "BAD_SIGNATURE");
  subject.shares.at(share).fault.clear();
  readers.back().shared_by = *MemberId::Parse("desk");
  EXPECT_EQ(Of(Judge(subject, readers), "cleaner").fault, "RECEIPT_MISMATCH")
      << "passed on by another";
}

TEST_F(JudgeBoardTest, WhoWasToldIsNoReader) {
  std::vector<ReaderStatus> readers = Readers({}, {});
  readers.back().told = true;
  readers.back().acknowledged = true;
  statement_->recipients = 4;
  const StatusBoard board = Judge(Subject(), readers);
  EXPECT_EQ(Of(board, "guard").state, ReaderState::kTold);
  EXPECT_TRUE(Of(board, "guard").passed);
  EXPECT_EQ(board.counts.awaited, 1u);
  EXPECT_EQ(board.unlisted, 0u);
}

}  // namespace
}  // namespace shield
