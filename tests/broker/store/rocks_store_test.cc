#include "broker/store/rocks_store.h"

#include "tests/broker/store/endings_contract.h"
#include "tests/broker/store/receipts_contract.h"
#include "tests/broker/store/rocks_host.h"
#include "tests/broker/store/store_contract.h"

namespace shield::testing {
namespace {

std::unique_ptr<StoreHost> MakeRocksHost() { return std::make_unique<RocksHost>(); }

INSTANTIATE_TEST_SUITE_P(Rocks, StoreContract, ::testing::Values(&MakeRocksHost));
INSTANTIATE_TEST_SUITE_P(Rocks, EndingsContract, ::testing::Values(&MakeRocksHost));
INSTANTIATE_TEST_SUITE_P(Rocks, ReceiptsContract, ::testing::Values(&MakeRocksHost));

TEST(RocksStoreTest, ReceiptsSurviveARestartAndTheirCommitsAreRebuilt) {
  RocksHost host;
  const std::vector<MemberId> members = SampleMembers(2);
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, members)).ok());
  const store::NewReceipt receipt = SampleReceipt(1, members[1], 2);
  ASSERT_EQ(*Commit(host.store(), store::ReceiptsCommand{members[1], {receipt}}), 1u);
  host.Close();
  ASSERT_TRUE(host.Open().ok());
  const std::vector<store::ReceiptRecord> expected = {{members[1], 2, receipt.note}};
  EXPECT_EQ(*host.store().ReadReceipts(SampleId(1)), expected);
  EXPECT_EQ(*Commit(host.store(), store::ReceiptsCommand{members[1], {receipt}}), 0u);
  const auto events = *host.store().ReadCommits(1, 10);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]->kind, store::CommitKind::kReceipt);
  EXPECT_TRUE(events[0]->places.empty());
}

TEST(RocksStoreTest, ASweepGoesOnWhereItStoppedAlsoAfterARestart) {
  RocksHost host;
  const std::vector<MemberId> members = SampleMembers(1'200);
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, members)).ok());
  ASSERT_TRUE(Commit(host.store(), SampleWithdrawal(2, 1)).ok());
  const auto first = Commit(host.store(), store::SweepCommand{kBeforeAllEnds, 1});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->slots, 512u) << "one row of recipients is the least a sweep takes";
  EXPECT_TRUE(first->more);
  host.Close();
  ASSERT_TRUE(host.Open().ok());
  uint64_t slots = first->slots;
  for (bool more = true; more;) {
    const auto next = Commit(host.store(), store::SweepCommand{kBeforeAllEnds, 1});
    ASSERT_TRUE(next.ok()) << next.status();
    slots += next->slots;
    more = next->more;
  }
  EXPECT_EQ(slots, 1'200u);
  EXPECT_TRUE(host.store().Verify().ok()) << host.store().Verify().status();
}

TEST(RocksStoreTest, UploadNumbersOfErasedBulletinsAreNotUsedAgain) {
  RocksHost host;
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, SampleMembers(1))).ok());
  ASSERT_TRUE(Commit(host.store(), SampleWithdrawal(2, 1)).ok());
  ASSERT_TRUE(Commit(host.store(), store::SweepCommand{kBeforeAllEnds}).ok());
  host.Close();
  ASSERT_TRUE(host.Open().ok());
  EXPECT_EQ(host.store().BeginUpload()->number, 2u);
}

TEST(RocksStoreTest, WhatEndedStaysEndedAfterARestart) {
  RocksHost host;
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, SampleMembers(2))).ok());
  ASSERT_TRUE(Commit(host.store(), SampleShare(2, 1, {Member("client")})).ok());
  ASSERT_TRUE(Commit(host.store(), SampleWithdrawal(3, 1)).ok());
  const auto before = (*host.store().ReadCommits(2, 1)).at(0);
  host.Close();
  ASSERT_TRUE(host.Open().ok());
  EXPECT_EQ(host.store().ReadBulletin(SampleId(2))->state, store::BulletinState::kWithdrawn);
  const auto after = (*host.store().ReadCommits(2, 1)).at(0);
  EXPECT_EQ(after->ended, before->ended);
  EXPECT_EQ(after->places.size(), before->places.size());
  EXPECT_TRUE(host.store().Verify().ok()) << host.store().Verify().status();
}

TEST(RocksStoreTest, EverythingSurvivesARestart) {
  RocksHost host;
  const std::vector<MemberId> members = SampleMembers(600);
  ASSERT_TRUE(Commit(host.store(), SampleDirectory(0, 1, 10)).ok());
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, members, 1)).ok());
  ASSERT_TRUE(Commit(host.store(), SamplePublish(2, {members[7]}, 1)).ok());
  ASSERT_TRUE(Commit(host.store(), SampleAcknowledge(host.store(), members[7], 1)).ok());
  const store::InboxPosition before = *host.store().ReadPosition(members[7]);
  const Digest root = *host.store().ReadLogRoot(3);
  const store::ResumeToken token = *host.store().MakeResumeToken(members[7], 2);

  host.Close();
  ASSERT_TRUE(host.Open().ok());
  const store::InboxPosition after = *host.store().ReadPosition(members[7]);
  EXPECT_EQ(after.last_seq, before.last_seq);
  EXPECT_EQ(after.hash, before.hash);
  EXPECT_EQ(after.acknowledged, 1u);
  EXPECT_EQ(*host.store().ReadLogRoot(3), root);
  EXPECT_EQ(host.store().directory_version(), 1u);
  EXPECT_EQ(host.store().ReadDirectory()->lines.size(), 10u);
  EXPECT_TRUE(host.store().CheckResumeToken(members[7], token).ok());
  EXPECT_TRUE(Commit(host.store(), SamplePublish(1, members, 1))->replayed);
  const auto events = *host.store().ReadCommits(0, 10);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[1]->places.size(), 600u);
  ASSERT_TRUE(Commit(host.store(), SamplePublish(3, {members[7]}, 1)).ok());
  EXPECT_EQ(host.store().ReadPosition(members[7])->last_seq, 3u);
  EXPECT_TRUE(host.store().Verify().ok());
}

TEST(RocksStoreTest, UploadsThatNeverBecameBulletinsAreSwept) {
  RocksHost host;
  const absl::StatusOr<store::UploadId> orphan = host.store().BeginUpload();
  ASSERT_TRUE(host.store().PutChunk(*orphan, 0, 0, Bytes(5000, 1)).ok());
  const absl::StatusOr<store::UploadId> used = host.store().BeginUpload();
  ASSERT_TRUE(host.store().PutChunk(*used, 0, 0, Bytes(5000, 2)).ok());
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, 0);
  command.upload = *used;
  command.part_bytes = {5000};
  ASSERT_TRUE(Commit(host.store(), command).ok());

  host.Close();
  ASSERT_TRUE(host.Open().ok());
  EXPECT_EQ(*host.store().ReadChunk(command.id, 0, 0), Bytes(5000, 2));
  host.Close();
  store::FailStop fail_stop;
  auto database =
      store::RocksDatabase::Open(host.database(), store::RocksDatabase::Mode::kReadOnly, fail_stop);
  ASSERT_TRUE(database.ok());
  EXPECT_FALSE((*database)
                   ->Get(store::Column::kPayload, store::PayloadKey(orphan->number, 0, 0))
                   ->has_value());
  EXPECT_FALSE(
      (*database)->Get(store::Column::kMeta, store::StagedKey(orphan->number))->has_value());
}

TEST(RocksStoreTest, UploadNumbersAreNotReusedAfterARestart) {
  RocksHost host;
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, SampleMembers(1), 0, 3000)).ok());
  host.Close();
  ASSERT_TRUE(host.Open().ok());
  ASSERT_TRUE(Commit(host.store(), SamplePublish(2, SampleMembers(1), 0, 3000)).ok());
  EXPECT_EQ(*host.store().ReadChunk(SampleId(1), 0, 0), Bytes(3000, 1));
  EXPECT_EQ(*host.store().ReadChunk(SampleId(2), 0, 0), Bytes(3000, 2));
}

TEST(RocksStoreTest, OneUploadTooManyIsRefused) {
  RocksHost host;
  for (size_t i = 0; i < store::kMaxOpenUploads; ++i) ASSERT_TRUE(host.store().BeginUpload().ok());
  const absl::Status refused = host.store().BeginUpload().status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(RuleOf(refused), store::kRuleLimitExceeded);
}

TEST(RocksStoreTest, BelowTheFloorEvenAcknowledgingWaits) {
  RocksHost host;
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, SampleMembers(1))).ok());
  host.space.free_bytes = store::kFloorBytes - 1;
  EXPECT_EQ(
      RuleOf(Commit(host.store(), SampleAcknowledge(host.store(), Member("member-0"), 1)).status()),
      store::kRuleDiskLow);
  EXPECT_EQ(RuleOf(Commit(host.store(), SampleDirectory(0, 1)).status()), store::kRuleDiskLow);
  EXPECT_TRUE(host.store().health().ok());
}

TEST(RocksStoreTest, ReceiptsLeaveRoomForWithdrawingAndRevoking) {
  RocksHost host;
  const std::vector<MemberId> members = SampleMembers(1);
  ASSERT_TRUE(Commit(host.store(), SamplePublish(1, members)).ok());
  const auto add = [&] {
    const store::ReceiptsCommand command{members[0], {SampleReceipt(1, members[0], 1)}};
    return Commit(host.store(), command).status();
  };
  host.space.free_bytes = store::kFloorBytes + (uint64_t{128} << 20) - 1;
  EXPECT_EQ(RuleOf(add()), store::kRuleDiskLow);
  EXPECT_TRUE(Commit(host.store(), SampleWithdrawal(2, 1)).ok());
  host.space.free_bytes += uint64_t{1} << 20;
  EXPECT_TRUE(add().ok());
}

TEST(RocksStoreTest, TwoProcessesNeverShareAStore) {
  RocksHost host;
  const absl::Status second = host.Open();
  EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;
  EXPECT_EQ(RuleOf(second), store::kRuleStoreInUse);
  EXPECT_TRUE(Commit(host.store(), SamplePublish(1, SampleMembers(1))).ok());
}

TEST(RocksStoreTest, TheFeedIsReadFromDiskBeyondWhatMemoryKeeps) {
  RocksHost host;
  store::CommitGroup group;
  for (uint64_t number = 1; number <= store::CommitFeed::kMaxEvents + 1; ++number) {
    group.publishes.push_back(SamplePublish(number, SampleMembers(1)));
  }
  host.store().Commit(std::move(group));
  const auto events = *host.store().ReadCommits(0, 3);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]->commit, 1u);
  EXPECT_EQ(events[2]->id, SampleId(3));
  EXPECT_EQ(events[2]->places[0].seq, 3u);
}

}  // namespace
}  // namespace shield::testing
