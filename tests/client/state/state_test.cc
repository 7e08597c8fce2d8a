#include "client/state/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOwner[] = "antwerp.example/desk";
const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

Digest ChainHash(uint64_t seq) { return Sha256(absl::StrCat("chain ", seq)); }

BulletinId IdOf(uint64_t seq) {
  return *BulletinId::FromBytes(ByteSpan(Sha256(absl::StrCat("id ", seq)).bytes).first(16));
}

KeptEntry EntryAt(uint64_t seq) {
  KeptEntry entry;
  entry.delivered.seq = seq;
  entry.delivered.statement = absl::StrCat("statement ", seq, "\n");
  entry.delivered.log_index = seq + 100;
  entry.delivered.payload = Bytes(3000, static_cast<uint8_t>(seq));
  entry.delivered.state = DeliveryState::kLive;
  entry.delivered.slot = Bytes(168, 7);
  entry.delivered.slot_hash = Sha256(entry.delivered.slot);
  entry.delivered.leaf_index = 3;
  entry.delivered.leaf_proof = {ChainHash(1), ChainHash(2)};
  entry.delivered.openings = {{Bytes(16, 9), "org:astrid"}};
  entry.id = IdOf(seq);
  entry.chain_hash = ChainHash(seq);
  entry.directory_version = 4;
  entry.received = kNow;
  return entry;
}

constexpr uint64_t kNewest = ClientState::kNewest;

std::vector<uint64_t> PlacesOf(const std::vector<ClosedStatement>& closed) {
  std::vector<uint64_t> places;
  places.reserve(closed.size());
  for (const ClosedStatement& each : closed) places.push_back(each.place);
  return places;
}

std::vector<BulletinId> IdsOf(const std::vector<CarriedPlace>& carried) {
  std::vector<BulletinId> ids;
  ids.reserve(carried.size());
  for (const CarriedPlace& each : carried) ids.push_back(each.id);
  return ids;
}

EntryEffects EffectsAt(uint64_t seq) {
  EntryEffects effects;
  effects.seen = SeenBulletin{"vkey", IdOf(seq), ChainHash(seq)};
  effects.weighed = {{IdOf(seq), ChainHash(seq)}};
  return effects;
}

absl::StatusOr<bool> TryAppendAt(ClientState& state, uint64_t seq) {
  return state.Append(EntryAt(seq), ChainHash(seq - 1), EffectsAt(seq));
}

// OK when it was stored by this call.
absl::Status AppendAt(ClientState& state, uint64_t seq) {
  const absl::StatusOr<bool> stored = TryAppendAt(state, seq);
  if (!stored.ok()) return stored.status();
  return *stored ? absl::OkStatus() : absl::AlreadyExistsError("another has stored it");
}

// Every part says which version it is of.
KeptDirectory DirectoryAt(uint64_t version) {
  KeptDirectory directory{version, ChainHash(version), {}};
  directory.answer.note = absl::StrCat("version ", version);
  for (uint32_t i = 0; i < 5; ++i) {
    directory.answer.parts.push_back({i, {}, directory.answer.note, {directory.answer.note}});
  }
  return directory;
}

// Whether note and parts are those of one version.
bool IsOfOneVersion(const KeptDirectory& directory) {
  const KeptDirectory whole = DirectoryAt(directory.version);
  if (directory.answer.note != whole.answer.note) return false;
  if (directory.answer.parts.size() != whole.answer.parts.size()) return false;
  for (const DirectoryPart& part : directory.answer.parts) {
    if (part.line != whole.answer.note || part.own_lines.front() != part.line) return false;
  }
  return true;
}

class StateTest : public ::testing::Test {
 protected:
  std::unique_ptr<ClientState> Open() { return *ClientState::Open(path(), kOwner); }
  std::string path() const { return folder_ / "state.db"; }
  TemporaryFolder folder_;
};

TEST_F(StateTest, AShareIsFoundByItsOriginalAndEndsWithIt) {
  const auto state = Open();
  KeptEntry share = EntryAt(1);
  share.original = IdOf(50);
  share.delivered.shared_original = "the original";
  ASSERT_TRUE(state->Append(share, ChainHash(0), EffectsAt(1)).ok());
  EXPECT_FALSE(state->FindShareOf(IdOf(1))->has_value());
  const std::optional<KeptEntry> found = *state->FindShareOf(IdOf(50));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->id, IdOf(1));
  EXPECT_EQ(found->original, IdOf(50));
  EXPECT_EQ(found->delivered.shared_original, "the original");
  EntryEffects withdrawal = EffectsAt(2);
  withdrawal.ended.push_back({IdOf(50), ChainHash(50), DeliveryState::kWithdrawn});
  ASSERT_TRUE(state->Append(EntryAt(2), ChainHash(1), withdrawal).ok());
  const KeptEntry ended = **state->FindEntry(1);
  EXPECT_EQ(ended.delivered.state, DeliveryState::kWithdrawn);
  EXPECT_TRUE(ended.delivered.slot.empty());
  EXPECT_TRUE(ended.delivered.payload.empty());
}

TEST_F(StateTest, AnEntryComesBackAsItWasStored) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  const KeptEntry entry = **state->FindEntry(1);
  const KeptEntry expected = EntryAt(1);
  EXPECT_EQ(entry.delivered.statement, expected.delivered.statement);
  EXPECT_EQ(entry.delivered.payload, expected.delivered.payload);
  EXPECT_EQ(entry.delivered.slot, expected.delivered.slot);
  EXPECT_EQ(entry.delivered.leaf_proof, expected.delivered.leaf_proof);
  EXPECT_EQ(entry.delivered.openings, expected.delivered.openings);
  EXPECT_EQ(entry.delivered.log_index, expected.delivered.log_index);
  EXPECT_EQ(entry.id, expected.id);
  EXPECT_EQ(entry.received, kNow);
  EXPECT_EQ(*state->FindSeen("vkey", IdOf(1)), ChainHash(1));
  EXPECT_EQ(*state->FindSeen("other vkey", IdOf(1)), std::nullopt);
}

TEST_F(StateTest, OnlyTheNextEntryIsStored) {
  const auto state = Open();
  EXPECT_TRUE(absl::IsAborted(AppendAt(*state, 2)));
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  EXPECT_TRUE(absl::IsAborted(state->Append(EntryAt(2), ChainHash(9), {}).status()));
  EXPECT_EQ(*state->FindSeen("vkey", IdOf(2)), std::nullopt);
  EXPECT_EQ(state->Position()->size, 1u);
}

TEST_F(StateTest, AnEntryAnotherProcessHasStoredIsNotStoredAgainAndAnotherOneIsARollback) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  EXPECT_EQ(*TryAppendAt(*Open(), 1), false);
  KeptEntry other = EntryAt(1);
  other.chain_hash = ChainHash(7);
  EXPECT_EQ(RuleOf(state->Append(other, ChainHash(0), {}).status()), "ROLLBACK");
  EXPECT_EQ(state->Position()->size, 1u);
}

TEST_F(StateTest, WhatNoSignedHeadConfirmedIsCutBack) {
  const auto state = Open();
  ASSERT_TRUE(*state->NoteHead({2, ChainHash(2), "head at 2"}));
  for (uint64_t seq = 1; seq <= 4; ++seq) ASSERT_TRUE(AppendAt(*state, seq).ok());
  EXPECT_EQ(state->Position()->confirmed, 2u);
  ASSERT_TRUE(state->SetHanded(EntryAt(4)).ok());
  EXPECT_FALSE(*state->NoteHead({4, ChainHash(9), "another head at 4"}));
  EXPECT_TRUE(*state->CutBack());
  const InboxCursor cursor = *state->Position();
  EXPECT_EQ(cursor.size, 2u);
  EXPECT_EQ(cursor.head, ChainHash(2));
  EXPECT_EQ(cursor.handed, 2u);
  EXPECT_TRUE(AppendAt(*state, 3).ok());
  ASSERT_TRUE(*state->NoteHead({3, ChainHash(3), "head at 3"}));
  EXPECT_EQ(state->Position()->confirmed, 3u);
  EXPECT_EQ((*state->HighestHead())->note, "head at 3");
}

TEST_F(StateTest, AnEntryThatTheSignedHeadDoesNotPassThroughIsNotStored) {
  const auto state = Open();
  ASSERT_TRUE(*state->NoteHead({1, ChainHash(9), "head"}));
  EXPECT_EQ(RuleOf(AppendAt(*state, 1)), "INBOX_GAP");
  EXPECT_EQ(state->Position()->size, 0u);
}

TEST_F(StateTest, AnEntryClosedForNowIsSettledOnce) {
  const auto state = Open();
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  closed.fault = "VETTING_TOO_LOW";
  ASSERT_TRUE(state->Append(closed, ChainHash(0), {}).ok());
  EXPECT_THAT(PlacesOf(*state->ClosedForNow(kNewest, 9)), ElementsAre(1u));
  KeptEntry held = EntryAt(1);
  held.checked = kNow + absl::Hours(1);
  held.own_org = OrgId::Parse("astrid");
  held.marks = {"UNTRUSTED_SOURCE"};
  EXPECT_TRUE(*state->Settle(held, DeliveryState::kLive, EffectsAt(1)));
  EXPECT_THAT(PlacesOf(*state->ClosedForNow(kNewest, 9)), IsEmpty());
  const KeptEntry entry = **state->FindEntry(1);
  EXPECT_EQ(entry.fault, "");
  EXPECT_EQ(entry.checked, held.checked);
  EXPECT_EQ(entry.own_org, held.own_org);
  EXPECT_EQ(entry.author_org, std::nullopt);
  EXPECT_EQ(entry.marks, held.marks);
  EXPECT_EQ(*state->FindSeen("vkey", IdOf(1)), ChainHash(1));
  // What has held once is not closed again.
  EXPECT_FALSE(*state->Settle(closed, DeliveryState::kLive, {}));
  EXPECT_EQ((*state->FindEntry(1))->finding, Finding::kHeld);
}

TEST_F(StateTest, AnEndingIsKeptForABulletinThatComesLater) {
  const auto state = Open();
  EntryEffects effects;
  effects.claims.push_back({IdOf(2), ChainHash(2), DeliveryState::kWithdrawn});
  ASSERT_TRUE(state->Append(EntryAt(1), ChainHash(0), effects).ok());
  const auto endings = *state->FindEndings(IdOf(2), ChainHash(2));
  ASSERT_THAT(endings, SizeIs(1));
  EXPECT_EQ(endings[0].note, "statement 1\n");
  EXPECT_EQ(endings[0].state, DeliveryState::kWithdrawn);
  EXPECT_THAT(*state->FindEndings(IdOf(2), ChainHash(3)), IsEmpty());
}

TEST_F(StateTest, ALogIndexIsRememberedAsTheHighestSoFar) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  KeptEntry old = EntryAt(2);
  old.delivered.log_index = 5;
  ASSERT_TRUE(state->Append(old, ChainHash(1), {}).ok());
  EXPECT_EQ(*state->HighestLogIndex(2), 101u);
  EXPECT_EQ(*state->HighestLogIndex(3), std::nullopt);
}

TEST_F(StateTest, ADirectoryAnotherThreadHasOvertakenIsIgnored) {
  const auto state = Open();
  ASSERT_TRUE(
      state->StoreDirectory({3, Sha256("three"), {"note three", "", false, {}}}, 0, kNow).ok());
  EXPECT_TRUE(state->StoreDirectory({2, Sha256("two"), {"note two", "", false, {}}}, 1, kNow).ok());
  EXPECT_EQ((*state->NewestDirectory())->version, 3u);
  ASSERT_TRUE(state->StoreFreshness(3, "fresh three").ok());
  ASSERT_TRUE(state->StoreFreshness(2, "fresh two").ok());
  EXPECT_EQ(*state->Freshness(3), "fresh three");
  EXPECT_EQ(*state->NewestVersion(), 3u);
}

TEST_F(StateTest, MarksOnlyGoForwardAndNeverPastTheInbox) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  ASSERT_TRUE(AppendAt(*state, 2).ok());
  EXPECT_TRUE(state->SetHanded(EntryAt(2)).ok());
  EXPECT_TRUE(state->SetHanded(EntryAt(1)).ok());
  EXPECT_EQ(state->Position()->handed, 2u);
  EXPECT_EQ(RuleOf(state->SetAcknowledged(3)), "CURSOR_AHEAD");
  EXPECT_EQ(state->Position()->acknowledged, 0u);
}

TEST_F(StateTest, WhatWasHandedClosedWaitsForItsTimeUntilItIsHandedOnceMore) {
  {
    const auto state = Open();
    for (uint64_t seq = 1; seq <= 5; ++seq) ASSERT_TRUE(AppendAt(*state, seq).ok());
    ASSERT_TRUE(state->SetHanded(EntryAt(1), absl::UnixEpoch()).ok());
    ASSERT_TRUE(state->SetHanded(EntryAt(2)).ok());
    ASSERT_TRUE(state->SetHanded(EntryAt(3), kNow).ok());
    ASSERT_TRUE(state->SetHanded(EntryAt(4), absl::UnixEpoch()).ok());
    EXPECT_TRUE(absl::IsAborted(state->SetHanded(EntryAt(6), kNow)));
  }
  const auto state = Open();
  EXPECT_EQ(state->Position()->handed, 4u);
  EXPECT_THAT(*state->Waiting(0, kNow - absl::Milliseconds(1), 9), ElementsAre(1u, 4u));
  EXPECT_THAT(*state->Waiting(0, kNow, 9), ElementsAre(1u, 3u, 4u));
  EXPECT_THAT(*state->Waiting(1, kNow, 1), ElementsAre(3u));
  // Being settled is not being handed.
  EXPECT_FALSE(*state->Settle(EntryAt(1), DeliveryState::kLive, {}));
  EXPECT_TRUE(*state->IsWaiting(1));
  EXPECT_FALSE(*state->IsWaiting(2));
  EXPECT_FALSE(*state->IsWaiting(9));
  ASSERT_TRUE(state->EndWaiting(EntryAt(1)).ok());
  EXPECT_FALSE(*Open()->IsWaiting(1));
  EXPECT_THAT(*state->Waiting(0, kNow, 9), ElementsAre(3u, 4u));
  EXPECT_EQ(state->Position()->handed, 4u);
}

TEST_F(StateTest, WhatIsCutBackWaitsForNothingWhenItComesAgain) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  ASSERT_TRUE(state->SetHanded(EntryAt(1), kNow).ok());
  EXPECT_TRUE(*state->CutBack());
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  EXPECT_FALSE(*state->IsWaiting(1));
  EXPECT_EQ(state->Position()->handed, 0u);
}

// Under its number, and nothing but the number is the same.
TEST_F(StateTest, WhatTookThePlaceOfAnEntryIsNeitherHandedNorFilledInItsName) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  ASSERT_TRUE(*Open()->CutBack());
  KeptEntry other = EntryAt(1);
  other.chain_hash = ChainHash(7);
  other.delivered.payload.clear();
  ASSERT_TRUE(state->Append(other, ChainHash(0), {}).ok());
  EXPECT_TRUE(absl::IsAborted(state->SetHanded(EntryAt(1), kNow)));
  EXPECT_EQ(state->Position()->handed, 0u);
  EXPECT_FALSE(*state->IsWaiting(1));
  ASSERT_TRUE(state->SetHanded(other, kNow).ok());
  ASSERT_TRUE(state->EndWaiting(EntryAt(1)).ok());
  EXPECT_TRUE(*state->IsWaiting(1));
  ASSERT_TRUE(state->StorePayload(EntryAt(1), Bytes(9, 1)).ok());
  EXPECT_THAT((*state->FindEntry(1))->delivered.payload, IsEmpty());
}

TEST_F(StateTest, NothingIsCutBackWhereAHeadConfirmsAllOrTheInboxEndsElsewhere) {
  const auto state = Open();
  EXPECT_FALSE(*state->CutBack());
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  ASSERT_TRUE(*state->NoteHead({1, ChainHash(1), "head at 1"}));
  EXPECT_FALSE(*state->CutBack());
  ASSERT_TRUE(AppendAt(*state, 2).ok());
  EXPECT_FALSE(*state->CutBack(ChainHash(1)));
  EXPECT_EQ(state->Position()->size, 2u);
  EXPECT_TRUE(*state->CutBack(ChainHash(2)));
  EXPECT_EQ(state->Position()->size, 1u);
}

TEST_F(StateTest, WhatIsSetAsideStaysReadableAndTheInboxGoesOnBeforeIt) {
  const auto state = Open();
  for (uint64_t seq = 1; seq <= 4; ++seq) {
    KeptEntry entry = EntryAt(seq);
    if (seq == 3) entry.finding = Finding::kRefused;
    ASSERT_TRUE(state->Append(entry, ChainHash(seq - 1), EffectsAt(seq)).ok());
  }
  ASSERT_TRUE(*state->NoteHead({4, ChainHash(4), "head at 4"}));
  ASSERT_TRUE(state->SetHanded(EntryAt(2)).ok());
  ASSERT_TRUE(state->SetAcknowledged(2).ok());
  ASSERT_TRUE(state->SetLogged(4).ok());
  // Beyond the end it changes nothing but heads that are further.
  ASSERT_TRUE(*state->SetAside(4, {"second key", kNow}));
  EXPECT_TRUE(state->HighestHead()->has_value());
  ASSERT_TRUE(*state->SetAside(1, {"third key", kNow}));
  const InboxCursor cursor = *state->Position();
  EXPECT_EQ(cursor.size, 1u);
  EXPECT_EQ(cursor.head, ChainHash(1));
  EXPECT_EQ(cursor.confirmed, 1u);
  EXPECT_EQ(cursor.handed, 1u);
  EXPECT_EQ(cursor.acknowledged, 1u);
  EXPECT_FALSE(state->HighestHead()->has_value());
  // What was refused is not kept; what was not handed is still to be.
  const std::vector<KeptEntry> carried = *state->Carried();
  ASSERT_THAT(carried, SizeIs(2));
  EXPECT_EQ(carried[0].id, IdOf(2));
  EXPECT_EQ(carried[1].id, IdOf(4));
  EXPECT_EQ(carried[1].delivered.statement, EntryAt(4).delivered.statement);
  EXPECT_THAT(IdsOf(*state->CarriedToHand(0, kNow, 8)), ElementsAre(IdOf(4)));
  // Another entry takes the number.
  EXPECT_TRUE(*state->Append(EntryAt(2), ChainHash(1), EffectsAt(2)));
  EXPECT_THAT(*state->Carried(), SizeIs(1));  // it was the same after all
}

// Whoever is refused once has to be told by the authority before it happens again.
TEST_F(StateTest, AnInboxIsSetAsideOnceForALogKey) {
  const auto state = Open();
  ASSERT_TRUE(state->SetFollowedLog({"first key", absl::UnixEpoch()}).ok());
  for (uint64_t seq = 1; seq <= 2; ++seq) {
    ASSERT_TRUE(state->Append(EntryAt(seq), ChainHash(seq - 1), EffectsAt(seq)).ok());
  }
  EXPECT_TRUE(*state->SetAside(1, {"second key", kNow}));
  EXPECT_EQ(state->FollowedLog()->key, "second key") << "in the same transaction";
  EXPECT_FALSE(*Open()->SetAside(0, {"second key", kNow}));
  EXPECT_EQ(state->Position()->size, 1u);
}

TEST_F(StateTest, WhatWasClosedForNowIsSetAsideTooAndIsSettledThere) {
  const auto state = Open();
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  closed.fault = "KEY_NOT_HERE";
  ASSERT_TRUE(*state->Append(closed, ChainHash(0), EntryEffects{}));
  KeptEntry notice = EntryAt(2);  // it may end something yet
  notice.finding = Finding::kClosedForNow;
  notice.delivered.slot.clear();
  notice.delivered.slot_hash = Sha256(ByteSpan());
  ASSERT_TRUE(*state->Append(notice, ChainHash(1), EntryEffects{}));
  ASSERT_TRUE(state->SetHanded(closed, absl::UnixEpoch()).ok());
  ASSERT_TRUE(*state->SetAside(0, {"second key", kNow}));
  const std::vector<ClosedStatement> aside = *state->CarriedClosedForNow(kNewest, 8);
  ASSERT_THAT(aside, SizeIs(2));
  EXPECT_EQ(aside[0].id, IdOf(2)) << "the newest first";
  EXPECT_EQ(aside[1].statement, closed.delivered.statement);
  EXPECT_THAT(PlacesOf(*state->CarriedClosedForNow(aside[0].place, 8)),
              ElementsAre(aside[1].place));
  EXPECT_THAT(IdsOf(*state->CarriedWaiting(0, kNow, 8)), ElementsAre(IdOf(1)));
  KeptEntry settled = *(*state->FindBulletin(IdOf(1)));
  ASSERT_TRUE(settled.carried);
  EXPECT_EQ(settled.fault, "KEY_NOT_HERE");
  EXPECT_EQ(settled.delivered.slot, closed.delivered.slot);
  settled.finding = Finding::kHeld;
  settled.fault.clear();
  EXPECT_TRUE(*state->Settle(settled, DeliveryState::kLive, EffectsAt(1)));
  EXPECT_EQ((*state->FindBulletin(IdOf(1)))->finding, Finding::kHeld);
  EXPECT_THAT(PlacesOf(*state->CarriedClosedForNow(kNewest, 8)), ElementsAre(aside[0].place));
  EXPECT_FALSE(*state->Settle(settled, DeliveryState::kLive, EffectsAt(1))) << "once";
  EXPECT_THAT(*state->DueReceipts(8), IsEmpty()) << "the broker has lost it";
}

TEST_F(StateTest, WhatIsClosedForNowIsReadNewestFirstAndInParts) {
  const auto state = Open();
  for (uint64_t seq = 1; seq <= 5; ++seq) {
    KeptEntry entry = EntryAt(seq);
    if (seq != 3) entry.finding = Finding::kClosedForNow;
    ASSERT_TRUE(*state->Append(entry, ChainHash(seq - 1), EntryEffects{}));
  }
  const std::vector<ClosedStatement> newest = *state->ClosedForNow(kNewest, 2);
  EXPECT_THAT(PlacesOf(newest), ElementsAre(5u, 4u));
  EXPECT_EQ(newest[0].id, IdOf(5));
  EXPECT_EQ(newest[0].statement, EntryAt(5).delivered.statement);
  EXPECT_THAT(PlacesOf(*state->ClosedForNow(4, 8)), ElementsAre(2u, 1u));
}

// A loss that is declared twice: what was received in between must not go with its entry.
TEST_F(StateTest, WhatHoldsTakesThePlaceOfWhatWasSetAsideClosed) {
  const auto state = Open();
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  closed.delivered.statement = "what nobody's key signed\n\n";
  ASSERT_TRUE(*state->Append(closed, ChainHash(0), EntryEffects{}));
  ASSERT_TRUE(*state->SetAside(0, {"second key", kNow}));
  ASSERT_TRUE(*state->Append(EntryAt(1), ChainHash(0), EffectsAt(1)));
  ASSERT_TRUE(state->SetHanded(EntryAt(1)).ok());
  ASSERT_TRUE(*state->SetAside(0, {"third key", kNow}));
  const std::vector<KeptEntry> carried = *state->Carried();
  ASSERT_THAT(carried, SizeIs(1));
  EXPECT_EQ(carried[0].finding, Finding::kHeld);
  EXPECT_EQ(carried[0].delivered.statement, EntryAt(1).delivered.statement);
  EXPECT_EQ(carried[0].delivered.payload, EntryAt(1).delivered.payload);
  EXPECT_THAT(*state->CarriedToHand(0, kNow, 8), IsEmpty()) << "the application has had it";
}

TEST_F(StateTest, WhatHeldStaysCarriedWhenWhatDoesNotHoldIsSetAsideUnderItsId) {
  const auto state = Open();
  ASSERT_TRUE(*state->Append(EntryAt(1), ChainHash(0), EffectsAt(1)));
  ASSERT_TRUE(*state->SetAside(0, {"second key", kNow}));
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  closed.delivered.statement = "what nobody's key signed\n\n";
  ASSERT_TRUE(*state->Append(closed, ChainHash(0), EntryEffects{}));
  ASSERT_TRUE(*state->SetAside(0, {"third key", kNow}));
  EXPECT_EQ((*state->FindCarried(IdOf(1)))->finding, Finding::kHeld);
  EXPECT_EQ((*state->FindCarried(IdOf(1)))->delivered.payload, EntryAt(1).delivered.payload);
}

// What came in a folder and holds is no fork of what nobody may have signed.
TEST_F(StateTest, AFolderTakesThePlaceOfWhatWasSetAsideClosed) {
  const auto state = Open();
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  closed.delivered.statement = "what nobody's key signed\n\n";
  ASSERT_TRUE(*state->Append(closed, ChainHash(0), EntryEffects{}));
  ASSERT_TRUE(*state->SetAside(0, {"second key", kNow}));
  KeptEntry folder = EntryAt(1);
  folder.delivered.seq = 0;
  folder.chain_hash = Digest{};
  EXPECT_TRUE(*state->StoreCarried(folder, EffectsAt(1), std::nullopt, 0));
  const KeptEntry carried = **state->FindCarried(IdOf(1));
  EXPECT_EQ(carried.finding, Finding::kHeld);
  EXPECT_EQ(carried.delivered.statement, folder.delivered.statement);
  EXPECT_FALSE(*state->StoreCarried(folder, EffectsAt(1), std::nullopt, 0)) << "here already";
  folder.delivered.statement = "another text\n\n";
  EXPECT_EQ(RuleOf(state->StoreCarried(folder, EffectsAt(1), std::nullopt, 0).status()),
            "BULLETIN_FORK")
      << "what holds stays";
}

TEST_F(StateTest, WhatIsStillToBeHandedOfWhatWasCarriedIsReadInParts) {
  const auto state = Open();
  for (uint64_t seq = 1; seq <= 3; ++seq) {
    KeptEntry folder = EntryAt(seq);
    folder.delivered.seq = 0;
    folder.opens_from = kNow + (seq == 2 ? absl::Hours(1) : absl::ZeroDuration());
    ASSERT_TRUE(*state->StoreCarried(folder, EffectsAt(seq), std::nullopt, 0));
  }
  const std::vector<CarriedPlace> first = *state->CarriedToHand(0, kNow, 1);
  EXPECT_THAT(IdsOf(first), ElementsAre(IdOf(1)));
  EXPECT_THAT(IdsOf(*state->CarriedToHand(first[0].place, kNow, 8)), ElementsAre(IdOf(3)));
  EXPECT_TRUE(*state->IsCarriedToHand(IdOf(1)));
  ASSERT_TRUE(state->SetCarriedHanded(IdOf(1)).ok());
  EXPECT_FALSE(*state->IsCarriedToHand(IdOf(1)));
}

TEST_F(StateTest, TheLogThatWasFollowedIsRemembered) {
  EXPECT_EQ(Open()->FollowedLog()->key, "");
  ASSERT_TRUE(Open()->SetFollowedLog({"key", kNow}).ok());
  const InboxLog followed = *Open()->FollowedLog();
  EXPECT_EQ(followed.key, "key");
  EXPECT_EQ(followed.since, kNow);
}

// A loss that the authority has declared: nothing of before is asked of the new log.
TEST_F(StateTest, WhatWasPublishedBeforeAnotherLogKeyIsAskedForNoMore) {
  const auto state = Open();
  const absl::Time named = kNow + absl::Hours(1);
  // In the second of the directory that names the other key, and in the one after it.
  const absl::Time within = named + absl::Milliseconds(800);
  ASSERT_TRUE(state->RecordPublication({IdOf(1), "statement\n", {}, 1, 1, 1, within}).ok());
  ASSERT_TRUE(state->SetFollowedLog({"key", absl::UnixEpoch()}).ok());
  EXPECT_THAT(*state->UnloggedPublications(8), SizeIs(1)) << "the first key makes nothing lost";
  const absl::Time after = named + absl::Seconds(1);
  ASSERT_TRUE(state->RecordPublication({IdOf(2), "statement\n", {}, 1, 1, 2, after}).ok());
  ASSERT_TRUE(state->SetFollowedLog({"another", named}).ok());
  const std::vector<LoggedStatement> left = *state->UnloggedPublications(8);
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left.front().id, IdOf(2));
}

// Read before another process stored what ended it, settled afterwards.
TEST_F(StateTest, WhatAnotherProcessHasEndedMeanwhileIsNotSettledAsItWas) {
  const auto state = Open();
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  closed.fault = "VETTING_TOO_LOW";
  ASSERT_TRUE(state->Append(closed, ChainHash(0), {}).ok());
  EntryEffects ends;
  ends.claims.push_back({IdOf(1), ChainHash(1), DeliveryState::kSuperseded});
  ends.ended = ends.claims;
  ASSERT_TRUE(Open()->Append(EntryAt(2), ChainHash(1), ends).ok());
  EXPECT_FALSE(*state->Settle(EntryAt(1), DeliveryState::kLive, EffectsAt(1)));
  EntryEffects weighed = EffectsAt(1);
  weighed.endings_weighed = 1;
  EXPECT_FALSE(*state->Settle(EntryAt(1), DeliveryState::kLive, weighed));
  const KeptEntry entry = **state->FindEntry(1);
  EXPECT_EQ(entry.delivered.state, DeliveryState::kSuperseded);
  EXPECT_EQ(entry.finding, Finding::kClosedForNow);
  EXPECT_THAT(entry.delivered.slot, IsEmpty());
}

// A claim that proved nothing when it came may prove something of what holds by now.
TEST_F(StateTest, WhatAnotherProcessHasAClaimAgainstIsJudgedWithItBeforeItIsSettled) {
  const auto state = Open();
  KeptEntry closed = EntryAt(1);
  closed.finding = Finding::kClosedForNow;
  ASSERT_TRUE(state->Append(closed, ChainHash(0), {}).ok());
  EntryEffects claims;
  claims.claims.push_back({IdOf(1), ChainHash(1), DeliveryState::kWithdrawn});
  ASSERT_TRUE(Open()->Append(EntryAt(2), ChainHash(1), claims).ok());
  EXPECT_FALSE(*state->Settle(EntryAt(1), DeliveryState::kLive, EffectsAt(1)));
  EXPECT_THAT(PlacesOf(*state->ClosedForNow(kNewest, 9)), ElementsAre(1u));
  EntryEffects weighed = EffectsAt(1);
  weighed.endings_weighed = 1;
  EXPECT_TRUE(*state->Settle(EntryAt(1), DeliveryState::kLive, weighed));
}

TEST_F(StateTest, AnEndedBulletinLosesItsSlotAndPayloadAndKeepsItsStatement) {
  const auto state = Open();
  ASSERT_TRUE(AppendAt(*state, 1).ok());
  KeptEntry withdrawal = EntryAt(2);
  withdrawal.delivered.statement = "withdrawal";
  EntryEffects effects;
  effects.ended.push_back({IdOf(1), ChainHash(1), DeliveryState::kWithdrawn});
  ASSERT_TRUE(state->Append(withdrawal, ChainHash(1), effects).ok());
  ASSERT_TRUE(state->StorePayload(EntryAt(1), Bytes(9, 1)).ok());
  const KeptEntry entry = **state->FindBulletin(IdOf(1));
  EXPECT_EQ(entry.delivered.state, DeliveryState::kWithdrawn);
  EXPECT_THAT(entry.delivered.slot, IsEmpty());
  EXPECT_THAT(entry.delivered.payload, IsEmpty());
  EXPECT_EQ(entry.delivered.ended_by, "withdrawal");
  EXPECT_EQ(entry.delivered.statement, "statement 1\n");
}

TEST_F(StateTest, ADirectoryNeverGoesBackAndAForkKeepsBothTexts) {
  const auto state = Open();
  KeptDirectory directory{2, Sha256("two"), {"note two", "fresh", false, {}}};
  directory.answer.parts.push_back({0, {ChainHash(1)}, "org a", {"key", "member"}});
  ASSERT_TRUE(state->StoreDirectory(directory, 0, kNow).ok());
  const KeptDirectory newest = **state->NewestDirectory();
  EXPECT_EQ(newest.version, 2u);
  ASSERT_THAT(newest.answer.parts, SizeIs(1));
  EXPECT_THAT(newest.answer.parts[0].own_lines, ElementsAre("key", "member"));

  KeptDirectory older{1, Sha256("one"), {"note one", "", false, {}}};
  EXPECT_EQ(RuleOf(state->StoreDirectory(older, 2, kNow)), "ROLLBACK");
  KeptDirectory fork{2, Sha256("other"), {"other note", "", false, {}}};
  EXPECT_EQ(RuleOf(state->StoreDirectory(fork, 2, kNow)), "DIRECTORY_FORK");
  const auto forks = state->Forks();
  ASSERT_THAT(*forks, SizeIs(1));
  EXPECT_EQ(forks->front().first, "note two");
  EXPECT_EQ(forks->front().second, "other note");
  EXPECT_EQ((*state->NewestDirectory())->answer.note, "note two");
}

TEST_F(StateTest, PartsOfOlderDirectoriesStayForAWhile) {
  const auto state = Open();
  const uint64_t newest = ClientState::kMaxPartVersions + 3;
  for (uint64_t version = 1; version <= newest; ++version) {
    ASSERT_TRUE(state->StoreDirectory(DirectoryAt(version), version - 1, kNow).ok());
  }
  const uint64_t oldest = newest - ClientState::kMaxPartVersions + 1;
  EXPECT_EQ(*state->CountParts(oldest - 1), 0u);
  EXPECT_EQ((*state->DirectoryFrom(1))->version, oldest);
  for (uint64_t version = oldest; version <= newest; ++version) {
    EXPECT_TRUE(IsOfOneVersion(**state->DirectoryFrom(version))) << version;
  }
  EXPECT_TRUE(IsOfOneVersion(**state->NewestDirectory()));
}

TEST_F(StateTest, AnotherMembersStateIsRefused) {
  Open();
  const auto other = ClientState::Open(path(), "antwerp.example/other");
  EXPECT_TRUE(absl::IsFailedPrecondition(other.status()));
  EXPECT_THAT(std::string(other.status().message()), ::testing::HasSubstr("antwerp.example/desk"));
}

// Columns differ: nothing of it may be read as if it were this program's.
TEST_F(StateTest, AnOlderOrNewerSchemaIsRefusedWithAWayOut) {
  ASSERT_NE(Open(), nullptr);
  for (const uint64_t schema : {ClientState::kSchemaVersion - 1, ClientState::kSchemaVersion + 1}) {
    {
      auto database = SqlDatabase::Open(path());
      ASSERT_TRUE(database->Execute(absl::StrCat("PRAGMA user_version = ", schema)).ok());
    }
    const absl::Status refused = ClientState::Open(path(), kOwner).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
    EXPECT_THAT(refused.message(), HasSubstr(absl::StrCat("state.db has schema ", schema)));
    EXPECT_THAT(HintOf(refused), HasSubstr("move state.db away"));
  }
  ASSERT_EQ(std::rename(path().c_str(), (path() + ".away").c_str()), 0);
  EXPECT_NE(Open(), nullptr);
}

TEST_F(StateTest, AFileThatIsNoDatabaseIsDamageNotACrash) {
  FILE* file = std::fopen(path().c_str(), "w");
  std::fputs("this is not a database, and long enough to be looked at as one", file);
  std::fclose(file);
  EXPECT_TRUE(absl::IsDataLoss(ClientState::Open(path(), kOwner).status()));
}

TEST_F(StateTest, TheFileIsTheMembersAlone) {
  Open();
  struct stat found {};
  ASSERT_EQ(stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(StateTest, TwoWritersNeverStoreTheSameNumberTwice) {
  Open();
  const auto write = [this] {
    const auto state = Open();
    int stored = 0;
    for (uint64_t size = 0; size < 40;) {
      stored += AppendAt(*state, size + 1).ok() ? 1 : 0;
      size = state->Position()->size;
    }
    return stored;
  };
  int first = 0;
  std::thread other([&] { first = write(); });
  const int second = write();
  other.join();
  EXPECT_EQ(first + second, 40);
  EXPECT_THAT(*Open()->Entries(0, 100), SizeIs(40));
}

// A process that stores entries and tells each over a pipe is killed at a random moment; whatever
// it told of must be there, in order, with the position at the last entry.
TEST_F(StateTest, WhatWasStoredSurvivesBeingKilledAtAnyMoment) {
  std::mt19937 random(5);
  uint64_t told = 0;
  for (int round = 0; round < 12; ++round) {
    int channel[2];
    ASSERT_EQ(pipe(channel), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto state = Open();
      for (uint64_t seq = state->Position()->size + 1;; ++seq) {
        if (!AppendAt(*state, seq).ok()) _exit(1);
        if (write(channel[1], &seq, sizeof(seq)) != sizeof(seq)) _exit(1);
      }
    }
    close(channel[1]);
    const int entries_before_kill = 1 + static_cast<int>(random() % 20);
    for (int i = 0; i < entries_before_kill; ++i) {
      ASSERT_EQ(read(channel[0], &told, sizeof(told)), static_cast<ssize_t>(sizeof(told)));
    }
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(channel[0], &told, sizeof(told)) == sizeof(told)) {
    }
    close(channel[0]);

    const auto state = Open();
    const InboxCursor cursor = *state->Position();
    ASSERT_GE(cursor.size, told);
    ASSERT_LE(cursor.size, told + 1);  // stored, but not told of any more
    EXPECT_EQ(cursor.head, ChainHash(cursor.size));
    const auto entries = state->Entries(0, 10'000);
    ASSERT_THAT(*entries, SizeIs(cursor.size));
    for (uint64_t seq = 1; seq <= cursor.size; ++seq) {
      ASSERT_EQ((*entries)[seq - 1].delivered.seq, seq);
      ASSERT_EQ(*state->FindSeen("vkey", IdOf(seq)), ChainHash(seq));
    }
  }
}

TEST_F(StateTest, ADirectoryIsReadInOnePieceWhateverAnotherProcessStoresMeanwhile) {
  const auto reader = Open();
  const auto writer = Open();
  constexpr uint64_t kVersions = 200;
  ASSERT_TRUE(writer->StoreDirectory(DirectoryAt(1), 0, kNow).ok());
  std::thread writing([&writer] {
    for (uint64_t version = 2; version <= kVersions; ++version) {
      EXPECT_TRUE(writer->StoreDirectory(DirectoryAt(version), version - 1, kNow).ok());
    }
  });
  uint64_t last = 0;
  uint64_t mixed = 0;
  bool reads = true;
  while (reads && last < kVersions) {
    const auto newest = reader->NewestDirectory();
    reads = newest.ok() && newest->has_value() && (*newest)->version >= last;
    if (!reads) break;
    last = (*newest)->version;
    if (!IsOfOneVersion(**newest)) ++mixed;
  }
  writing.join();
  EXPECT_TRUE(reads);
  EXPECT_EQ(mixed, 0u);
}

}  // namespace
}  // namespace shield::testing
