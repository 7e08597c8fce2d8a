// What every Store must do with bulletins that refer to others: withdrawals, new versions, shares,
// and the erasing of what has ended. Included and instantiated beside store_contract.h.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/status.h"
#include "broker/store/store.h"
#include "broker/store/store_errors.h"
#include "gtest/gtest.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/broker/store/store_contract.h"

namespace shield::testing {

class EndingsContract : public StoreContract {
 protected:
  // Sweeps until nothing is due; the sums of what was done.
  store::SweepReceipt SweepAll(absl::Time now, size_t max_rows = 512) {
    store::SweepReceipt sum;
    for (;;) {
      const absl::StatusOr<store::SweepReceipt> some = Commit(store(), {now, max_rows});
      EXPECT_TRUE(some.ok()) << some.status();
      if (!some.ok()) return sum;
      sum.slots += some->slots;
      sum.bulletins += some->bulletins;
      if (!some->more) return sum;
    }
  }
};

inline constexpr absl::Time kBeforeAllEnds = absl::UnixEpoch();

TEST_P(EndingsContract, AWithdrawalReachesEveryHolderAndServesNoPayload) {
  const std::vector<MemberId> members = SampleMembers(3);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, members)).ok());
  const store::PublishCommand withdrawal = SampleWithdrawal(2, 1);
  const absl::StatusOr<store::PublishReceipt> receipt = Commit(store(), withdrawal);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recipients, 0u);
  EXPECT_EQ(receipt->told, 3u);
  for (uint32_t i = 0; i < 3; ++i) {
    const std::vector<store::InboxEntry> inbox = Inbox(members[i]);
    ASSERT_EQ(inbox.size(), 2u);
    EXPECT_EQ(inbox[1].id, SampleId(2));
    EXPECT_TRUE(inbox[1].slot.empty());
    EXPECT_EQ(inbox[1].slot_digest, Sha256(ByteSpan()));
    EXPECT_EQ(inbox[1].leaf_index, i);
  }
  const store::BulletinRecord record = *store().ReadBulletin(SampleId(1));
  EXPECT_EQ(record.state, store::BulletinState::kWithdrawn);
  EXPECT_EQ(record.ended_by, SampleId(2));
  EXPECT_EQ(record.ending, withdrawal.statement);
  EXPECT_TRUE(absl::IsNotFound(store().ReadChunk(SampleId(1), 0, 0).status()));
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
}

TEST_P(EndingsContract, TheFeedNamesWhatEnded) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(2))).ok());
  ASSERT_TRUE(Commit(store(), SampleShare(2, 1, {Member("client")})).ok());
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(3, 1)).ok());
  const auto events = *store().ReadCommits(2, 10);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]->ended, (std::vector<BulletinId>{SampleId(1), SampleId(2)}));
  EXPECT_EQ(events[0]->places.size(), 3u);
}

TEST_P(EndingsContract, WhoIsNotToBeToldIsGivenNoEntry) {
  const std::vector<MemberId> members = SampleMembers(3);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, members)).ok());
  store::PublishCommand withdrawal = SampleWithdrawal(2, 1);
  withdrawal.not_told = {members[1]};
  EXPECT_EQ(Commit(store(), withdrawal)->told, 2u);
  EXPECT_EQ(Inbox(members[1]).size(), 1u);
  EXPECT_EQ(Inbox(members[2]).size(), 2u);
}

TEST_P(EndingsContract, ANewVersionIsSealedToItsReadersAndToldToTheOthers) {
  const std::vector<MemberId> members = SampleMembers(3);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, members)).ok());
  const auto receipt = Commit(store(), SampleVersion(2, 1, {members[1], Member("new")}));
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->recipients, 2u);
  EXPECT_EQ(receipt->told, 2u);
  EXPECT_FALSE(Inbox(members[1])[1].slot.empty());
  EXPECT_TRUE(Inbox(members[0])[1].slot.empty());
  EXPECT_EQ(Inbox(members[0])[1].leaf_index, 2u);
  EXPECT_EQ(store().ReadBulletin(SampleId(1))->state, store::BulletinState::kSuperseded);
  EXPECT_EQ(store().ReadContents({{SampleId(2)}})->front().leaves.size(), 2u);
  const auto cursors = *store().ReadRecipientCursors(SampleId(2));
  ASSERT_EQ(cursors.size(), 4u);
  EXPECT_FALSE(cursors[1].told);
  EXPECT_TRUE(cursors[2].told);
  EXPECT_FALSE(store().ReadChunk(SampleId(2), 0, 0)->empty());
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
}

TEST_P(EndingsContract, NothingIsWithdrawnOrReplacedTwice) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(1))).ok());
  ASSERT_TRUE(Commit(store(), SampleVersion(2, 1, SampleMembers(1))).ok());
  const absl::Status replaced = Commit(store(), SampleVersion(3, 1, SampleMembers(1))).status();
  EXPECT_TRUE(absl::IsAborted(replaced)) << replaced;
  EXPECT_EQ(RuleOf(replaced), store::kRuleBulletinMoved);
  // What was replaced can still be taken back, once.
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(4, 1)).ok());
  EXPECT_EQ(store().ReadBulletin(SampleId(1))->state, store::BulletinState::kWithdrawn);
  EXPECT_EQ(RuleOf(Commit(store(), SampleWithdrawal(5, 1)).status()), store::kRuleBulletinMoved);
  EXPECT_TRUE(absl::IsNotFound(store().ReadBulletin(SampleId(5)).status()));
  EXPECT_EQ(RuleOf(Commit(store(), SampleWithdrawal(6, 77)).status()), store::kRuleBulletinMoved);
  EXPECT_EQ(store().last_commit(), 3u);
}

TEST_P(EndingsContract, WhatRefersToAnEndedBulletinIsRefused) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(1))).ok());
  store::PublishCommand extension = SamplePublish(2, {Member("new")});
  extension.referrals = {{SampleId(1), store::Effect::kNone}};
  ASSERT_TRUE(Commit(store(), extension).ok());
  EXPECT_EQ(store().ReadBulletin(SampleId(1))->state, store::BulletinState::kLive);
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(3, 1)).ok());
  extension.id = SampleId(4);
  EXPECT_EQ(RuleOf(Commit(store(), extension).status()), store::kRuleBulletinMoved);
  EXPECT_EQ(RuleOf(Commit(store(), SampleShare(5, 1, {Member("new")})).status()),
            store::kRuleBulletinMoved);
}

TEST_P(EndingsContract, AShareServesItsOriginalAndEndsWithIt) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(1))).ok());
  const MemberId client = Member("client");
  const auto shared = Commit(store(), SampleShare(2, 1, {client}));
  ASSERT_TRUE(shared.ok()) << shared.status();
  EXPECT_EQ(*store().ReadShares(SampleId(1)), std::vector<BulletinId>{SampleId(2)});
  EXPECT_EQ(*store().ReadChunk(SampleId(2), 0, 0), *store().ReadChunk(SampleId(1), 0, 0));
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
  const auto withdrawn = Commit(store(), SampleWithdrawal(3, 1));
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  EXPECT_EQ(withdrawn->told, 2u);
  EXPECT_EQ(Inbox(client).size(), 2u);
  const store::BulletinRecord record = *store().ReadBulletin(SampleId(2));
  EXPECT_EQ(record.state, store::BulletinState::kWithdrawn);
  EXPECT_EQ(record.ended_by, SampleId(3));
  EXPECT_FALSE(record.ending.empty());
  EXPECT_TRUE(absl::IsNotFound(store().ReadChunk(SampleId(2), 0, 0).status()));
}

TEST_P(EndingsContract, AShareOfAShareOrOfOtherPartsIsRefused) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(1))).ok());
  ASSERT_TRUE(Commit(store(), SampleShare(2, 1, {Member("client")})).ok());
  EXPECT_TRUE(
      absl::IsInvalidArgument(Commit(store(), SampleShare(3, 2, {Member("other")})).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(Commit(store(), SampleShare(3, 1, {Member("other")}, 99)).status()));
  store::PublishCommand own = SampleShare(3, 1, {Member("other")});
  own.payload = Bytes(100);
  EXPECT_TRUE(absl::IsInvalidArgument(Commit(store(), own).status()));
}

TEST_P(EndingsContract, ReferralsHaveALimitAndNameOthersOnce) {
  std::vector<MemberId> members = SampleMembers(1);
  for (uint64_t number = 1; number <= 9; ++number) {
    ASSERT_TRUE(Commit(store(), SamplePublish(number, members)).ok());
  }
  store::PublishCommand version = SamplePublish(20, members);
  for (uint64_t number = 1; number <= 9; ++number) {
    version.referrals.push_back({SampleId(number), store::Effect::kSupersedes});
  }
  EXPECT_EQ(RuleOf(Commit(store(), version).status()), store::kRuleLimitExceeded);
  version.referrals.pop_back();
  store::PublishCommand twice = version;
  twice.referrals[1] = twice.referrals[0];
  EXPECT_TRUE(absl::IsInvalidArgument(Commit(store(), twice).status()));
  store::PublishCommand itself = version;
  itself.referrals[0].id = itself.id;
  EXPECT_TRUE(absl::IsInvalidArgument(Commit(store(), itself).status()));
  EXPECT_TRUE(Commit(store(), version).ok());
}

TEST_P(EndingsContract, AFullDiskDoesNotStopAWithdrawal) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(2))).ok());
  host().SetDiskLow(true);
  EXPECT_EQ(RuleOf(Commit(store(), SampleVersion(2, 1, SampleMembers(2))).status()),
            store::kRuleDiskLow);
  EXPECT_TRUE(Commit(store(), SampleWithdrawal(3, 1)).ok());
}

TEST_P(EndingsContract, ASweepErasesSlotsAndPayloadOfWhatEndedAndKeepsTheChain) {
  const std::vector<MemberId> members = SampleMembers(3);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, members)).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(2, members)).ok());
  const std::vector<store::InboxEntry> before = Inbox(members[0]);
  EXPECT_EQ(SweepAll(kBeforeAllEnds).slots, 0u) << "nothing has ended";
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(3, 1)).ok());
  const store::SweepReceipt swept = SweepAll(kBeforeAllEnds);
  EXPECT_EQ(swept.slots, 3u);
  EXPECT_EQ(swept.bulletins, 1u);
  const std::vector<store::InboxEntry> after = Inbox(members[0]);
  EXPECT_TRUE(after[0].slot.empty());
  EXPECT_EQ(after[0].slot_digest, before[0].slot_digest);
  EXPECT_EQ(after[0].chain_hash, before[0].chain_hash);
  EXPECT_EQ(after[1].slot, before[1].slot);
  EXPECT_FALSE(store().ReadChunk(SampleId(2), 0, 0)->empty());
  const absl::StatusOr<store::StoreReport> report = store().Verify();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->payload_bytes, 100u);
}

TEST_P(EndingsContract, ASweepExpiresWhatIsDueAndNothingElse) {
  store::PublishCommand first = SamplePublish(1, SampleMembers(2));
  first.expires = absl::FromUnixSeconds(1'000);
  store::PublishCommand second = SamplePublish(2, SampleMembers(2));
  second.expires = absl::FromUnixSeconds(1'001);
  ASSERT_TRUE(Commit(store(), first).ok());
  ASSERT_TRUE(Commit(store(), second).ok());
  EXPECT_EQ(SweepAll(absl::FromUnixSeconds(999)).bulletins, 0u);
  EXPECT_EQ(SweepAll(absl::FromUnixSeconds(1'000)).bulletins, 1u);
  EXPECT_EQ(store().ReadBulletin(SampleId(1))->state, store::BulletinState::kExpired);
  EXPECT_EQ(store().ReadBulletin(SampleId(2))->state, store::BulletinState::kLive);
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
  // What expired can still be taken back, so that its readers are told.
  EXPECT_EQ(Commit(store(), SampleWithdrawal(3, 1))->told, 2u);
  EXPECT_EQ(SweepAll(absl::FromUnixSeconds(1'001)).bulletins, 2u);
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
}

TEST_P(EndingsContract, WhatIsDueIsReadInItsOrderPartByPart) {
  const auto ending = [this](uint64_t number, int64_t end) {
    store::PublishCommand command = SamplePublish(number, SampleMembers(1));
    command.expires = absl::FromUnixSeconds(end);
    ASSERT_TRUE(Commit(store(), command).ok());
  };
  ending(1, 3'000);
  for (uint64_t number = 2; number <= 6; ++number) ending(number, 2'000);
  ending(7, 1'000);
  ASSERT_TRUE(Commit(store(), SamplePublish(8, SampleMembers(1))).ok());
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(9, 4)).ok());
  std::vector<BulletinId> listed;
  std::optional<store::DuePlace> place = store::DuePlace{absl::FromUnixSeconds(500), 0};
  while (place.has_value()) {
    const auto scan = store().ReadDue(*place, absl::FromUnixSeconds(3'000), 2);
    ASSERT_TRUE(scan.ok()) << scan.status();
    EXPECT_LE(scan->ids.size(), 2u);
    listed.insert(listed.end(), scan->ids.begin(), scan->ids.end());
    place = scan->next;
  }
  // Neither what ended otherwise nor what ends at `until` or never.
  std::vector<BulletinId> expected = {SampleId(2), SampleId(3), SampleId(5), SampleId(6)};
  std::sort(expected.begin(), expected.end());
  expected.insert(expected.begin(), SampleId(7));
  EXPECT_EQ(listed, expected);
  const store::DuePlace from{absl::FromUnixSeconds(1'001), 0};
  const auto later = store().ReadDue(from, absl::FromUnixSeconds(9'000), 100);
  ASSERT_TRUE(later.ok());
  EXPECT_EQ(later->ids.size(), 5u);
  EXPECT_EQ(later->next, std::nullopt);
}

TEST_P(EndingsContract, OnePastTheRowsThatAreDuePassedIsRefused) {
  const absl::Time end = absl::FromUnixSeconds(1'000);
  store::DuePlace far{end, store::kMaxDueRowsPassed};
  EXPECT_TRUE(store().ReadDue(far, end + absl::Hours(1), 1).ok());
  far.rows += 1;
  EXPECT_EQ(RuleOf(store().ReadDue(far, end + absl::Hours(1), 1).status()),
            store::kRuleLimitExceeded);
}

TEST_P(EndingsContract, WhatHasEndedCountsAsUnerasedUntilItIsSwept) {
  store::PublishCommand expiring = SamplePublish(1, SampleMembers(2));
  expiring.expires = absl::FromUnixSeconds(1'000);
  ASSERT_TRUE(Commit(store(), expiring).ok());
  ASSERT_TRUE(Commit(store(), SamplePublish(2, SampleMembers(2))).ok());
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(3, 2)).ok());
  EXPECT_EQ(*store().CountUnerased(absl::FromUnixSeconds(999), 10), 1u);
  EXPECT_EQ(*store().CountUnerased(absl::FromUnixSeconds(1'000), 10), 2u);
  EXPECT_EQ(*store().CountUnerased(absl::FromUnixSeconds(1'000), 1), 1u);
  EXPECT_EQ(*store().CountUnerased(absl::FromUnixSeconds(1'000), 0), 0u);
  SweepAll(absl::FromUnixSeconds(1'000));
  EXPECT_EQ(*store().CountUnerased(absl::FromUnixSeconds(1'000), 10), 0u);
}

TEST_P(EndingsContract, AShareIsErasedWithItsOriginal) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(1))).ok());
  ASSERT_TRUE(Commit(store(), SampleShare(2, 1, {Member("client")})).ok());
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(3, 1)).ok());
  EXPECT_EQ(SweepAll(kBeforeAllEnds).slots, 2u);
  EXPECT_TRUE(Inbox(Member("client"))[0].slot.empty());
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
}

TEST_P(EndingsContract, ALargeBulletinIsErasedPartByPart) {
  const std::vector<MemberId> members = SampleMembers(1'500);
  ASSERT_TRUE(Commit(store(), SamplePublish(1, members)).ok());
  ASSERT_TRUE(Commit(store(), SampleWithdrawal(2, 1)).ok());
  EXPECT_EQ(SweepAll(kBeforeAllEnds, 100).slots, 1'500u);
  EXPECT_TRUE(Inbox(members[1'499])[0].slot.empty());
  EXPECT_TRUE(store().Verify().ok()) << store().Verify().status();
}

TEST_P(EndingsContract, ARepeatedWithdrawalGetsItsReceiptAgain) {
  ASSERT_TRUE(Commit(store(), SamplePublish(1, SampleMembers(2))).ok());
  const store::PublishReceipt first = *Commit(store(), SampleWithdrawal(2, 1));
  const absl::StatusOr<store::PublishReceipt> again = Commit(store(), SampleWithdrawal(2, 1));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->told, first.told);
  EXPECT_EQ(Inbox(Member("member-0")).size(), 2u);
}

}  // namespace shield::testing
