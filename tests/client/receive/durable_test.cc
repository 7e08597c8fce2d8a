// Nobody is given, and the broker is told of, what a power cut could still take out of the home.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/client.h"
#include "tests/client/support/sample_network.h"
#include "tests/client/support/watched_logs.h"

namespace shield::testing {
namespace {

constexpr absl::string_view kDraft = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:astrid"]
+++
Two men, grey van.
)";

class Durable : public ::testing::Test {
 protected:
  Durable() {
    Client analyst = network_.Open("an-lise");
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(analyst.Publish(network_.DraftOf(kDraft)).ok());
  }

  // Whether something could still be lost when the first bulletin is handed over.
  std::vector<bool> UnsyncedWhenHandedTo(Client& guard) {
    std::vector<bool> unsynced;
    const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
      unsynced.push_back(logs_.HasUnsynced());
      return absl::OutOfRangeError("enough");
    });
    EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
    return unsynced;
  }

  WatchedLogs logs_;
  SampleNetwork network_;
};

TEST_F(Durable, AllOfAMessageIsBeforeAnyOfItIsHandedOver) {
  Client guard = network_.Open("astrid-guard");
  EXPECT_EQ(UnsyncedWhenHandedTo(guard), std::vector<bool>{false});
}

TEST_F(Durable, SoIsAllOfAMessageWithoutAMark) {
  Client guard = network_.Open("astrid-guard");
  network_.Script("astrid-guard").AlterMessages([](SubscriptionMessage& message) {
    if (!message.entries.empty()) message.mark.reset();
  });
  EXPECT_EQ(UnsyncedWhenHandedTo(guard), std::vector<bool>{false});
}

TEST_F(Durable, SoIsWhatAnotherProcessHasStored) {
  Client other = network_.Open("astrid-guard");
  ScriptedConnection& script = network_.Script("astrid-guard");
  script.AlterMessages([](SubscriptionMessage& message) {
    if (message.entries.size() > 1) message.entries.back().payload.clear();
  });
  Client guard = network_.Open("astrid-guard");
  std::vector<bool> unsynced;
  // It asks for the payload of the last entry when those before it are stored.
  script.BeforeNext("Fetch", [&] {
    EXPECT_TRUE(logs_.HasUnsynced());
    unsynced = UnsyncedWhenHandedTo(guard);
  });
  ASSERT_TRUE(other.Sync().ok());
  EXPECT_EQ(unsynced, std::vector<bool>{false});
}

TEST_F(Durable, WhatHasComeIsBeforeTheBrokerIsTold) {
  Client guard = network_.Open("astrid-guard");
  std::vector<bool> unsynced;
  network_.Script("astrid-guard").BeforeNext("AddReceipts", [&] {
    unsynced.push_back(logs_.HasUnsynced());
  });
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(unsynced, std::vector<bool>{false});
}

TEST_F(Durable, WhatIsSaidOfManyIsBeforeTheBrokerIsTold) {
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  std::vector<bool> unsynced;
  const auto look = [&] { unsynced.push_back(logs_.HasUnsynced()); };
  network_.Script("astrid-guard").BeforeNext("Acknowledge", look);
  ASSERT_TRUE(guard.AcknowledgeThrough(3).ok());
  EXPECT_EQ(unsynced, std::vector<bool>{false});
}

}  // namespace
}  // namespace shield::testing
