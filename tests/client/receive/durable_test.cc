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

  WatchedLogs logs_;
  SampleNetwork network_;
};

TEST_F(Durable, AllOfAMessageIsBeforeAnyOfItIsHandedOver) {
  Client guard = network_.Open("astrid-guard");
  std::vector<bool> unsynced;
  const absl::Status ended = guard.Subscribe([&](const OpenedBulletin&) {
    unsynced.push_back(logs_.HasUnsynced());
    return absl::OutOfRangeError("enough");
  });
  EXPECT_TRUE(absl::IsOutOfRange(ended)) << ended;
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
