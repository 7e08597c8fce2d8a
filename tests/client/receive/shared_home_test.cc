// Several processes over one home, several threads over one client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "client/client.h"
#include "client/receive/hand_over.h"
#include "client/state/state.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SharedHomeTest : public ::testing::Test {
 protected:
  SharedHomeTest() : analyst_(network_.Open("an-lise")) {}
  void Publish(absl::string_view title) {
    const auto published = analyst_.Publish(network_.Green(title));
    ASSERT_TRUE(published.ok()) << published.status();
  }
  // The guard's home has "one", which a signed head confirms, and "two", which none does, and the
  // broker has lost "two".
  void LoseTheUnconfirmed() {
    Publish("one");
    Client guard = network_.Open("meir-guard");
    ASSERT_TRUE(guard.Sync().ok());
    Publish("two");
    network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
      message.mark.reset();
    });
    const absl::Status ended = guard.Subscribe([](const OpenedBulletin& opened) {
      return opened.item.seq == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
    });
    ASSERT_EQ(ended.message(), "enough");
    LoseTheLast();
  }
  void LoseTheLast() {
    const MemberId guard = *MemberId::Parse("meir-guard");
    const std::vector<DeliveredEntry> entries = network_.broker().TakeInbox(guard);
    ASSERT_THAT(entries, SizeIs(2));
    network_.broker().Forge(guard, entries[0]);
  }
  SampleNetwork network_;
  Client analyst_;
};

// At one of the three starts of a client whose inbox the broker does not have.
class SharedHomeStartTest : public SharedHomeTest, public ::testing::WithParamInterface<int> {};

// What it was refused for is not what the home holds any more.
TEST_P(SharedHomeStartTest, AnotherProcessThatCutsTheInboxBackFirstIsNoRollback) {
  LoseTheUnconfirmed();
  Client slow = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  Client quick = network_.Open("meir-guard");
  for (int i = 1; i < GetParam(); ++i) script.BeforeNext("Subscribe", [] {});
  script.BeforeNext("Subscribe", [&quick] { EXPECT_TRUE(quick.Sync().ok()); });
  const absl::StatusOr<SyncReport> report = slow.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->warnings, IsEmpty());
  EXPECT_THAT(*slow.Inbox(), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(EachStart, SharedHomeStartTest, ::testing::Values(1, 2, 3));

// What the handler had is gone; another bulletin has its number.
TEST_F(SharedHomeTest, WhatTookThePlaceOfAnEntryWhileItWasHandedIsHandedItself) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Publish("two");
  ScriptedConnection& script = network_.Script("meir-guard");
  script.AlterMessages([](SubscriptionMessage& message) { message.mark.reset(); });
  Client other = network_.Open("meir-guard");
  std::vector<std::string> had;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    had.push_back(opened.item.title);
    if (opened.item.title != "two") return absl::OkStatus();
    script.AlterMessages([](SubscriptionMessage&) {});
    LoseTheLast();
    Publish("in its place");
    EXPECT_TRUE(other.Sync().ok());
    guard.Stop();
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  const absl::Status enough =
      network_.Open("meir-guard").Subscribe([&](const OpenedBulletin& opened) {
        had.push_back(opened.item.title);
        return opened.item.seq == 2 ? absl::OutOfRangeError("enough") : absl::OkStatus();
      });
  EXPECT_EQ(enough.message(), "enough");
  EXPECT_THAT(had, ElementsAre("one", "two", "in its place"));
}

TEST_F(SharedHomeTest, AnotherProcessThatReceivesMeanwhileIsNoCheatingBroker) {
  Publish("one");
  Client slow = network_.Open("meir-guard");
  ScriptedConnection& script = network_.Script("meir-guard");
  Client quick = network_.Open("meir-guard");
  int messages = 0;
  script.AlterMessages([&](SubscriptionMessage&) {
    // Between the broker's message and this process the other one takes it, and more.
    if (++messages > 1) return;
    Publish("two");
    ASSERT_TRUE(quick.Sync().ok());
  });
  const absl::StatusOr<SyncReport> report = slow.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->received, 0u);
  EXPECT_THAT(*slow.Inbox(), SizeIs(2));
  EXPECT_THAT(*slow.Alarms(), SizeIs(0));
}

TEST_F(SharedHomeTest, AProcessFindsTheNewerDirectoryThatAnotherOneFetched) {
  Client first = network_.Open("meir-guard");
  ASSERT_TRUE(first.SyncDirectory().ok());
  network_.AddMember("meir-night", "meir", {Role::kReader});
  network_.PublishDirectory();
  ASSERT_TRUE(network_.Open("meir-guard").SyncDirectory().ok());
  EXPECT_EQ((*first.NewestDirectory())->version(), 2u);
  const auto synced = first.SyncDirectory();  // unchanged, says the broker
  ASSERT_TRUE(synced.ok()) << synced.status();
  EXPECT_EQ((*synced)->version(), 2u);
  Publish("named under version 2");
  EXPECT_TRUE(first.Sync().ok());
  EXPECT_EQ(first.Inbox()->front().fault, "");
}

TEST_F(SharedHomeTest, ADirectoryThatAHeartbeatNamesIsFetched) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    if (!message.mark.has_value()) return;
    network_.PublishDirectory();
    message.heartbeat = SubscriptionMessage::Heartbeat{2, network_.clock().Now()};
  });
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*guard.NewestDirectory())->version(), 2u);
}

TEST_F(SharedHomeTest, ADirectoryThatTheBrokerNamesAndDoesNotServeIsWithheld) {
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    message.heartbeat = SubscriptionMessage::Heartbeat{9, network_.clock().Now()};
  });
  const absl::Status status = guard.Sync().status();
  EXPECT_EQ(RuleOf(status), "DIRECTORY_WITHHELD") << status;
  EXPECT_TRUE(absl::IsDataLoss(status));
}

// Each entry goes to one of them, all of them in order.
TEST_F(SharedHomeTest, TwoSubscribersOfOneHomeShareItsEntries) {
  Client first = network_.Open("meir-guard");
  Client second = network_.Open("meir-guard");
  Mutex mutex;
  std::vector<uint64_t> handed;
  const auto take = [&](Client client) {
    return client.Subscribe([&](const OpenedBulletin& opened) {
      MutexLock lock(mutex);
      handed.push_back(opened.item.seq);
      if (handed.size() < 12) return absl::OkStatus();
      first.Stop();
      second.Stop();
      return absl::OkStatus();
    });
  };
  std::thread one([&] { EXPECT_TRUE(absl::IsCancelled(take(first))); });
  std::thread two([&] { EXPECT_TRUE(absl::IsCancelled(take(second))); });
  for (int i = 0; i < 12; ++i) Publish("x");
  one.join();
  two.join();
  EXPECT_THAT(handed, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

// An entry that another process sets aside while it is judged again.
class SetAsideMeanwhileTest : public SharedHomeTest {
 protected:
  // The guard's home has an entry that is closed for now and came without its payload.
  void Close(Client& guard) {
    Publish("one");
    SetAnalyst(AccountState::kSuspended);
    network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
      for (DeliveredEntry& entry : message.entries) entry.payload.clear();
    });
    ASSERT_TRUE(guard.Sync().ok());
    ASSERT_EQ(guard.Inbox()->front().state, InboxState::kRefused);
  }
  void SetAnalyst(AccountState state) {
    network_.Member("an-lise").state = state;
    network_.PublishDirectory();
  }
  void SetAside() {
    const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                         "antwerp.example/meir-guard");
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_TRUE(*(*state)->SetAside(0, {"another key", network_.clock().Now()}));
  }
};

TEST_F(SetAsideMeanwhileTest, EndsNoLookAtTheInbox) {
  Client guard = network_.Open("meir-guard");
  Close(guard);
  SetAnalyst(AccountState::kActive);
  ASSERT_TRUE(guard.SyncDirectory().ok());
  network_.Script("meir-guard").BeforeNext("Fetch", [this] { SetAside(); });
  size_t visited = 0;
  const absl::Status looked = guard.VisitShelf(Fetching::kAllowed, [&](ShelvedBulletin&&) {
    ++visited;
    return absl::OkStatus();
  });
  EXPECT_TRUE(looked.ok()) << looked;
  EXPECT_EQ(visited, 0u);
  EXPECT_THAT(*guard.Inbox(), SizeIs(1)) << "it is here as carried";
}

TEST_F(SetAsideMeanwhileTest, EndsNoWatch) {
  Client guard = network_.Open("meir-guard");
  Close(guard);
  ScriptedConnection& script = network_.Script("meir-guard");
  std::vector<std::string> handed;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    handed.push_back(opened.item.title + (opened.item.carried ? " carried" : ""));
    if (handed.size() == 1) {
      EXPECT_TRUE(network_.Open("an-omar").Publish(network_.Green("two")).ok());
    }
    if (opened.item.title == "two") {
      script.BeforeNext("Fetch", [this] {
        SetAside();
        network_.clock().Advance(kLookAgainAfter);
        network_.broker().Beat();
      });
      SetAnalyst(AccountState::kActive);
      network_.broker().Beat();
    }
    return opened.item.carried ? absl::OutOfRangeError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(ended.message(), "enough") << ended;
  EXPECT_THAT(handed, ElementsAre("", "two", "one carried"));
}

TEST_F(SharedHomeTest, AHandlerMaySyncAndShow) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    EXPECT_TRUE(guard.Sync().ok());
    EXPECT_TRUE(guard.Show(opened.item.seq).ok());
    EXPECT_TRUE(guard.Acknowledge(opened.item.seq).ok());
    return absl::OutOfRangeError("enough");
  });
  EXPECT_EQ(ended.message(), "enough");
}

TEST_F(SharedHomeTest, AnotherThreadMaySyncWhileAHandlerTakesItsTime) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    Publish("two");
    std::thread other([&] { EXPECT_TRUE(guard.Sync().ok()); });
    other.join();
    EXPECT_EQ(*guard.LastEntry(), 2u);
    return absl::OutOfRangeError("enough");
  });
  EXPECT_EQ(ended.message(), "enough");
}

TEST_F(SharedHomeTest, ASecondSubscriptionOfOneClientIsRefusedAtOnce) {
  Publish("one");
  Client guard = network_.Open("meir-guard");
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    const absl::Status second =
        guard.Subscribe([](const OpenedBulletin&) { return absl::OkStatus(); });
    EXPECT_EQ(RuleOf(second), "ALREADY_SUBSCRIBED") << second;
    return absl::OutOfRangeError("enough");
  });
  EXPECT_EQ(ended.message(), "enough");
}

}  // namespace
}  // namespace shield::testing
