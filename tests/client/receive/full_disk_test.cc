// A reader's home without room: what it holds is handed over all the same, and nothing of it twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/client.h"
#include "client/receive/hand_over.h"
#include "client/receive/unnoted_handings.h"
#include "tests/client/export/carriage_fixture.h"
#include "tests/client/support/watched_logs.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Before the network's databases are opened.
class Disk {
 protected:
  WatchedLogs logs_;
};

class FullDisk : protected Disk, public CarriageTest {
 protected:
  BulletinId Embargoed(absl::Duration ahead) {
    Client analyst = network_.Open("an-lise");
    Draft draft = network_.Green("secret");
    draft.not_before = network_.clock().Now() + ahead;
    return analyst.Publish(draft)->id;
  }
  // What the guard is handed before it hears of the broker, as "number state". `in_vain` is told
  // how often there was no room to note it.
  std::vector<std::string> HandedUntilConnected(const std::function<void(int)>& in_vain) {
    int turns = 0;
    Client* watching = nullptr;
    Client guard = network_.Open("astrid-guard", [&](const absl::Status& link) {
      if (link.ok()) {
        watching->Stop();
      } else {
        EXPECT_TRUE(absl::IsResourceExhausted(link)) << link;
        in_vain(++turns);
      }
      return absl::OkStatus();
    });
    watching = &guard;
    std::vector<std::string> handed;
    const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
      handed.push_back(absl::StrCat(opened.item.seq, " ", PrintInboxState(opened.item.state)));
      return absl::OkStatus();
    });
    EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
    return handed;
  }
  // The same with a disk that has room from the third time on.
  std::vector<std::string> HandedWhileFull() {
    logs_.FillDisk(true);
    return HandedUntilConnected([this](int turns) { logs_.FillDisk(turns < 3); });
  }
  std::vector<std::string> HandedNow() {
    return HandedUntilConnected([](int) { ADD_FAILURE() << "there is room"; });
  }
};

TEST_F(FullDisk, KeepsNobodyFromReadingWhatIsHereAndRepeatsNothing) {
  for (int i = 0; i < 3; ++i) Publish();
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  EXPECT_THAT(HandedWhileFull(), ElementsAre("1 live", "2 live", "3 live"));
  EXPECT_THAT(HandedNow(), IsEmpty()) << "noted once there was room";
}

TEST_F(FullDisk, WhatWasOpenedMeanwhileIsSignedForOnceThereIsRoom) {
  const BulletinId id = Publish();
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  HandedWhileFull();
  EXPECT_TRUE(StateOf("astrid-guard")->FindReceipt(id, ReceiptState::kOpened)->has_value());
}

TEST_F(FullDisk, WhatOpensMeanwhileIsHandedOnceMore) {
  Embargoed(absl::Hours(1));
  Publish();
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  logs_.FillDisk(true);
  EXPECT_THAT(HandedUntilConnected([this](int turns) {
                if (turns == 2) network_.clock().Advance(absl::Hours(1));
                logs_.FillDisk(turns < 5);
              }),
              ElementsAre("1 embargoed", "2 live", "1 live"));
  EXPECT_THAT(HandedNow(), IsEmpty());
  EXPECT_FALSE(*StateOf("astrid-guard")->IsWaiting(1));
}

TEST_F(FullDisk, WhatWasHandedClosedWaitsOnceThereIsRoom) {
  Embargoed(absl::Hours(1));
  ASSERT_TRUE(network_.Open("astrid-guard").Sync().ok());
  EXPECT_THAT(HandedWhileFull(), ElementsAre("1 embargoed"));
  EXPECT_TRUE(*StateOf("astrid-guard")->IsWaiting(1));
}

TEST_F(FullDisk, RepeatsNothingThatWasCarried) {
  for (int i = 0; i < 2; ++i) {
    const std::string folder = CarryFor("astrid-guard", Publish());
    ASSERT_TRUE(network_.Open("astrid-guard").Import(folder).ok());
  }
  EXPECT_THAT(HandedWhileFull(), ElementsAre("0 live", "0 live"));
  EXPECT_THAT(HandedNow(), IsEmpty());
}

TEST_F(FullDisk, WhatHasWaitedIsHandedOnceWhenItOpens) {
  Embargoed(absl::Hours(1));
  std::vector<std::string> handed;
  int in_vain = 0;
  Client* watching = nullptr;
  Client guard = network_.Open("astrid-guard", [&](const absl::Status& link) {
    if (absl::IsResourceExhausted(link) && ++in_vain == 3) logs_.FillDisk(false);
    if (!link.ok() || in_vain < 3) return absl::OkStatus();
    if (!*StateOf("astrid-guard")->IsWaiting(1)) watching->Stop();
    network_.clock().Advance(kLookAgainAfter);
    network_.broker().Beat();
    return absl::OkStatus();
  });
  watching = &guard;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin& opened) {
    handed.push_back(absl::StrCat(opened.item.seq, " ", PrintInboxState(opened.item.state)));
    if (handed.size() == 2) logs_.FillDisk(true);
    if (handed.size() == 1) {
      network_.Script("astrid-guard").BeforeNext("Read", [this] {
        network_.clock().Advance(absl::Hours(1));
        network_.broker().Beat();
      });
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
  EXPECT_THAT(handed, ElementsAre("1 embargoed", "1 live"));
  EXPECT_EQ(in_vain, 3);
}

TEST(UnnotedHandings, KeepsAsManyAsItSaysAndThoseOnceMore) {
  UnnotedHandings unnoted;
  const auto key = [](size_t i) { return ToBytes(AsBytes(absl::StrCat(i))); };
  for (size_t i = 0; i < UnnotedHandings::kMax; ++i) ASSERT_TRUE(unnoted.Keep(key(i), {}));
  EXPECT_TRUE(unnoted.full());
  EXPECT_FALSE(unnoted.Keep(key(UnnotedHandings::kMax), {}));
  EXPECT_FALSE(unnoted.Find(key(UnnotedHandings::kMax)).has_value());
  EXPECT_TRUE(unnoted.Keep(key(0), {absl::UnixEpoch(), std::nullopt}));
  EXPECT_EQ(unnoted.Find(key(0))->opens_from, absl::UnixEpoch());
  unnoted.Forget(key(0));
  EXPECT_FALSE(unnoted.Find(key(0)).has_value());
  EXPECT_FALSE(unnoted.full());
}

}  // namespace
}  // namespace shield::testing
