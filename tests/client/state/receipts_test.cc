// What a home has to say to the sources of what it was sent, until the broker has taken it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/state/state.h"
#include "crypto/sha256.h"
#include "tests/client/support/watched_logs.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

DueReceipt ReceiptAt(uint64_t number, ReceiptState state = ReceiptState::kOpened) {
  const Digest digest = Sha256(absl::StrCat("bulletin ", number));
  return {*BulletinId::FromBytes(digest.span().first(BulletinId::kSize)), digest, state,
          kNow + absl::Seconds(number)};
}

KeptEntry EntryFor(const DueReceipt& receipt, uint64_t seq) {
  KeptEntry entry;
  entry.delivered.seq = seq;
  entry.delivered.statement = "statement\n";
  entry.delivered.state = DeliveryState::kLive;
  entry.delivered.slot = Bytes(168, 7);
  entry.delivered.slot_hash = Sha256(entry.delivered.slot);
  entry.id = receipt.id;
  entry.chain_hash = Sha256(absl::StrCat("chain ", seq));
  entry.received = kNow;
  entry.checked = receipt.time;
  return entry;
}

EntryEffects EffectsFor(const DueReceipt& receipt) {
  EntryEffects effects;
  effects.seen = SeenBulletin{"vkey", receipt.id, receipt.text_digest};
  return effects;
}

class StateReceiptsTest : public ::testing::Test {
 protected:
  std::unique_ptr<ClientState> Open() {
    return *ClientState::Open(folder_ / "state.db", "antwerp.example/desk");
  }
  TemporaryFolder folder_;
};

TEST_F(StateReceiptsTest, WhatIsStoredIsDueInTheSameTransaction) {
  const DueReceipt receipt = ReceiptAt(1, ReceiptState::kDelivered);
  ASSERT_TRUE(*Open()->Append(EntryFor(receipt, 1), Digest{}, EffectsFor(receipt)));
  const std::vector<DueReceipt> due = *Open()->DueReceipts(10);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].id, receipt.id);
  EXPECT_EQ(due[0].text_digest, receipt.text_digest);
  EXPECT_EQ(due[0].state, ReceiptState::kDelivered);
  EXPECT_EQ(due[0].time, receipt.time);
}

TEST_F(StateReceiptsTest, WhatDidNotHoldOrHasNoSlotIsNotDelivered) {
  const auto state = Open();
  KeptEntry closed = EntryFor(ReceiptAt(1), 1);
  closed.finding = Finding::kClosedForNow;
  ASSERT_TRUE(*state->Append(closed, Digest{}, EntryEffects{}));
  KeptEntry notice = EntryFor(ReceiptAt(2), 2);
  notice.delivered.slot.clear();
  ASSERT_TRUE(*state->Append(notice, closed.chain_hash, EffectsFor(ReceiptAt(2))));
  EXPECT_THAT(*state->DueReceipts(10), IsEmpty());
  // It holds by now.
  closed.finding = Finding::kHeld;
  ASSERT_TRUE(*state->Settle(closed, DeliveryState::kLive, EffectsFor(ReceiptAt(1))));
  EXPECT_THAT(*state->DueReceipts(10), SizeIs(1));
}

TEST_F(StateReceiptsTest, StaysDueUntilItIsSettledAndIsNeverDueAgain) {
  ASSERT_TRUE(Open()->NoteReceipt(ReceiptAt(1)).ok());
  EXPECT_THAT(*Open()->DueReceipts(10), SizeIs(1));
  ASSERT_TRUE(Open()->SettleReceipts({{ReceiptAt(1)}}).ok());
  EXPECT_THAT(*Open()->DueReceipts(10), IsEmpty());
  DueReceipt again = ReceiptAt(1);
  again.time += absl::Hours(1);
  ASSERT_TRUE(Open()->NoteReceipt(again).ok());
  EXPECT_THAT(*Open()->DueReceipts(10), IsEmpty());
}

Bytes TokenOf(uint8_t epoch, uint8_t number) {
  Bytes token(40, epoch);
  std::fill(token.begin() + 16, token.end(), number);
  return token;
}

// Another store of the broker's: one that was restored has lost what came after its backup.
TEST_F(StateReceiptsTest, WhatHasNotEndedIsDueAgainToAStoreThatWasSetBack) {
  const DueReceipt live = ReceiptAt(1, ReceiptState::kDelivered);
  const DueReceipt withdrawn = ReceiptAt(2, ReceiptState::kDelivered);
  const auto state = Open();
  ASSERT_TRUE(*state->Append(EntryFor(live, 1), Digest{}, EffectsFor(live)));
  EntryEffects ends = EffectsFor(withdrawn);
  ASSERT_TRUE(*state->Append(EntryFor(withdrawn, 2), EntryFor(live, 1).chain_hash, ends));
  ends = EffectsFor(ReceiptAt(3));
  ends.ended = {{withdrawn.id, withdrawn.text_digest, DeliveryState::kWithdrawn}};
  KeptEntry notice = EntryFor(ReceiptAt(3), 3);
  notice.delivered.slot.clear();
  ASSERT_TRUE(*state->Append(notice, EntryFor(withdrawn, 2).chain_hash, ends));
  const KeptHead head = {3, notice.chain_hash, "head at 3\n"};
  ASSERT_TRUE(*state->NoteMark(head, TokenOf(1, 1)));
  EXPECT_THAT(*state->DueReceipts(10), SizeIs(2));
  for (const DueReceipt& receipt : {live, withdrawn}) {
    ASSERT_TRUE(state->SettleReceipts({&receipt, 1}).ok());
  }
  ASSERT_TRUE(*state->NoteMark(head, TokenOf(1, 2)));
  EXPECT_THAT(*state->DueReceipts(10), IsEmpty()) << "the same store";
  ASSERT_TRUE(*state->NoteMark(head, TokenOf(2, 2)));
  const std::vector<DueReceipt> due = *state->DueReceipts(10);
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].id, live.id);
  EXPECT_EQ(due[0].time, live.time) << "the time is when it happened";
}

TEST_F(StateReceiptsTest, WhatIsCutBackAndComesAgainIsDueAgain) {
  const DueReceipt receipt = ReceiptAt(1, ReceiptState::kDelivered);
  const auto state = Open();
  ASSERT_TRUE(*state->Append(EntryFor(receipt, 1), Digest{}, EffectsFor(receipt)));
  ASSERT_TRUE(state->SettleReceipts({&receipt, 1}).ok());
  ASSERT_TRUE(*state->CutBack());
  EXPECT_THAT(*state->DueReceipts(10), IsEmpty());
  ASSERT_TRUE(*state->Append(EntryFor(receipt, 1), Digest{}, EffectsFor(receipt)));
  EXPECT_THAT(*state->DueReceipts(10), SizeIs(1));
}

// Through another process's eyes, as the broker may be told by any of those over one home.
TEST_F(StateReceiptsTest, WhatTheySpeakOfIsSyncedOnceBeforeAnybodyIsTold) {
  WatchedLogs logs;
  {
    const DueReceipt first = ReceiptAt(1, ReceiptState::kDelivered);
    const DueReceipt second = ReceiptAt(2, ReceiptState::kDelivered);
    const KeptEntry entry = EntryFor(second, 2);
    const auto state = Open();
    const auto other = Open();
    const auto syncs_for_receipts = [&] {
      logs.TakeSyncs();
      EXPECT_TRUE(other->EnsureDurable().ok());
      return logs.TakeSyncs();
    };
    ASSERT_TRUE(*state->Append(EntryFor(first, 1), Digest{}, EffectsFor(first)));
    EXPECT_EQ(syncs_for_receipts(), 1) << "what a process that was killed may have left";
    EXPECT_EQ(syncs_for_receipts(), 0) << "an entry that was durable at once";
    ASSERT_TRUE(*state->Append(entry, EntryFor(first, 1).chain_hash, EffectsFor(second),
                               Durability::kLater));
    ASSERT_TRUE(logs.HasUnsynced());
    EXPECT_EQ(syncs_for_receipts(), 1) << "one that is durable later";
    EXPECT_FALSE(logs.HasUnsynced());
    EXPECT_EQ(syncs_for_receipts(), 0);
    ASSERT_TRUE(
        state->NoteReceipt(ReceiptAt(1, ReceiptState::kAcknowledged), Durability::kLater).ok());
    EXPECT_EQ(syncs_for_receipts(), 1) << "what a person said";
    ASSERT_TRUE(state->SetHanded(entry, std::nullopt, ReceiptAt(2)).ok());
    EXPECT_EQ(syncs_for_receipts(), 0) << "what would be handed over once more";
    EXPECT_THAT(*other->DueReceipts(10), SizeIs(4));
  }
}

TEST_F(StateReceiptsTest, AMarkSyncsWhatCameBeforeItWhetherItBringsNewsOrNot) {
  WatchedLogs logs;
  {
    const auto state = Open();
    const DueReceipt receipt = ReceiptAt(1, ReceiptState::kDelivered);
    const KeptEntry entry = EntryFor(receipt, 1);
    const KeptHead head = {1, entry.chain_hash, "head at 1\n"};
    ASSERT_TRUE(*state->NoteMark(head, TokenOf(1, 1)));
    ASSERT_TRUE(*state->Append(entry, Digest{}, EffectsFor(receipt), Durability::kLater));
    ASSERT_TRUE(logs.HasUnsynced());
    ASSERT_TRUE(*state->NoteMark(head, TokenOf(1, 1)));
    EXPECT_FALSE(logs.HasUnsynced());
    logs.TakeSyncs();
    EXPECT_TRUE(state->EnsureDurable().ok());
    EXPECT_EQ(logs.TakeSyncs(), 0);
    EXPECT_EQ(*state->ResumeToken(), TokenOf(1, 1));
    EXPECT_EQ((*state->HighestHead())->seq, 1u);
  }
}

TEST_F(StateReceiptsTest, AMarkOfAnotherHistoryIsNotNoted) {
  const auto state = Open();
  const DueReceipt receipt = ReceiptAt(1, ReceiptState::kDelivered);
  ASSERT_TRUE(*state->Append(EntryFor(receipt, 1), Digest{}, EffectsFor(receipt)));
  EXPECT_FALSE(*state->NoteMark({1, Sha256("another"), "head at 1\n"}, TokenOf(1, 1)));
  EXPECT_THAT(*state->ResumeToken(), IsEmpty());
  EXPECT_FALSE(state->HighestHead()->has_value());
}

TEST_F(StateReceiptsTest, TheOldestComesFirstAndWhatWasTriedLast) {
  const auto state = Open();
  for (const uint64_t number : {uint64_t{3}, uint64_t{1}, uint64_t{2}}) {
    ASSERT_TRUE(state->NoteReceipt(ReceiptAt(number)).ok());
  }
  ASSERT_TRUE(state->PutOffReceipt(ReceiptAt(1)).ok());
  const std::vector<DueReceipt> due = *state->DueReceipts(10);
  ASSERT_THAT(due, SizeIs(3));
  EXPECT_EQ(due[0].id, ReceiptAt(2).id);
  EXPECT_EQ(due[1].id, ReceiptAt(3).id);
  EXPECT_EQ(due[2].id, ReceiptAt(1).id);
  EXPECT_THAT(*state->DueReceipts(2), SizeIs(2));
}

}  // namespace
}  // namespace shield::testing
