// Entries without a slot: what they take away, and what a broker cannot do with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/state/state.h"
#include "crypto/sha256.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kGuard[] = "meir-guard";

class NoticeTest : public ::testing::Test {
 protected:
  Draft DraftFor(absl::string_view to, absl::string_view more = "") {
    return network_.DraftOf(absl::StrCat("+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"AMBER\"\n",
                                         "to = [\"org:", to, "\"]\n", more, "\n+++\nBody.\n"));
  }
  BulletinId Publish(const Draft& draft) {
    Client analyst = Fetched("an-lise");
    const auto published = analyst.Publish(draft);
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  BulletinId Supersede(const BulletinId& id, absl::string_view to) {
    return Publish(DraftFor(to, absl::StrCat("refs = [\"supersedes:", id.ToHex(), "\"]")));
  }
  Client Fetched(absl::string_view member) {
    Client client = network_.Open(member);
    const auto report = client.Sync();
    EXPECT_TRUE(report.ok()) << report.status();
    return client;
  }
  KeptEntry Kept(const BulletinId& id) {
    const auto state = ClientState::Open(network_.HomeOf(kGuard).PathOf("state.db"),
                                         absl::StrCat("antwerp.example/", kGuard));
    return **(*state)->FindBulletin(id);
  }
  // What the guard's inbox holds at the broker, put there anew after `change` of the last entry.
  void ChangeLast(const std::function<void(DeliveredEntry&)>& change) {
    const MemberId guard = *MemberId::Parse(kGuard);
    std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(guard);
    change(entries.back());
    for (const DeliveredEntry& entry : entries) network_.broker().Forge(guard, entry);
  }
  static void TakeTheSlot(DeliveredEntry& entry) {
    entry.slot.clear();
    entry.slot_hash = Sha256(ByteSpan());
    entry.payload.clear();
    entry.leaf_proof.clear();
  }

  SampleNetwork network_;
};

TEST_F(NoticeTest, AWithdrawalMarksTheBulletinAndTakesItsPayloadAway) {
  const BulletinId id = Publish(DraftFor("meir"));
  Client guard = Fetched(kGuard);
  ASSERT_THAT(Kept(id).delivered.payload, ::testing::Not(IsEmpty()));
  const auto published = Fetched("an-omar").Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  const auto items = *guard.Inbox();
  ASSERT_THAT(items, SizeIs(2));
  EXPECT_EQ(items[0].state, InboxState::kWithdrawn);
  EXPECT_EQ(items[0].title, "");
  EXPECT_EQ(items[1].state, InboxState::kLive);
  EXPECT_EQ(items[1].kind, "withdraw");
  ASSERT_THAT(items[1].references, SizeIs(1));
  EXPECT_EQ(items[1].references[0].id, id);
  EXPECT_THAT(Kept(id).delivered.payload, IsEmpty());
  EXPECT_THAT(Kept(id).delivered.slot, IsEmpty());
  const auto notice = guard.Show(published->id);
  ASSERT_TRUE(notice.ok()) << notice.status();
  EXPECT_EQ(notice->content.json, "");
}

TEST_F(NoticeTest, ANewVersionForOthersTakesTheOldOneAwayFromWhoHeldIt) {
  const BulletinId first = Publish(DraftFor("meir"));
  Client guard = Fetched(kGuard);
  const BulletinId second = Supersede(first, "astrid");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Item(first)->state, InboxState::kSuperseded);
  EXPECT_EQ(guard.Item(second)->kind, "update");
  EXPECT_EQ(guard.Item(second)->title, "");
  EXPECT_THAT(Kept(first).delivered.payload, IsEmpty());
  EXPECT_EQ(Fetched("astrid-desk").Item(second)->title, "x");
}

TEST_F(NoticeTest, WhoFetchesOnlyAfterTheEndIsGivenTombstoneAndNotice) {
  const BulletinId first = Publish(DraftFor("meir"));
  Supersede(first, "astrid");
  Client guard = network_.Open(kGuard);
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(guard.Item(first)->state, InboxState::kSuperseded);
}

TEST_F(NoticeTest, ABrokerThatKeepsTheSlotFromARecipientIsFoundOut) {
  const BulletinId first = Publish(DraftFor("meir"));
  const BulletinId second = Supersede(first, "meir");
  ChangeLast(TakeTheSlot);
  Client guard = network_.Open(kGuard);
  EXPECT_EQ(guard.Sync()->refused, 1u);
  EXPECT_EQ(guard.Item(second)->fault, "SLOT_MALFORMED");
  EXPECT_TRUE(absl::IsDataLoss(guard.Show(second).status()));
}

// A later directory may make a reader of who was none: only the one it was sealed under can tell.
TEST_F(NoticeTest, WhoBecameAReaderLaterAccusesNobody) {
  network_.Member(kGuard).state = AccountState::kActive;
  const BulletinId first = Publish(DraftFor("meir"));
  Client guard = Fetched(kGuard);
  network_.Member(kGuard).state = AccountState::kSuspended;
  network_.PublishDirectory();
  const BulletinId second = Supersede(first, "meir\", \"org:astrid");
  network_.Member(kGuard).state = AccountState::kActive;
  network_.PublishDirectory();
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(guard.Item(first)->state, InboxState::kSuperseded);
  EXPECT_EQ(guard.Item(second)->kind, "update");
}

TEST_F(NoticeTest, ANoticeThatWasHeldStaysHeldWhenItsReaderIsPromoted) {
  const BulletinId first = Publish(DraftFor("meir"));
  Client guard = Fetched(kGuard);
  const BulletinId second = Supersede(first, "astrid");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Member(kGuard).org = *OrgId::Parse("astrid");
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Item(second)->state, InboxState::kLive);
  EXPECT_EQ(guard.Item(second)->kind, "update");
}

TEST_F(NoticeTest, AnEntryWithoutASlotThatEndsNothingIsRefused) {
  const BulletinId first = Publish(DraftFor("meir"));
  ChangeLast(TakeTheSlot);
  Client guard = network_.Open(kGuard);
  EXPECT_EQ(guard.Sync()->refused, 1u);
  EXPECT_EQ(guard.Item(first)->state, InboxState::kRefused);
  EXPECT_TRUE(absl::IsDataLoss(guard.Show(first).status()));
}

TEST_F(NoticeTest, AWithdrawalWithASlotIsRefused) {
  const BulletinId id = Publish(DraftFor("meir"));
  const auto published = Fetched("an-lise").Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  ChangeLast([](DeliveredEntry& entry) {
    entry.slot = Bytes(168, 's');
    entry.slot_hash = Sha256(entry.slot);
  });
  Client guard = network_.Open(kGuard);
  EXPECT_EQ(guard.Sync()->refused, 1u);
  EXPECT_EQ(guard.Item(published->id)->fault, "SLOT_MALFORMED");
}

TEST_F(NoticeTest, TheBrokersWordEndsNoNotice) {
  const BulletinId id = Publish(DraftFor("meir"));
  Client guard = Fetched(kGuard);
  const auto published = Fetched("an-lise").Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  network_.Script(kGuard).AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) entry.state = DeliveryState::kWithdrawn;
  });
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Item(id)->state, InboxState::kWithdrawn);
  EXPECT_EQ(guard.Item(published->id)->state, InboxState::kLive);
  EXPECT_EQ(guard.Item(published->id)->kind, "withdraw");
}

TEST_F(NoticeTest, ANoticeOfWhatWasWithdrawnInItsTurnIsWithdrawn) {
  const BulletinId first = Publish(DraftFor("meir"));
  const BulletinId second = Supersede(first, "astrid");
  ASSERT_TRUE(Fetched("an-lise").Withdraw(second).ok());
  Client guard = network_.Open(kGuard);
  EXPECT_EQ(guard.Sync()->refused, 0u);
  EXPECT_EQ(guard.Item(first)->state, InboxState::kSuperseded);
  EXPECT_EQ(guard.Item(second)->state, InboxState::kWithdrawn);
}

// The end came between the entry and its payload: no fault of anybody's.
TEST_F(NoticeTest, APayloadThatIsServedNoMoreForItHasEndedIsNoFailureOfIntegrity) {
  const BulletinId id = Publish(DraftFor("meir"));
  network_.Open(kGuard);
  network_.Script(kGuard).AlterMessages([](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) entry.payload.clear();
  });
  network_.Script(kGuard).FailNext("Fetch", absl::NotFoundError("not now"));
  Client guard =
      Client::Open(network_.HomeOf(kGuard), std::nullopt,
                   std::shared_ptr<Connection>(std::shared_ptr<void>(), &network_.Script(kGuard)),
                   network_.clock(), network_.random())
          .value();
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_FALSE(guard.Item(id)->fetched);
  ASSERT_TRUE(Fetched("an-lise").Withdraw(id).ok());
  const absl::Status ended = guard.Show(id).status();
  EXPECT_EQ(RuleOf(ended), "WITHDRAWN") << ended;
  EXPECT_TRUE(absl::IsPermissionDenied(ended));
}

}  // namespace
}  // namespace shield::testing
