// A flood of receipts against a real store: what it may delay, and what becomes of it.
#include <gtest/gtest.h>

#include <vector>

#include "base/status.h"
#include "broker/committer/committer.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/support/fake_clock.h"

namespace shield::testing {
namespace {

constexpr size_t kMembers = 1500;
constexpr uint8_t kStates = 2;

class ReceiptFlood : public ::testing::Test {
 protected:
  ReceiptFlood() {
    store::CommitterOptions options;
    options.max_queued_receipts = kMembers;
    committer_.emplace(host_.store(), clock_, options);
  }

  absl::Status Publish(uint64_t number, const std::vector<MemberId>& members) {
    return committer_->SubmitPublish(SamplePublish(number, members), absl::InfiniteFuture(),
                                     [this](const absl::StatusOr<store::PublishReceipt>& receipt) {
                                       published_ += receipt.ok() ? 1 : 0;
                                     });
  }
  absl::Status Receipts(const MemberId& member) {
    store::ReceiptsCommand command{member};
    for (uint8_t state = 1; state <= kStates; ++state) {
      command.receipts.push_back(SampleReceipt(1, member, state));
    }
    return committer_->SubmitReceipts(
        std::move(command),
        [this](const absl::StatusOr<uint64_t>& added) { kept_ += added.value_or(0); });
  }
  // Every member of the first bulletin hands in what it has to say about it.
  void Flood() {
    const std::vector<MemberId> members = SampleMembers(kMembers);
    ASSERT_TRUE(Publish(1, members).ok());
    ASSERT_TRUE(committer_->Step());
    for (const MemberId& member : members) ASSERT_TRUE(Receipts(member).ok());
  }
  size_t Stored() { return host_.store().ReadReceipts(SampleId(1))->size(); }

  RocksHost host_;
  FakeClock clock_;
  std::optional<store::Committer> committer_;
  size_t published_ = 0;
  uint64_t kept_ = 0;
};

TEST_F(ReceiptFlood, ABulletinIsCommittedWhileThousandsWait) {
  Flood();
  // The flood is being written when the bulletin comes.
  ASSERT_TRUE(committer_->Step());
  const uint64_t written = kept_;
  EXPECT_GT(written, 0u);
  EXPECT_LE(written, store::CommitterOptions().max_group_receipts);
  ASSERT_TRUE(Publish(2, SampleMembers(3)).ok());
  ASSERT_TRUE(committer_->Step());
  EXPECT_EQ(published_, 2u);
  EXPECT_TRUE(host_.store().ReadBulletin(SampleId(2)).ok());
  EXPECT_EQ(kept_, written);
  EXPECT_GT(committer_->queued(), kMembers / 2);
}

TEST_F(ReceiptFlood, WhatWasAnsweredIsStoredAndWhatIsRefusedComesAgain) {
  Flood();
  const MemberId late = SampleMembers(1).front();
  EXPECT_EQ(RuleOf(Receipts(late)), store::kRuleQueueFull);
  for (uint64_t number = 2; committer_->queued() > 0; ++number) {
    if (number < 5) {
      ASSERT_TRUE(Publish(number, SampleMembers(2)).ok());
    }
    ASSERT_TRUE(committer_->Step());
    EXPECT_EQ(Stored(), kept_) << "after group " << number;
  }
  EXPECT_EQ(published_, 4u);
  EXPECT_EQ(kept_, kMembers * kStates);
  EXPECT_TRUE(Receipts(late).ok());
  committer_.reset();
  EXPECT_EQ(kept_, kMembers * kStates) << "the same again is kept once";
  host_.Close();
  ASSERT_TRUE(host_.Open().ok());
  EXPECT_EQ(Stored(), kMembers * kStates);
  EXPECT_TRUE(host_.store().Verify().ok());
}

}  // namespace
}  // namespace shield::testing
