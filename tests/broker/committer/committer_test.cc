#include "broker/committer/committer.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"
#include "broker/store/store_errors.h"
#include "gtest/gtest.h"
#include "tests/broker/store/memory_store.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/support/fake_clock.h"

namespace shield::testing {
namespace {

using store::Committer;
using store::CommitterOptions;

class CommitterTest : public ::testing::Test {
 protected:
  // Counts the groups that moved the history on.
  CommitterOptions Counting() {
    CommitterOptions options;
    options.on_commit = [this](uint64_t) { ++groups_; };
    return options;
  }
  absl::Status Submit(Committer& committer, uint64_t number, size_t members = 1) {
    return committer.SubmitPublish(
        SamplePublish(number, SampleMembers(members)), absl::InfiniteFuture(),
        [this](absl::StatusOr<store::PublishReceipt> r) { answers_.push_back(std::move(r)); });
  }

  absl::Status SubmitDirectory(Committer& committer, uint64_t expected, uint64_t version) {
    return committer.SubmitDirectory(SampleDirectory(expected, version),
                                     [this](absl::StatusOr<store::DirectoryReceipt> r) {
                                       directories_.push_back(std::move(r));
                                     });
  }

  // Of one of the members whom SampleMembers names.
  absl::Status SubmitReceipt(Committer& committer, uint64_t number, uint8_t state,
                             size_t member = 0) {
    const MemberId signer = SampleMembers(member + 1).back();
    return committer.SubmitReceipts(
        {signer, {SampleReceipt(number, signer, state)}},
        [this](const absl::StatusOr<uint64_t>& added) { added_.push_back(added.value_or(99)); });
  }

  MemoryStore store_;
  FakeClock clock_;
  int groups_ = 0;
  std::vector<uint64_t> added_;
  std::vector<absl::StatusOr<store::PublishReceipt>> answers_;
  std::vector<absl::StatusOr<store::DirectoryReceipt>> directories_;
};

TEST_F(CommitterTest, WhatIsKeptIsToldBeforeTheCommitAndWhatIsNotIsNot) {
  std::vector<std::string> order;
  CommitterOptions options;
  options.on_commit = [&order](uint64_t) { order.emplace_back("commit"); };
  Committer committer(store_, clock_, options);
  const auto submit = [&](store::PublishCommand command) {
    const std::string name = command.id.ToHex().substr(0, 4);
    return committer.SubmitPublish(
        std::move(command), absl::InfiniteFuture(),
        [&order, name](const absl::StatusOr<store::PublishReceipt>& receipt) {
          order.push_back(name + (receipt.ok() ? " done" : " refused"));
        },
        [&order, name](const store::PublishReceipt& receipt) {
          EXPECT_EQ(receipt.log_index, 0u);
          order.push_back(name + " kept");
        });
  };
  store::PublishCommand taken = SamplePublish(1, SampleMembers(1));
  const std::string name = taken.id.ToHex().substr(0, 4);
  store::PublishCommand other = taken;
  other.request_hash = Digest{{9}};
  ASSERT_TRUE(submit(taken).ok());
  ASSERT_TRUE(submit(taken).ok());  // a repeat is no news
  ASSERT_TRUE(submit(std::move(other)).ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(order, (std::vector<std::string>{name + " kept", "commit", name + " done",
                                             name + " done", name + " refused"}));
}

TEST_F(CommitterTest, OneStepCommitsAllThatWaits) {
  Committer committer(store_, clock_, Counting());
  for (uint64_t number = 1; number <= 10; ++number) ASSERT_TRUE(Submit(committer, number).ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_FALSE(committer.Step());
  EXPECT_EQ(groups_, 1);
  ASSERT_EQ(answers_.size(), 10u);
  for (uint64_t i = 0; i < 10; ++i) EXPECT_EQ(answers_[i]->commit, i + 1);
}

TEST_F(CommitterTest, WithdrawalsGoBeforeOtherPublishesAndAlone) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(Submit(committer, 2).ok());
  EXPECT_TRUE(committer.Step());
  ASSERT_TRUE(Submit(committer, 3).ok());
  for (uint64_t target = 1; target <= 2; ++target) {
    ASSERT_TRUE(committer
                    .SubmitPublish(SampleWithdrawal(10 + target, target), absl::InfiniteFuture(),
                                   [this](auto r) { answers_.push_back(std::move(r)); })
                    .ok());
  }
  EXPECT_TRUE(committer.Step());
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 4u);
  EXPECT_EQ(store_.ReadBulletin(SampleId(2))->state, store::BulletinState::kWithdrawn);
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(answers_[4]->commit, 5u);
}

TEST_F(CommitterTest, AFloodOfPublishesDoesNotRefuseAWithdrawal) {
  CommitterOptions options = Counting();
  options.max_queued = 1;
  options.max_queued_withdrawals = 1;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(Submit(committer, 2)));
  const auto ignore = [](const absl::StatusOr<store::PublishReceipt>&) {};
  EXPECT_TRUE(committer.SubmitPublish(SampleWithdrawal(3, 1), absl::InfiniteFuture(), ignore).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(
      committer.SubmitPublish(SampleWithdrawal(4, 1), absl::InfiniteFuture(), ignore)));
}

TEST_F(CommitterTest, WhatSupersedesAndWhatSweepsGoAlone) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(Submit(committer, 1).ok());
  EXPECT_TRUE(committer.Step());
  ASSERT_TRUE(Submit(committer, 2).ok());
  ASSERT_TRUE(committer
                  .SubmitPublish(SampleVersion(3, 1, SampleMembers(1)), absl::InfiniteFuture(),
                                 [this](auto r) { answers_.push_back(std::move(r)); })
                  .ok());
  ASSERT_TRUE(Submit(committer, 4).ok());
  bool swept = false;
  ASSERT_TRUE(committer
                  .SubmitSweep({clock_.Now()},
                               [&swept](const absl::StatusOr<store::SweepReceipt>& receipt) {
                                 swept = receipt.ok() && receipt->bulletins == 1;
                               })
                  .ok());
  for (size_t answered : {2u, 3u, 4u}) {
    EXPECT_TRUE(committer.Step());
    EXPECT_EQ(answers_.size(), answered);
  }
  EXPECT_TRUE(committer.Step());
  EXPECT_TRUE(swept);
  EXPECT_FALSE(committer.Step());
}

TEST_F(CommitterTest, AGroupHoldsAtMost256Publishes) {
  Committer committer(store_, clock_, Counting());
  for (uint64_t number = 1; number <= 257; ++number) ASSERT_TRUE(Submit(committer, number).ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 256u);
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 257u);
}

TEST_F(CommitterTest, AGroupHoldsAtMostSoManyEntries) {
  CommitterOptions options = Counting();
  options.max_group_entries = 10;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1, 5).ok());
  ASSERT_TRUE(Submit(committer, 2, 5).ok());
  ASSERT_TRUE(Submit(committer, 3, 1).ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 2u);
}

TEST_F(CommitterTest, APublishLargerThanAGroupGoesAlone) {
  CommitterOptions options = Counting();
  options.max_group_entries = 10;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1, 11).ok());
  ASSERT_TRUE(Submit(committer, 2, 1).ok());
  EXPECT_TRUE(committer.Step());
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
}

TEST_F(CommitterTest, OneCommandTooManyIsRefusedAtOnce) {
  CommitterOptions options = Counting();
  options.max_queued = 3;
  Committer committer(store_, clock_, options);
  for (uint64_t number = 1; number <= 3; ++number) ASSERT_TRUE(Submit(committer, number).ok());
  const absl::Status refused = Submit(committer, 4);
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(RuleOf(refused), store::kRuleQueueFull);
  EXPECT_TRUE(RetryDelayOf(refused).has_value());
  committer.Stop();
  EXPECT_EQ(answers_.size(), 3u);
}

TEST_F(CommitterTest, OneByteTooManyIsRefusedAtOnce) {
  CommitterOptions options = Counting();
  options.max_queued_bytes = 2500;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(Submit(committer, 2).ok());
  EXPECT_EQ(RuleOf(Submit(committer, 3)), store::kRuleQueueFull);
  EXPECT_TRUE(committer.Step());
  EXPECT_TRUE(Submit(committer, 3).ok());
}

TEST_F(CommitterTest, WhatIsHeldTwiceCountsTwice) {
  CommitterOptions options = Counting();
  options.max_queued_bytes = 2500;
  Committer committer(store_, clock_, options);
  const auto submit = [&](Committer::PublishKept kept) {
    return committer.SubmitPublish(
        SamplePublish(1, SampleMembers(1), 0, 1000), absl::InfiniteFuture(),
        [](const absl::StatusOr<store::PublishReceipt>&) {}, std::move(kept));
  };
  EXPECT_EQ(RuleOf(submit([](const store::PublishReceipt&) {})), store::kRuleQueueFull);
  EXPECT_TRUE(submit(nullptr).ok());
  committer.Step();
}

TEST_F(CommitterTest, APublishThatWaitedTooLongLeavesNoTrace) {
  Committer committer(store_, clock_, Counting());
  absl::Status late;
  ASSERT_TRUE(
      committer
          .SubmitPublish(SamplePublish(1, SampleMembers(1)), clock_.Now() + absl::Seconds(1),
                         [&late](absl::StatusOr<store::PublishReceipt> r) { late = r.status(); })
          .ok());
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(committer.Step());
  EXPECT_TRUE(absl::IsDeadlineExceeded(late));
  EXPECT_EQ(store_.last_commit(), 0u);
  EXPECT_TRUE(absl::IsNotFound(store_.ReadBulletin(SampleId(1)).status()));
}

TEST_F(CommitterTest, NothingOvertakesADirectory) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(SubmitDirectory(committer, 0, 1).ok());
  ASSERT_TRUE(Submit(committer, 2).ok());
  while (committer.Step()) {
  }
  EXPECT_TRUE(directories_[0].ok());
  // Neither the publish that came after it nor the one that came before: both are to be sealed for
  // the directory that now holds.
  ASSERT_EQ(answers_.size(), 2u);
  for (const auto& answer : answers_)
    EXPECT_EQ(RuleOf(answer.status()), store::kRuleDirectoryMoved);
}

TEST_F(CommitterTest, AFloodOfPublishesNeitherRefusesNorDelaysADirectory) {
  CommitterOptions options = Counting();
  options.max_queued = 3;
  Committer committer(store_, clock_, options);
  for (uint64_t number = 1; number <= 3; ++number) ASSERT_TRUE(Submit(committer, number).ok());
  ASSERT_EQ(RuleOf(Submit(committer, 4)), store::kRuleQueueFull);
  ASSERT_TRUE(SubmitDirectory(committer, 0, 1).ok());
  EXPECT_TRUE(committer.Step());
  ASSERT_EQ(directories_.size(), 1u);
  EXPECT_TRUE(directories_[0].ok());
  EXPECT_TRUE(answers_.empty());
}

TEST_F(CommitterTest, AFloodOfBytesNeitherRefusesNorDelaysAFreshnessNote) {
  CommitterOptions options = Counting();
  options.max_queued_bytes = 1500;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(SubmitDirectory(committer, 0, 1).ok());
  committer.Step();
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_EQ(RuleOf(Submit(committer, 2)), store::kRuleQueueFull);
  absl::Status renewed = absl::UnknownError("not yet");
  ASSERT_TRUE(committer
                  .SubmitFresh({.version = 1, .fresh = Bytes(100, 'f')},
                               [&renewed](absl::Status status) { renewed = std::move(status); })
                  .ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_TRUE(renewed.ok()) << renewed;
}

TEST_F(CommitterTest, DirectoriesAndTheirNotesKeepTheirOrder) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(SubmitDirectory(committer, 0, 1).ok());
  absl::Status renewed = absl::UnknownError("not yet");
  ASSERT_TRUE(committer
                  .SubmitFresh({.version = 1, .fresh = Bytes(100, 'f')},
                               [&renewed](absl::Status status) { renewed = std::move(status); })
                  .ok());
  ASSERT_TRUE(SubmitDirectory(committer, 1, 2).ok());
  while (committer.Step()) {
  }
  EXPECT_TRUE(renewed.ok()) << renewed;
  EXPECT_EQ(store_.directory_version(), 2u);
}

TEST_F(CommitterTest, OneDirectoryTooManyIsRefusedAtOnce) {
  CommitterOptions options = Counting();
  options.max_queued_directories = 2;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(SubmitDirectory(committer, 0, 1).ok());
  ASSERT_TRUE(SubmitDirectory(committer, 1, 2).ok());
  EXPECT_EQ(RuleOf(SubmitDirectory(committer, 2, 3)), store::kRuleQueueFull);
  EXPECT_TRUE(Submit(committer, 1).ok());
}

TEST_F(CommitterTest, OneByteTooManyOfDirectoriesIsRefusedAtOnce) {
  CommitterOptions options = Counting();
  options.max_queued_directory_bytes = 1000;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(SubmitDirectory(committer, 0, 1).ok());
  EXPECT_EQ(RuleOf(SubmitDirectory(committer, 1, 2)), store::kRuleQueueFull);
}

TEST_F(CommitterTest, AcknowledgementsShareTheGroup) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(Submit(committer, 1).ok());
  committer.Step();
  absl::StatusOr<uint64_t> cursor = absl::UnknownError("not yet");
  ASSERT_TRUE(committer
                  .SubmitAcknowledge(SampleAcknowledge(store_, Member("member-0"), 1),
                                     [&](absl::StatusOr<uint64_t> r) { cursor = std::move(r); })
                  .ok());
  ASSERT_TRUE(Submit(committer, 2).ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_FALSE(committer.Step());
  EXPECT_EQ(*cursor, 1u);
  EXPECT_EQ(answers_.size(), 2u);
}

TEST_F(CommitterTest, ReceiptsGoAfterWhatElseWaits) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(committer.Step());
  ASSERT_TRUE(SubmitReceipt(committer, 1, 1).ok());
  bool acknowledged = false;
  ASSERT_TRUE(committer
                  .SubmitAcknowledge(
                      SampleAcknowledge(store_, Member("member-0"), 1),
                      [&](const absl::StatusOr<uint64_t>& cursor) { acknowledged = cursor.ok(); })
                  .ok());
  ASSERT_TRUE(Submit(committer, 2).ok());
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 2u);
  EXPECT_TRUE(acknowledged);
  EXPECT_TRUE(added_.empty());
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(added_, (std::vector<uint64_t>{1}));
  EXPECT_FALSE(committer.Step());
}

TEST_F(CommitterTest, AGroupHoldsAtMostSoManyReceipts) {
  CommitterOptions options = Counting();
  options.max_group_receipts = 2;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1, 3).ok());
  ASSERT_TRUE(committer.Step());
  for (size_t member = 0; member < 3; ++member) {
    ASSERT_TRUE(SubmitReceipt(committer, 1, 1, member).ok());
  }
  EXPECT_TRUE(committer.Step());
  EXPECT_EQ(added_.size(), 2u);
  EXPECT_TRUE(committer.Step());
  EXPECT_FALSE(committer.Step());
  EXPECT_EQ(added_, (std::vector<uint64_t>{1, 1, 1}));
  EXPECT_EQ(store_.ReadReceipts(SampleId(1))->size(), 3u);
}

TEST_F(CommitterTest, ReceiptsDoNotWaitForEver) {
  CommitterOptions options = Counting();
  options.max_group_publishes = 1;
  options.max_groups_before_receipts = 3;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(committer.Step());
  ASSERT_TRUE(SubmitReceipt(committer, 1, 1).ok());
  for (uint64_t number = 2; number <= 9; ++number) ASSERT_TRUE(Submit(committer, number).ok());
  for (int step = 0; step < 3; ++step) ASSERT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 4u);
  EXPECT_TRUE(added_.empty());
  // Withdrawals go first all the same.
  ASSERT_TRUE(committer
                  .SubmitPublish(SampleWithdrawal(20, 1), absl::InfiniteFuture(),
                                 [this](auto r) { answers_.push_back(std::move(r)); })
                  .ok());
  ASSERT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 5u);
  EXPECT_TRUE(added_.empty());
  ASSERT_TRUE(committer.Step());
  EXPECT_EQ(added_.size(), 1u);
  EXPECT_EQ(answers_.size(), 5u);
  // They wait anew: nothing goes before a publish because of those that are gone.
  ASSERT_TRUE(SubmitReceipt(committer, 1, 2).ok());
  ASSERT_TRUE(committer.Step());
  EXPECT_EQ(answers_.size(), 6u);
  EXPECT_EQ(added_.size(), 1u);
}

TEST_F(CommitterTest, AFloodOfReceiptsRefusesReceiptsAlone) {
  CommitterOptions options = Counting();
  options.max_queued_receipts = 2;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(committer.Step());
  ASSERT_TRUE(SubmitReceipt(committer, 1, 1).ok());
  ASSERT_TRUE(SubmitReceipt(committer, 1, 2).ok());
  const absl::Status refused = SubmitReceipt(committer, 1, 3);
  EXPECT_EQ(RuleOf(refused), store::kRuleQueueFull);
  EXPECT_TRUE(RetryDelayOf(refused).has_value());
  EXPECT_TRUE(Submit(committer, 2).ok());
  EXPECT_TRUE(committer
                  .SubmitAcknowledge(SampleAcknowledge(store_, Member("member-0"), 1),
                                     [](const absl::StatusOr<uint64_t>&) {})
                  .ok());
  committer.Stop();
  EXPECT_EQ(answers_.size(), 2u);
  EXPECT_EQ(added_, (std::vector<uint64_t>{1, 1}));
}

TEST_F(CommitterTest, OneByteTooManyOfReceiptsIsRefusedAtOnce) {
  CommitterOptions options = Counting();
  options.max_queued_receipt_bytes = 1000;
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1).ok());
  ASSERT_TRUE(committer.Step());
  ASSERT_TRUE(SubmitReceipt(committer, 1, 1).ok());
  EXPECT_EQ(RuleOf(SubmitReceipt(committer, 1, 2)), store::kRuleQueueFull);
}

TEST_F(CommitterTest, TheHubHearsBeforeThePublisher) {
  CommitterOptions options;
  options.on_commit = [this](uint64_t last) {
    EXPECT_EQ(last, 1u);
    EXPECT_TRUE(answers_.empty());
    ++groups_;
  };
  Committer committer(store_, clock_, options);
  ASSERT_TRUE(Submit(committer, 1).ok());
  committer.Step();
  EXPECT_EQ(groups_, 1);
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(CommitterTest, StoppingCommitsWhatWaitsAndTakesNoMore) {
  Committer committer(store_, clock_, Counting());
  ASSERT_TRUE(Submit(committer, 1).ok());
  committer.Stop();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_TRUE(answers_[0].ok());
  const absl::Status refused = Submit(committer, 2);
  EXPECT_TRUE(absl::IsUnavailable(refused));
  EXPECT_EQ(RuleOf(refused), store::kRuleDraining);
}

TEST_F(CommitterTest, AFailedStoreIsToldOnceAndAnsweredEverywhere) {
  int told = 0;
  CommitterOptions options;
  options.on_failure = [&told](const absl::Status&) { ++told; };
  Committer committer(store_, clock_, options);
  store_.FailNextCommit(absl::InternalError("the disk is gone"));
  ASSERT_TRUE(Submit(committer, 1).ok());
  committer.Step();
  ASSERT_TRUE(Submit(committer, 2).ok());
  committer.Step();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(RuleOf(answers_[0].status()), store::kRuleOutcomeUnknown);
  EXPECT_EQ(RuleOf(answers_[1].status()), store::kRuleStoreFailed);
}

TEST_F(CommitterTest, ManyPublishersGetOneOrder) {
  constexpr uint64_t kThreads = 4;
  constexpr uint64_t kEach = 200;
  std::atomic<uint64_t> answered{0};
  std::atomic<uint64_t> last_answered{0};
  std::atomic<bool> in_order{true};
  Committer committer(store_, clock_, {});
  committer.Start();
  std::vector<std::thread> publishers;
  for (uint64_t thread = 0; thread < kThreads; ++thread) {
    publishers.emplace_back([&, thread] {
      for (uint64_t i = 0; i < kEach; ++i) {
        ASSERT_TRUE(committer
                        .SubmitPublish(SamplePublish(thread * kEach + i, SampleMembers(2)),
                                       absl::InfiniteFuture(),
                                       [&](absl::StatusOr<store::PublishReceipt> receipt) {
                                         ASSERT_TRUE(receipt.ok());
                                         if (last_answered.exchange(receipt->commit) + 1 !=
                                             receipt->commit) {
                                           in_order = false;
                                         }
                                         ++answered;
                                       })
                        .ok());
      }
    });
  }
  for (std::thread& publisher : publishers) publisher.join();
  committer.Stop();
  EXPECT_EQ(answered, kThreads * kEach);
  EXPECT_TRUE(in_order);
  EXPECT_EQ(store_.ReadPosition(Member("member-1"))->last_seq, kThreads * kEach);
}

}  // namespace
}  // namespace shield::testing
