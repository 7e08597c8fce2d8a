// What every Store must do. A test of an implementation includes this and instantiates it:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(&MakeMemoryHost));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/store.h"
#include "broker/store/store_errors.h"
#include "crypto/merkle.h"
#include "gtest/gtest.h"
#include "policy/proof/inbox_chain.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/broker/store/store_host.h"

namespace shield::testing {

using MakeStoreHost = std::unique_ptr<StoreHost> (*)();

class StoreContract : public ::testing::TestWithParam<MakeStoreHost> {
 protected:
  StoreContract() : host_(GetParam()()) {}

  store::Store& store() { return host_->store(); }
  StoreHost& host() { return *host_; }

  // Everything that a member sees, read one way.
  std::vector<store::InboxEntry> Inbox(const MemberId& member) {
    absl::StatusOr<store::InboxScan> scan = store().ScanInbox(member, 0, {.max_entries = 10'000});
    EXPECT_TRUE(scan.ok()) << scan.status();
    return scan.ok() ? scan->entries : std::vector<store::InboxEntry>();
  }

 private:
  std::unique_ptr<StoreHost> host_;
};

TEST_P(StoreContract, AnEmptyStoreKnowsNothing) {
  const MemberId member = Member("member-0");
  EXPECT_EQ(store().last_commit(), 0u);
  EXPECT_EQ(store().log_size(), 0u);
  EXPECT_EQ(store().directory_version(), 0u);
  EXPECT_EQ(store().ReadPosition(member)->hash, InboxGenesis(member));
  EXPECT_TRUE(Inbox(member).empty());
  EXPECT_EQ(*store().ReadLogRoot(0), EmptyRoot());
  EXPECT_TRUE(absl::IsNotFound(store().ReadBulletin(SampleId(1)).status()));
  EXPECT_TRUE(absl::IsNotFound(store().ReadDirectory().status()));
  EXPECT_TRUE(store().ReadCommits(0, 10)->empty());
  EXPECT_TRUE(store().health().ok());
}

TEST_P(StoreContract, WhatWitnessesCosignedIsKeptAndReplacedAsAWhole) {
  EXPECT_EQ(store().ReadWitnessed().value(), "");
  const std::string text = "one\n\xe2\x80\x94 two\n";
  ASSERT_TRUE(store().KeepWitnessed("older").ok());
  ASSERT_TRUE(store().KeepWitnessed(text).ok());
  EXPECT_EQ(store().ReadWitnessed().value(), text);
  const std::string longest(store::Store::kMaxWitnessedBytes, 'x');
  EXPECT_TRUE(store().KeepWitnessed(longest).ok());
  EXPECT_EQ(RuleOf(store().KeepWitnessed(longest + "x")), "LIMIT_EXCEEDED");
  EXPECT_EQ(store().ReadWitnessed().value(), longest);
  EXPECT_TRUE(store().Verify().ok());
}

TEST_P(StoreContract, APublishReachesEveryRecipientAndNobodyElse) {
  const std::vector<MemberId> members = SampleMembers(3);
  const store::PublishCommand command = SamplePublish(1, members);
  absl::StatusOr<store::PublishReceipt> receipt = Commit(store(), command);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->commit, 1u);
  EXPECT_EQ(receipt->log_index, 0u);
  EXPECT_EQ(receipt->recipients, 3u);
  EXPECT_FALSE(receipt->replayed);
  for (uint32_t i = 0; i < members.size(); ++i) {
    const std::vector<store::InboxEntry> inbox = Inbox(members[i]);
    ASSERT_EQ(inbox.size(), 1u);
    EXPECT_EQ(inbox[0].id, command.id);
    EXPECT_EQ(inbox[0].leaf_index, i);
    EXPECT_EQ(inbox[0].slot, ToBytes(command.deliveries[i].slot));
    EXPECT_EQ(inbox[0].slot_digest, command.deliveries[i].slot_digest);
  }
  EXPECT_TRUE(Inbox(Member("member-3")).empty());
}

TEST_P(StoreContract, ABulletinReadsBackAsItWasPublished) {
  const store::PublishCommand command = SamplePublish(1, SampleMembers(2));
  ASSERT_TRUE(Commit(store(), command).ok());
  absl::StatusOr<store::BulletinRecord> record = store().ReadBulletin(command.id);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->sender, command.sender);
  EXPECT_EQ(record->state, store::BulletinState::kLive);
  EXPECT_EQ(record->statement, command.statement);
  EXPECT_EQ(record->text_digest, command.text_digest);
  EXPECT_EQ(record->openings, command.openings);
  EXPECT_EQ(record->part_bytes, command.part_bytes);
  EXPECT_EQ(record->expires, command.expires);
  EXPECT_EQ(record->recipients, 2u);
  EXPECT_EQ(*store().ReadChunk(command.id, 0, 0), command.payload);
  const store::BulletinContents contents = (*store().ReadContents({{command.id}})).front();
  EXPECT_EQ(contents.record.statement, command.statement);
  EXPECT_EQ(contents.payload, command.payload);
  ASSERT_EQ(contents.leaves.size(), 2u);
  EXPECT_EQ(contents.leaves[1], command.deliveries[1].leaf);
}

TEST_P(StoreContract, InboxNumbersAreDenseAndChained) {
  const MemberId member = Member("member-0");
  InboxChain chain(member);
  for (uint64_t number = 1; number <= 20; ++number) {
    const store::PublishCommand command = SamplePublish(number, {member});
    absl::StatusOr<store::PublishReceipt> receipt = Commit(store(), command);
    ASSERT_TRUE(receipt.ok());
    chain.Extend({receipt->log_index, command.text_digest, command.deliveries[0].slot_digest});
  }
  const std::vector<store::InboxEntry> inbox = Inbox(member);
  ASSERT_EQ(inbox.size(), 20u);
  for (size_t i = 0; i < inbox.size(); ++i) EXPECT_EQ(inbox[i].seq, i + 1);
  EXPECT_EQ(inbox.back().chain_hash, chain.position().hash);
  EXPECT_EQ(store().ReadPosition(member)->hash, chain.position().hash);
  EXPECT_EQ(*store().ReadChainHash(member, 7), inbox[6].chain_hash);
  EXPECT_TRUE(absl::IsNotFound(store().ReadChainHash(member, 21).status()));
}

TEST_P(StoreContract, OneGroupNumbersItsPublishesInOrder) {
  const MemberId member = Member("member-0");
  store::CommitGroup group;
  for (uint64_t number = 1; number <= 5; ++number) {
    group.publishes.push_back(SamplePublish(number, {member}));
  }
  const store::CommitResults results = store().Commit(std::move(group));
  for (uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(results.publishes[i].ok());
    EXPECT_EQ(results.publishes[i]->commit, i + 1);
    EXPECT_EQ(Inbox(member)[i].id, SampleId(i + 1));
  }
}

TEST_P(StoreContract, AnEntryWithoutASlotHasTheDigestOfNothing) {
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, 0);
  SetOnlySlot(command, {});
  ASSERT_TRUE(Commit(store(), command).ok());
  const std::vector<store::InboxEntry> inbox = Inbox(Member("member-0"));
  EXPECT_TRUE(inbox[0].slot.empty());
  EXPECT_EQ(inbox[0].slot_digest, Sha256(absl::string_view()));
  EXPECT_TRUE(absl::IsNotFound(store().ReadChunk(command.id, 0, 0).status()));
}

TEST_P(StoreContract, APublishForAnotherDirectoryIsRefusedAndRecordsNothing) {
  ASSERT_TRUE(Commit(store(), SampleDirectory(0, 1)).ok());
  absl::StatusOr<store::PublishReceipt> receipt =
      Commit(store(), SamplePublish(1, SampleMembers(1), 0));
  EXPECT_TRUE(absl::IsAborted(receipt.status()));
  EXPECT_EQ(RuleOf(receipt.status()), store::kRuleDirectoryMoved);
  EXPECT_TRUE(Inbox(Member("member-0")).empty());
  EXPECT_EQ(store().last_commit(), 1u);
  // The id is still free, for other bytes as well.
  store::PublishCommand sealed_again = SamplePublish(1, SampleMembers(2), 1);
  sealed_again.request_hash = Sha256("other bytes");
  EXPECT_TRUE(Commit(store(), sealed_again).ok());
}

TEST_P(StoreContract, TheSameRequestGetsTheSameReceipt) {
  store::PublishCommand command = SamplePublish(1, SampleMembers(2));
  command.warnings = {"EMPTY_AUDIENCE"};
  absl::StatusOr<store::PublishReceipt> first = Commit(store(), command);
  ASSERT_TRUE(first.ok());
  // Even when the directory has moved meanwhile.
  ASSERT_TRUE(Commit(store(), SampleDirectory(0, 1)).ok());
  absl::StatusOr<store::PublishReceipt> second = Commit(store(), command);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->replayed);
  second->replayed = false;
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(Inbox(Member("member-0")).size(), 1u);
  EXPECT_EQ(store().log_size(), 2u);
  absl::StatusOr<std::optional<store::PublishReceipt>> found =
      store().FindReceipt(command.id, command.sender, command.request_hash);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found)->warnings, command.warnings);
}

TEST_P(StoreContract, TheSameRequestTwiceInOneGroupCommitsOnce) {
  store::CommitGroup group;
  group.publishes = {SamplePublish(1, SampleMembers(1)), SamplePublish(1, SampleMembers(1))};
  const store::CommitResults results = store().Commit(std::move(group));
  ASSERT_TRUE(results.publishes[0].ok() && results.publishes[1].ok());
  EXPECT_FALSE(results.publishes[0]->replayed);
  EXPECT_TRUE(results.publishes[1]->replayed);
  EXPECT_EQ(Inbox(Member("member-0")).size(), 1u);
}

TEST_P(StoreContract, AnIdIsUniqueInTheNetwork) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(1))).ok());
  store::PublishCommand other_bytes = SamplePublish(1, SampleMembers(1));
  other_bytes.request_hash = Sha256("other");
  store::PublishCommand other_sender = SamplePublish(1, SampleMembers(1));
  other_sender.sender = Member("intruder");
  for (const store::PublishCommand& command : {other_bytes, other_sender}) {
    const absl::Status status = Commit(store(), command).status();
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_EQ(RuleOf(status), store::kRuleIdTaken);
    EXPECT_EQ(
        RuleOf(store().FindReceipt(command.id, command.sender, command.request_hash).status()),
        store::kRuleIdTaken);
  }
  EXPECT_FALSE(store().FindReceipt(SampleId(2), Member("analyst"), Digest{})->has_value());
}

TEST_P(StoreContract, ARefusedCommandDoesNotHinderTheOthersOfItsGroup) {
  store::CommitGroup group;
  group.publishes = {SamplePublish(1, SampleMembers(1)), SamplePublish(2, SampleMembers(1), 9),
                     SamplePublish(3, SampleMembers(1))};
  const store::CommitResults results = store().Commit(std::move(group));
  EXPECT_TRUE(results.publishes[0].ok());
  EXPECT_FALSE(results.publishes[1].ok());
  EXPECT_TRUE(results.publishes[2].ok());
  const std::vector<store::InboxEntry> inbox = Inbox(Member("member-0"));
  ASSERT_EQ(inbox.size(), 2u);
  EXPECT_EQ(inbox[1].id, SampleId(3));
  EXPECT_EQ(inbox[1].seq, 2u);
}

TEST_P(StoreContract, ACursorOnlyMovesForward) {
  const MemberId member = Member("member-0");
  for (uint64_t number = 1; number <= 5; ++number) {
    ASSERT_TRUE(Commit(store(), SamplePublish(number, {member})).ok());
  }
  EXPECT_EQ(*Commit(store(), SampleAcknowledge(store(), member, 4)), 4u);
  EXPECT_EQ(*Commit(store(), SampleAcknowledge(store(), member, 2)), 4u);
  EXPECT_EQ(store().ReadPosition(member)->acknowledged, 4u);
  // More entries leave the cursor where it is.
  ASSERT_TRUE(Commit(store(), SamplePublish(6, {member})).ok());
  EXPECT_EQ(store().ReadPosition(member)->acknowledged, 4u);
}

TEST_P(StoreContract, ACursorNeverPassesWhatWasDelivered) {
  const MemberId member = Member("member-0");
  ASSERT_TRUE(Commit(store(), SamplePublish(1, {member})).ok());
  const absl::Status ahead =
      Commit(store(), store::AcknowledgeCommand{.member = member, .seq = 2}).status();
  EXPECT_EQ(RuleOf(ahead), store::kRuleCursorAhead);
  const absl::Status stranger =
      Commit(store(), store::AcknowledgeCommand{.member = Member("stranger"), .seq = 1}).status();
  EXPECT_EQ(RuleOf(stranger), store::kRuleCursorAhead);
  // An entry of the very same group has been shown to nobody.
  store::CommitGroup group;
  group.publishes = {SamplePublish(2, {member})};
  group.acknowledges = {{.member = member, .seq = 2}};
  EXPECT_EQ(RuleOf(store().Commit(std::move(group)).acknowledges[0].status()),
            store::kRuleCursorAhead);
}

TEST_P(StoreContract, AReaderWithAnotherHistoryIsTold) {
  const MemberId member = Member("member-0");
  ASSERT_TRUE(Commit(store(), SamplePublish(1, {member})).ok());
  const absl::Status status =
      Commit(store(),
             store::AcknowledgeCommand{.member = member, .seq = 1, .hash = Sha256("another")})
          .status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_EQ(RuleOf(status), store::kRuleRollback);
  EXPECT_EQ(store().ReadPosition(member)->acknowledged, 0u);
}

TEST_P(StoreContract, TheSourceSeesWhoHasAcknowledged) {
  const std::vector<MemberId> members = SampleMembers(3);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, {members[1]})).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(2, members)).ok());
  ASSERT_TRUE(Commit(store(), SampleAcknowledge(store(), members[1], 1)).ok());
  ASSERT_TRUE(Commit(store(), SampleAcknowledge(store(), members[2], 1)).ok());
  const std::vector<store::RecipientCursor> cursors = *store().ReadRecipientCursors(SampleId(2));
  ASSERT_EQ(cursors.size(), 3u);
  EXPECT_EQ(cursors[1].member, members[1]);
  EXPECT_EQ(cursors[1].seq, 2u);
  EXPECT_FALSE(cursors[0].acknowledged);
  EXPECT_FALSE(cursors[1].acknowledged) << "its cursor is at the entry before";
  EXPECT_TRUE(cursors[2].acknowledged);
}

TEST_P(StoreContract, ADirectoryReplacesTheOneItWasMadeFor) {
  ASSERT_TRUE(Commit(store(), SampleDirectory(0, 1, 2000)).ok());
  absl::StatusOr<store::DirectoryReceipt> receipt = Commit(store(), SampleDirectory(1, 2, 5));
  ASSERT_TRUE(receipt.ok());
  EXPECT_EQ(receipt->log_index, 1u);
  EXPECT_EQ(store().directory_version(), 2u);
  const store::DirectoryRecord record = *store().ReadDirectory();
  const store::DirectoryCommand expected = SampleDirectory(1, 2, 5);
  EXPECT_EQ(record.version, 2u);
  EXPECT_EQ(record.note, expected.note);
  EXPECT_EQ(record.fresh, expected.fresh);
  EXPECT_EQ(record.authority, expected.authority);
  EXPECT_EQ(record.lines, expected.lines);
  EXPECT_EQ(RuleOf(Commit(store(), SampleDirectory(1, 3)).status()), store::kRuleDirectoryMoved);
  EXPECT_TRUE(absl::IsInvalidArgument(Commit(store(), SampleDirectory(2, 2)).status()));
}

TEST_P(StoreContract, ManyDirectoryLinesComeBackInOrder) {
  const store::DirectoryCommand command = SampleDirectory(0, 1, 20'000);
  ASSERT_TRUE(Commit(store(), command).ok());
  EXPECT_EQ(store().ReadDirectory()->lines, command.lines);
}

TEST_P(StoreContract, AFreshnessNoteBelongsToThePresentDirectory) {
  EXPECT_FALSE(Commit(store(), store::FreshCommand{.version = 0, .fresh = Bytes(3, 1)}).ok());
  ASSERT_TRUE(Commit(store(), SampleDirectory(0, 1)).ok());
  ASSERT_TRUE(Commit(store(), store::FreshCommand{.version = 1, .fresh = Bytes(9, 7)}).ok());
  EXPECT_EQ(store().ReadDirectory()->fresh, Bytes(9, 7));
  EXPECT_EQ(store().ReadDirectory()->lines, SampleDirectory(0, 1).lines);
  EXPECT_EQ(store().ReadDirectory()->authority, SampleDirectory(0, 1).authority);
  EXPECT_EQ(store().last_commit(), 1u) << "a freshness note is no step of the history";
  EXPECT_EQ(RuleOf(Commit(store(), store::FreshCommand{.version = 2})), store::kRuleDirectoryMoved);
}

TEST_P(StoreContract, ADirectoryOfTheSameGroupComesAfterItsPublishes) {
  store::CommitGroup group;
  group.publishes = {SamplePublish(1, SampleMembers(1), 0)};
  group.directories = {SampleDirectory(0, 1)};
  const store::CommitResults results = store().Commit(std::move(group));
  ASSERT_TRUE(results.publishes[0].ok());
  ASSERT_TRUE(results.directories[0].ok());
  EXPECT_LT(results.publishes[0]->log_index, results.directories[0]->log_index);
}

TEST_P(StoreContract, StagedPartsAreReadableOnceTheirBulletinIsCommitted) {
  const Bytes whole(store::kChunkBytes, 1);
  const Bytes rest(10, 2);
  absl::StatusOr<store::UploadId> upload = store().BeginUpload();
  ASSERT_TRUE(upload.ok());
  ASSERT_TRUE(store().PutChunk(*upload, 0, 0, whole).ok());
  ASSERT_TRUE(store().PutChunk(*upload, 0, 1, rest).ok());
  ASSERT_TRUE(store().PutChunk(*upload, 1, 0, rest).ok());
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, 0);
  command.upload = *upload;
  command.part_bytes = {whole.size() + rest.size(), rest.size()};
  ASSERT_TRUE(Commit(store(), command).ok());
  EXPECT_EQ(*store().ReadChunk(command.id, 0, 0), whole);
  EXPECT_EQ(*store().ReadChunk(command.id, 0, 1), rest);
  EXPECT_EQ(*store().ReadChunk(command.id, 1, 0), rest);
  EXPECT_TRUE(absl::IsNotFound(store().ReadChunk(command.id, 0, 2).status()));
  EXPECT_TRUE(absl::IsNotFound(store().ReadChunk(command.id, 2, 0).status()));
  // Used up.
  store::PublishCommand again = SamplePublish(2, SampleMembers(1), 0, 0);
  again.upload = *upload;
  EXPECT_TRUE(absl::IsInvalidArgument(Commit(store(), again).status()));
}

TEST_P(StoreContract, AnInlinePayloadGoesWithStagedObjects) {
  absl::StatusOr<store::UploadId> upload = store().BeginUpload();
  ASSERT_TRUE(store().PutChunk(*upload, 1, 0, Bytes(50, 9)).ok());
  store::PublishCommand command = SamplePublish(1, SampleMembers(1));
  command.upload = *upload;
  command.part_bytes.push_back(50);
  ASSERT_TRUE(Commit(store(), command).ok());
  EXPECT_EQ(*store().ReadChunk(command.id, 0, 0), command.payload);
  EXPECT_EQ(*store().ReadChunk(command.id, 1, 0), Bytes(50, 9));
}

TEST_P(StoreContract, PartsMustBeStagedWholeAndInOrder) {
  absl::StatusOr<store::UploadId> upload = store().BeginUpload();
  EXPECT_FALSE(store().PutChunk(*upload, 0, 1, Bytes(10, 1)).ok()) << "chunk 0 is missing";
  EXPECT_FALSE(store().PutChunk(*upload, 0, 0, Bytes()).ok()) << "empty";
  ASSERT_TRUE(store().PutChunk(*upload, 0, 0, Bytes(10, 1)).ok());
  EXPECT_FALSE(store().PutChunk(*upload, 0, 1, Bytes(10, 1)).ok()) << "after a short chunk";
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, 0);
  command.upload = *upload;
  command.part_bytes = {11};
  EXPECT_TRUE(absl::IsInvalidArgument(Commit(store(), command).status()));
  // A refused publish leaves its upload usable.
  command.part_bytes = {10};
  EXPECT_TRUE(Commit(store(), command).ok());
}

TEST_P(StoreContract, ADroppedUploadIsGone) {
  absl::StatusOr<store::UploadId> upload = store().BeginUpload();
  ASSERT_TRUE(store().PutChunk(*upload, 0, 0, Bytes(10, 1)).ok());
  ASSERT_TRUE(store().DropUpload(*upload).ok());
  EXPECT_FALSE(store().PutChunk(*upload, 0, 1, Bytes(10, 1)).ok());
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, 0);
  command.upload = *upload;
  command.part_bytes = {10};
  EXPECT_FALSE(Commit(store(), command).ok());
}

TEST_P(StoreContract, AScanKeepsItsBounds) {
  const MemberId member = Member("member-0");
  for (uint64_t number = 1; number <= 10; ++number) {
    ASSERT_TRUE(Commit(store(), SamplePublish(number, {member})).ok());
  }
  const store::InboxScan three = *store().ScanInbox(member, 4, {.max_entries = 3});
  ASSERT_EQ(three.entries.size(), 3u);
  EXPECT_EQ(three.entries[0].seq, 5u);
  EXPECT_EQ(three.last_seq, 10u);
  EXPECT_EQ(store().ScanInbox(member, 0, {.max_bytes = 1})->entries.size(), 1u);
  EXPECT_EQ(store().ScanInbox(member, 0, {.max_bytes = 3 * 268})->entries.size(), 3u);
  EXPECT_EQ(store().ScanInbox(member, 0, {.max_bytes = 3 * 268 - 1})->entries.size(), 2u);
  EXPECT_TRUE(store().ScanInbox(member, 10, {})->entries.empty());
  EXPECT_TRUE(store().ScanInbox(member, UINT64_MAX, {})->entries.empty());
}

TEST_P(StoreContract, TheLogProvesItself) {
  std::vector<Digest> leaves;
  for (uint64_t number = 1; number <= 13; ++number) {
    const store::PublishCommand command = SamplePublish(number, SampleMembers(1));
    leaves.push_back(LeafHash(command.log_entry));
    ASSERT_TRUE(Commit(store(), command).ok());
    EXPECT_EQ(*store().ReadLogEntries(number - 1, 1), std::vector<Bytes>{command.log_entry});
  }
  EXPECT_EQ(store().log_size(), 13u);
  EXPECT_EQ(*store().ReadLogNodes(0, 0, 13), leaves);
  const std::vector<Digest> third(leaves.begin() + 8, leaves.begin() + 12);
  EXPECT_EQ(*store().ReadLogNodes(2, 2, 1), std::vector<Digest>{MerkleTree(third).Root()});
  for (const auto& past : {store().ReadLogNodes(0, 13, 1), store().ReadLogNodes(2, 3, 1)}) {
    EXPECT_EQ(past.status().code(), absl::StatusCode::kOutOfRange);
  }
  EXPECT_EQ(store().ReadLogEntries(12, 2).status().code(), absl::StatusCode::kOutOfRange);
  for (uint64_t size = 1; size <= 13; ++size) {
    const Digest root = *store().ReadLogRoot(size);
    EXPECT_EQ(root, MerkleTree({leaves.begin(), leaves.begin() + static_cast<long>(size)}).Root());
    const std::vector<uint64_t> ends =
        size == 1 ? std::vector<uint64_t>{0} : std::vector<uint64_t>{0, size - 1};
    std::vector<IndexedLeaf> batch;
    for (const uint64_t index : ends) batch.push_back({index, leaves[index]});
    EXPECT_TRUE(VerifyBatch(batch, size, *store().ReadBatchPath(ends, size), root).ok());
    for (uint64_t index = 0; index < size; ++index) {
      const auto path = store().ReadInclusionPath(index, size);
      ASSERT_TRUE(path.ok());
      EXPECT_TRUE(VerifyInclusion(leaves[index], index, size, *path, root).ok());
    }
    const auto path = store().ReadConsistencyPath(size, 13);
    ASSERT_TRUE(path.ok());
    EXPECT_TRUE(VerifyConsistency(size, 13, root, *store().ReadLogRoot(13), *path).ok());
  }
  EXPECT_TRUE(absl::IsOutOfRange(store().ReadLogRoot(14).status()));
  EXPECT_TRUE(absl::IsOutOfRange(store().ReadInclusionPath(5, 5).status()));
  EXPECT_TRUE(absl::IsOutOfRange(store().ReadConsistencyPath(5, 14).status()));
}

TEST_P(StoreContract, TheFeedHasEveryCommitOnceInOrder) {
  const std::vector<MemberId> members = SampleMembers(2);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, members)).ok());
  ASSERT_TRUE(Commit(store(), SampleDirectory(0, 1)).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(2, {members[1]}, 1)).ok());
  const auto events = *store().ReadCommits(0, 10);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]->id, SampleId(1));
  ASSERT_EQ(events[0]->places.size(), 2u);
  EXPECT_EQ(events[0]->places[1].member, members[1]);
  EXPECT_EQ(events[1]->kind, store::CommitKind::kDirectory);
  EXPECT_EQ(events[1]->directory_version, 1u);
  EXPECT_EQ(events[2]->places[0].seq, 2u);
  EXPECT_EQ(store().ReadCommits(1, 1)->at(0)->commit, 2u);
  EXPECT_TRUE(store().ReadCommits(3, 10)->empty());
  EXPECT_TRUE(store().ReadCommits(99, 10)->empty());
}

TEST_P(StoreContract, AResumeTokenOfAnotherEpochHoldsWhileItsEntryIsThere) {
  const MemberId member = Member("member-0");
  ASSERT_TRUE(Commit(store(), SamplePublish(1, {member})).ok());
  for (uint64_t seq : {uint64_t{0}, uint64_t{1}}) {
    store::ResumeToken token = *store().MakeResumeToken(member, seq);
    token.epoch[0] ^= 1;
    EXPECT_TRUE(store().CheckResumeToken(member, token).ok()) << seq;
  }
}

TEST_P(StoreContract, AResumeTokenBelongsToItsHistory) {
  const MemberId member = Member("member-0");
  EXPECT_TRUE(store().CheckResumeToken(member, *store().MakeResumeToken(member, 0)).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(1, {member})).ok());
  store::ResumeToken token = *store().MakeResumeToken(member, 1);
  EXPECT_TRUE(store().CheckResumeToken(member, token).ok());
  EXPECT_TRUE(absl::IsNotFound(store().MakeResumeToken(member, 2).status()));
  store::ResumeToken beyond = token;
  beyond.seq = 2;
  store::ResumeToken another_id = token;
  another_id.id[3] ^= 1;
  for (store::ResumeToken wrong : {beyond, another_id}) {
    EXPECT_EQ(RuleOf(store().CheckResumeToken(member, wrong)), store::kRuleRollback);
    wrong.epoch[0] ^= 1;
    EXPECT_EQ(RuleOf(store().CheckResumeToken(member, wrong)), store::kRuleRollback);
  }
  EXPECT_EQ(store::ResumeToken::Decode(token.Encode())->Encode(), token.Encode());
  EXPECT_FALSE(store::ResumeToken::Decode(Bytes(41)).has_value());
}

TEST_P(StoreContract, OnePastALimitIsRefused) {
  const std::vector<MemberId> one = SampleMembers(1);
  store::PublishCommand statement = SamplePublish(1, one);
  statement.statement.assign(store::kMaxStatementBytes + 1, 'a');
  store::PublishCommand slot = SamplePublish(1, one);
  SetOnlySlot(slot, Bytes(store::kMaxSlotBytes + 1, 1));
  store::PublishCommand payload = SamplePublish(1, one, 0, store::kChunkBytes + 1);
  store::PublishCommand parts = SamplePublish(1, one);
  parts.part_bytes.resize(store::kMaxParts + 1);
  store::PublishCommand part = SamplePublish(1, one, 0, 0);
  part.part_bytes = {store::kMaxPartBytes + 1};
  store::PublishCommand named = SamplePublish(1, one);
  named.named.resize(store::kMaxNamed + 1, {0, *OrgId::Parse("hotel")});
  store::PublishCommand deliveries = SamplePublish(1, {});
  deliveries.deliveries.resize(store::kMaxDeliveries + 1, {.member = one[0]});
  for (const store::PublishCommand* command :
       {&statement, &slot, &payload, &parts, &part, &named, &deliveries}) {
    const absl::Status status = Commit(store(), *command).status();
    EXPECT_EQ(RuleOf(status), store::kRuleLimitExceeded) << status;
  }
  absl::StatusOr<store::UploadId> upload = store().BeginUpload();
  EXPECT_EQ(RuleOf(store().PutChunk(*upload, 0, 0, Bytes(store::kChunkBytes + 1))),
            store::kRuleLimitExceeded);
  EXPECT_EQ(RuleOf(store().PutChunk(*upload, store::kMaxParts, 0, Bytes(1))),
            store::kRuleLimitExceeded);
  EXPECT_EQ(store().last_commit(), 0u);
}

TEST_P(StoreContract, WhatIsAtALimitIsAccepted) {
  store::PublishCommand command = SamplePublish(1, SampleMembers(1), 0, store::kChunkBytes);
  command.statement.assign(store::kMaxStatementBytes, 'a');
  SetOnlySlot(command, Bytes(store::kMaxSlotBytes, 1));
  EXPECT_TRUE(Commit(store(), command).ok());
  EXPECT_EQ(*store().ReadChunk(command.id, 0, 0), command.payload);
}

TEST_P(StoreContract, NoMemberGetsABulletinTwice) {
  const MemberId member = Member("member-0");
  EXPECT_TRUE(
      absl::IsInvalidArgument(Commit(store(), SamplePublish(1, {member, member})).status()));
  EXPECT_TRUE(Inbox(member).empty());
}

TEST_P(StoreContract, AFullDiskStopsPublishesButNotAcknowledgingOrRevoking) {
  const MemberId member = Member("member-0");
  ASSERT_TRUE(Commit(store(), SamplePublish(1, {member})).ok());
  absl::StatusOr<store::UploadId> upload = store().BeginUpload();
  host().SetDiskLow(true);
  const absl::Status refused = Commit(store(), SamplePublish(2, {member})).status();
  EXPECT_TRUE(absl::IsResourceExhausted(refused));
  EXPECT_EQ(RuleOf(refused), store::kRuleDiskLow);
  EXPECT_TRUE(RetryDelayOf(refused).has_value());
  EXPECT_EQ(RuleOf(store().PutChunk(*upload, 0, 0, Bytes(1))), store::kRuleDiskLow);
  EXPECT_TRUE(Commit(store(), SampleAcknowledge(store(), member, 1)).ok());
  EXPECT_TRUE(Commit(store(), SampleDirectory(0, 1)).ok());
  EXPECT_TRUE(Commit(store(), SamplePublish(1, {member}))->replayed);
  host().SetDiskLow(false);
  EXPECT_TRUE(Commit(store(), SamplePublish(2, {member}, 1)).ok());
}

TEST_P(StoreContract, VerifyWalksEverything) {
  ASSERT_TRUE(Commit(store(), SampleDirectory(0, 1)).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(3), 1)).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(2, SampleMembers(2), 1)).ok());
  absl::StatusOr<store::StoreReport> report = store().Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->commits, 3u);
  EXPECT_EQ(report->bulletins, 2u);
  EXPECT_EQ(report->members, 3u);
  EXPECT_EQ(report->inbox_entries, 5u);
  EXPECT_EQ(report->payload_bytes, 200u);
  EXPECT_EQ(report->directory_version, 1u);
  EXPECT_EQ(report->log_root, *store().ReadLogRoot(3));
}

}  // namespace shield::testing
