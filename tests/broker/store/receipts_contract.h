// What every Store must do with receipts. Included and instantiated beside store_contract.h.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store.h"
#include "broker/store/store_errors.h"
#include "gtest/gtest.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/broker/store/store_contract.h"

namespace shield::testing {

class ReceiptsContract : public StoreContract {
 protected:
  ReceiptsContract() {
    EXPECT_TRUE(Commit(store(), SamplePublish(1, members_)).ok());
    EXPECT_TRUE(Commit(store(), SamplePublish(2, {members_[0]})).ok());
  }

  absl::StatusOr<uint64_t> Add(const MemberId& member, std::vector<store::NewReceipt> receipts) {
    return Commit(store(), store::ReceiptsCommand{member, std::move(receipts)});
  }

  const std::vector<MemberId> members_ = SampleMembers(3);
};

TEST_P(ReceiptsContract, EachIsKeptAsItWasSignedWithALeafOfTheLog) {
  const store::NewReceipt delivered = SampleReceipt(1, members_[1], 1);
  const store::NewReceipt opened = SampleReceipt(1, members_[1], 2);
  const store::NewReceipt other = SampleReceipt(1, members_[0], 1);
  EXPECT_EQ(*Add(members_[1], {opened, delivered}), 2u);
  EXPECT_EQ(*Add(members_[0], {other, SampleReceipt(2, members_[0], 3)}), 2u);
  const std::vector<store::ReceiptRecord> kept = *store().ReadReceipts(SampleId(1));
  const std::vector<store::ReceiptRecord> expected = {{members_[0], 1, other.note},
                                                      {members_[1], 1, delivered.note},
                                                      {members_[1], 2, opened.note}};
  EXPECT_EQ(kept, expected);
  EXPECT_EQ(store().ReadReceipts(SampleId(2))->size(), 1u);
  ASSERT_EQ(store().log_size(), 6u);
  const auto path = *store().ReadInclusionPath(2, 6);
  EXPECT_TRUE(
      VerifyInclusion(LeafHash(opened.log_entry), 2, 6, path, *store().ReadLogRoot(6)).ok());
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
  EXPECT_EQ(store().Verify()->receipts, 4u);
}

TEST_P(ReceiptsContract, TheFirstOfAStateIsKeptAndTheOthersLeaveNoTrace) {
  const store::NewReceipt first = SampleReceipt(1, members_[0], 3);
  store::NewReceipt later = first;
  later.note = ToBytes(AsBytes(SampleNote("another text\n")));
  EXPECT_EQ(*Add(members_[0], {first, later}), 1u);
  const uint64_t commits = store().last_commit();
  EXPECT_EQ(*Add(members_[0], {later}), 0u);
  EXPECT_EQ(*Add(members_[0], {first}), 0u);
  EXPECT_EQ(store().last_commit(), commits);
  ASSERT_EQ(store().ReadReceipts(SampleId(1))->size(), 1u);
  EXPECT_EQ(store().ReadReceipts(SampleId(1))->front().note, first.note);
}

TEST_P(ReceiptsContract, OneThatIsKeptIsFoundByItsMemberAndState) {
  ASSERT_EQ(*Add(members_[0], {SampleReceipt(1, members_[0], 2)}), 1u);
  EXPECT_TRUE(*store().HasReceipt(SampleId(1), members_[0], 2));
  EXPECT_FALSE(*store().HasReceipt(SampleId(1), members_[0], 1));
  EXPECT_FALSE(*store().HasReceipt(SampleId(1), members_[1], 2));
  EXPECT_FALSE(*store().HasReceipt(SampleId(2), members_[0], 2));
  EXPECT_FALSE(*store().HasReceipt(SampleId(9), members_[0], 2));
  EXPECT_FALSE(*store().HasReceipt(SampleId(1), Member("stranger"), 2));
}

TEST_P(ReceiptsContract, WhatIsAboutNothingIsRefusedAndLeavesNoTrace) {
  EXPECT_TRUE(absl::IsNotFound(
      Add(members_[0], {SampleReceipt(1, members_[0], 1), SampleReceipt(9, members_[0], 1)})
          .status()));
  const MemberId stranger = Member("stranger");
  EXPECT_TRUE(absl::IsNotFound(Add(stranger, {SampleReceipt(1, stranger, 1)}).status()));
  EXPECT_TRUE(store().ReadReceipts(SampleId(1))->empty());
  EXPECT_TRUE(absl::IsNotFound(store().ReadReceipts(SampleId(9)).status()));
  EXPECT_EQ(store().log_size(), 2u);
}

TEST_P(ReceiptsContract, OnePastALimitIsRefused) {
  const std::vector<store::NewReceipt> most(store::kMaxReceipts, SampleReceipt(1, members_[0], 1));
  EXPECT_EQ(*Add(members_[0], most), 1u);
  std::vector<store::NewReceipt> more = most;
  more.push_back(most.front());
  EXPECT_EQ(RuleOf(Add(members_[0], more).status()), store::kRuleLimitExceeded);
  store::NewReceipt longer = SampleReceipt(1, members_[0], 2);
  longer.note.resize(store::kMaxReceiptBytes + 1);
  EXPECT_EQ(RuleOf(Add(members_[0], {longer}).status()), store::kRuleLimitExceeded);
  for (const uint8_t state : {uint8_t{0}, uint8_t{store::kMaxReceiptState + 1}}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(Add(members_[0], {SampleReceipt(1, members_[0], state)}).status()));
  }
}

TEST_P(ReceiptsContract, AFullDiskDoesNotStopThem) {
  host().SetDiskLow(true);
  EXPECT_EQ(RuleOf(Commit(store(), SamplePublish(3, members_)).status()), store::kRuleDiskLow);
  EXPECT_EQ(*Add(members_[0], {SampleReceipt(1, members_[0], 1)}), 1u);
}

TEST_P(ReceiptsContract, TheyOutliveTheEndOfTheirBulletin) {
  EXPECT_EQ(*Add(members_[0], {SampleReceipt(1, members_[0], 1)}), 1u);
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(3, 1)).ok());
  ASSERT_TRUE(Commit(store(), store::SweepCommand{absl::FromUnixSeconds(1'900'000'000), 512}).ok());
  EXPECT_EQ(*Add(members_[1], {SampleReceipt(1, members_[1], 3)}), 1u);
  EXPECT_EQ(store().ReadReceipts(SampleId(1))->size(), 2u);
}

TEST_P(ReceiptsContract, TheFeedTellsOfThemAndOfNoNewEntry) {
  ASSERT_EQ(*Add(members_[0], {SampleReceipt(1, members_[0], 1)}), 1u);
  const auto events = *store().ReadCommits(2, 10);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]->kind, store::CommitKind::kReceipt);
  EXPECT_EQ(events[0]->id, SampleId(1));
  EXPECT_TRUE(events[0]->places.empty());
}

}  // namespace shield::testing
