#include "client/state/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "client/state/state.h"
#include "crypto/sha256.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

Digest DraftAt(uint64_t number) { return Sha256(absl::StrCat("draft ", number)); }

OutboxEntry EntryAt(uint64_t number, absl::string_view statement = "statement\n") {
  OutboxEntry entry{DraftAt(number),
                    *BulletinId::FromBytes(DraftAt(number).span().first(BulletinId::kSize)),
                    std::string(statement),
                    {{Bytes(16, 9), "org:astrid"}},
                    Bytes(168, 7),
                    Bytes(300, 8),
                    {absl::StrCat(number, "-a.age"), absl::StrCat(number, "-b.age")},
                    kNow + absl::Seconds(number)};
  entry.readers = {*MemberId::Parse("guard"), *MemberId::Parse("desk")};
  return entry;
}

class StateOutboxTest : public ::testing::Test {
 protected:
  std::unique_ptr<ClientState> Open() {
    return *ClientState::Open(folder_ / "state.db", "antwerp.example/desk");
  }
  TemporaryFolder folder_;
};

TEST_F(StateOutboxTest, WhatIsAboutToBeSentComesBackAsItWasStored) {
  ASSERT_TRUE(Open()->PutOutbox(EntryAt(1)).ok());
  const OutboxEntry entry = **Open()->FindOutbox(DraftAt(1));
  const OutboxEntry expected = EntryAt(1);
  EXPECT_EQ(entry.id, expected.id);
  EXPECT_EQ(entry.statement, expected.statement);
  EXPECT_EQ(entry.openings, expected.openings);
  EXPECT_EQ(entry.slots, expected.slots);
  EXPECT_EQ(entry.payload, expected.payload);
  EXPECT_EQ(entry.spool, expected.spool);
  EXPECT_EQ(entry.begun, expected.begun);
  EXPECT_EQ(entry.readers, expected.readers);
  EXPECT_FALSE(Open()->FindOutbox(DraftAt(2))->has_value());
}

TEST_F(StateOutboxTest, ARowIsReplacedOnlyByWhoeverKnowsIt) {
  const auto state = Open();
  ASSERT_TRUE(state->PutOutbox(EntryAt(1, "first\n")).ok());
  EXPECT_EQ(state->PutOutbox(EntryAt(1, "other\n"))->statement, "first\n");
  EXPECT_EQ(state->PutOutbox(EntryAt(1, "second\n"), "first\n")->statement, "second\n");
  EXPECT_EQ((*state->FindOutbox(DraftAt(1)))->statement, "second\n");
  ASSERT_TRUE(state->RemoveOutbox(EntryAt(1, "first\n")).ok());
  EXPECT_TRUE(state->FindOutbox(DraftAt(1))->has_value());
  ASSERT_TRUE(state->RemoveOutbox(EntryAt(1, "second\n")).ok());
  EXPECT_FALSE(state->FindOutbox(DraftAt(1))->has_value());
}

TEST_F(StateOutboxTest, ARecordedPublicationIsNotOnItsWayAnyMore) {
  const auto state = Open();
  ASSERT_TRUE(state->PutOutbox(EntryAt(1)).ok());
  ASSERT_TRUE(state->PutOutbox(EntryAt(2)).ok());
  const std::vector<MemberId> readers = EntryAt(1).readers;
  ASSERT_TRUE(
      state->RecordPublication({EntryAt(1).id, "statement\n", {}, 1, 1, 1, kNow}, readers).ok());
  EXPECT_EQ(*state->SealedTo(EntryAt(1).id), std::set<MemberId>(readers.begin(), readers.end()));
  EXPECT_EQ(*state->SealedTo(EntryAt(2).id), std::nullopt);
  EXPECT_FALSE(state->FindOutbox(DraftAt(1))->has_value());
  EXPECT_TRUE(state->FindPublication(EntryAt(1).id)->has_value());
  EXPECT_THAT(*state->SpoolInUse(), ElementsAre("2-a.age", "2-b.age"));
}

TEST_F(StateOutboxTest, TheOldestMakesRoomForOneTooMany) {
  const auto state = Open();
  for (uint64_t i = 0; i < kMaxOutboxEntries; ++i) ASSERT_TRUE(state->PutOutbox(EntryAt(i)).ok());
  EXPECT_TRUE(state->FindOutbox(DraftAt(0))->has_value());
  ASSERT_TRUE(state->PutOutbox(EntryAt(kMaxOutboxEntries)).ok());
  EXPECT_FALSE(state->FindOutbox(DraftAt(0))->has_value());
  EXPECT_TRUE(state->FindOutbox(DraftAt(1))->has_value());
  EXPECT_TRUE(state->FindOutbox(DraftAt(kMaxOutboxEntries))->has_value());
}

TEST_F(StateOutboxTest, WhatIsTooOldIsForgotten) {
  const auto state = Open();
  ASSERT_TRUE(state->PutOutbox(EntryAt(1)).ok());
  ASSERT_TRUE(state->ForgetOutbox(EntryAt(1).begun).ok());
  EXPECT_TRUE(state->FindOutbox(DraftAt(1))->has_value());
  ASSERT_TRUE(state->ForgetOutbox(EntryAt(1).begun + absl::Milliseconds(1)).ok());
  EXPECT_FALSE(state->FindOutbox(DraftAt(1))->has_value());
  EXPECT_THAT(*state->SpoolInUse(), IsEmpty());
}

}  // namespace
}  // namespace shield::testing
