// Receipts from end to end: the shipped command line, the broker and its store.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr char kDraft[] = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:hotel-astrid"]
expires = 2099-12-01T00:00:00Z
+++
Two men, grey van.
)";

class ReceiptsEndToEnd : public ::testing::Test {
 protected:
  ReceiptsEndToEnd() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
    draft_ = network_.WriteDraft("draft.md", kDraft);
  }

  std::string Publish() {
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft_, "--ack", "30m"})["id"];
  }
  nlohmann::json DeskOn(const std::string& id) {
    const nlohmann::json board = network_.ShieldJson("analyst", {"bulletin", "status", id});
    for (const nlohmann::json& reader : board["recipients"]) {
      if (reader["member"] == "astrid-desk") return reader;
    }
    return nullptr;
  }

  RealNetwork network_;
  std::string draft_;
};

TEST_F(ReceiptsEndToEnd, TheBoardFollowsAReaderFromDeliveryToAcknowledgement) {
  const std::string id = Publish();
  EXPECT_EQ(DeskOn(id)["state"], "pending");
  network_.ShieldJson("astrid-desk", {"inbox", "ls"});
  EXPECT_EQ(DeskOn(id)["state"], "delivered");
  const nlohmann::json shown = network_.ShieldJson("astrid-desk", {"inbox", "show", id});
  EXPECT_NE(shown["acknowledge_by"], "");
  EXPECT_EQ(DeskOn(id)["state"], "opened");
  network_.ShieldJson("astrid-desk", {"inbox", "ack", id});
  const nlohmann::json desk = DeskOn(id);
  EXPECT_EQ(desk["state"], "acknowledged");
  EXPECT_NE(desk["delivered_at"], "");
  EXPECT_NE(desk["acknowledged_at"], "");
  const nlohmann::json board = network_.ShieldJson("analyst", {"bulletin", "status", id});
  EXPECT_EQ(board["complete"], true);
  EXPECT_EQ(board["acknowledge_by"], shown["acknowledge_by"]);
  EXPECT_EQ(network_.Shield("astrid-desk", {"bulletin", "status", id}).exit_code, 3);
}

TEST_F(ReceiptsEndToEnd, AWatcherSignsWhatItWasShown) {
  const std::string id = Publish();
  network_.ShieldJson("astrid-desk", {"inbox", "watch", "--max", "1"});
  EXPECT_EQ(DeskOn(id)["state"], "opened");
}

TEST_F(ReceiptsEndToEnd, WhatWasSignedWithoutABrokerFollowsAndOutlivesItsKill) {
  const std::string id = Publish();
  network_.ShieldJson("astrid-desk", {"inbox", "ls"});
  ASSERT_EQ(network_.StopBroker(), 0);
  const ProcessResult offline = network_.Shield("astrid-desk", {"inbox", "show", id, "--offline"});
  EXPECT_EQ(offline.exit_code, 0) << offline.notes;
  network_.StartBroker();
  EXPECT_EQ(DeskOn(id)["state"], "delivered");
  network_.ShieldJson("astrid-desk", {"inbox", "ls"});
  EXPECT_EQ(DeskOn(id)["state"], "opened");
  network_.KillBroker();
  network_.StartBroker();
  EXPECT_EQ(DeskOn(id)["state"], "opened");
}

TEST_F(ReceiptsEndToEnd, WaitingEndsWithAllOrInterruptedWithTheIdOfWhatIsPublished) {
  Process waiting({ShieldProgram(), "bulletin", "publish", draft_, "--ack", "30m", "--wait",
                   "--home", network_.HomeOf("analyst"), "--broker", network_.address()});
  ASSERT_TRUE(waiting.WaitForLine("to be acknowledged by ").has_value());
  network_.ShieldJson("astrid-desk", {"inbox", "ls"});
  network_.ShieldJson("astrid-desk", {"inbox", "ack"});
  EXPECT_EQ(waiting.Wait(), 0);
  Process interrupted({ShieldProgram(), "bulletin", "publish", draft_, "--ack", "30m", "--wait",
                       "--home", network_.HomeOf("analyst"), "--broker", network_.address()});
  ASSERT_TRUE(interrupted.WaitForLine("to be acknowledged by ").has_value());
  interrupted.Signal(SIGINT);
  EXPECT_EQ(interrupted.Wait(), 130);
  const nlohmann::json listed = network_.ShieldJson("analyst", {"bulletin", "ls"});
  EXPECT_EQ(listed["entries"].size(), 2u) << "both were published";
}

}  // namespace
}  // namespace shield::testing
