// The main job, with the real programs: published by an analyst, read by exactly the right members.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr char kDraft[] = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:hotel-astrid", "org:stadium-bosuil"]
priority = "urgent"
expires = 2099-12-01T00:00:00Z
+++
Four people, working in pairs, seen since noon near the tram stop.
)";

class TravellingBulletin : public ::testing::Test {
 protected:
  TravellingBulletin() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddOrg("stadium-bosuil", "member", "stadia-arenas", "BE211", 2);
    network_.AddOrg("school-zuid", "member", "education", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.AddMember("bosuil-guard", "stadium-bosuil", "reader", 2);
    network_.AddMember("school-desk", "school-zuid", "reader", 2);
    network_.PublishDirectory();
  }

  RealNetwork network_;
};

TEST_F(TravellingBulletin, ReachesTheTwoFirmsItIsMeantForAndNoOther) {
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  const nlohmann::json published = network_.ShieldJson("analyst", {"bulletin", "publish", draft});
  EXPECT_EQ(published["recipients"], 3);
  EXPECT_EQ(published["directory_version"], 1);
  const std::string id = published["id"];

  for (const char* member : {"astrid-desk", "bosuil-guard"}) {
    const nlohmann::json shown = network_.ShieldJson(member, {"inbox", "show", id});
    EXPECT_EQ(shown["title"], "Pickpocket team around the Meir");
    EXPECT_EQ(shown["tlp"], "TLP:AMBER+STRICT");
    EXPECT_EQ(shown["author"], "analyst");
    EXPECT_EQ(shown["state"], "live");
    EXPECT_TRUE(absl::StrContains(shown["body"].get<std::string>(), "Four people"));
  }
  const ProcessResult refused = network_.Shield("school-desk", {"inbox", "show", id});
  EXPECT_EQ(refused.exit_code, 3) << refused.notes;
  EXPECT_EQ(network_.ShieldJson("school-desk", {"inbox", "ls"})["entries"].size(), 0u);
}

TEST_F(TravellingBulletin, DryRunNamesEveryReaderAndEveryExclusionWithItsRule) {
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  const nlohmann::json plan =
      network_.ShieldJson("analyst", {"bulletin", "publish", "--dry-run", draft});
  EXPECT_EQ(plan["recipients"].size(), 3u);
  bool school_excluded = false;
  for (const nlohmann::json& excluded : plan["excluded"]) {
    if (excluded["member"] == "school-desk") {
      school_excluded = true;
      EXPECT_EQ(excluded["rule"], "NOT_RECIPIENT_ORG");
    }
  }
  EXPECT_TRUE(school_excluded);
  // Nothing was sent.
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "ls"})["entries"].size(), 0u);
}

TEST_F(TravellingBulletin, ExplainNamesTheRuleOfAPublishedBulletinAndOfADraft) {
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  const std::string id = network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  for (const std::string& what : {id, draft}) {
    const nlohmann::json refused =
        network_.ShieldJson("analyst", {"policy", "explain", what, "--member", "school-desk"});
    EXPECT_EQ(refused["verdict"], "deny");
    EXPECT_EQ(refused["rule"], "NOT_RECIPIENT_ORG");
    EXPECT_FALSE(refused["sentence"].get<std::string>().empty());
    const ProcessResult allowed =
        network_.Shield("analyst", {"policy", "explain", what, "--member", "astrid-desk"});
    EXPECT_TRUE(absl::StrContains(allowed.data, "astrid-desk: allow RECIPIENT_ORG: "))
        << allowed.data << allowed.notes;
  }
}

TEST_F(TravellingBulletin, SurvivesARestartOfTheBroker) {
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  const std::string id = network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  EXPECT_EQ(network_.StopBroker(), 0);
  network_.StartBroker();
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "show", id})["id"], id);
}

TEST_F(TravellingBulletin, AcknowledgementsShowOnTheSourcesBoardOnly) {
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  const std::string id = network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  network_.ShieldJson("astrid-desk", {"inbox", "ack", id});
  const nlohmann::json status = network_.ShieldJson("analyst", {"bulletin", "status", id});
  for (const nlohmann::json& recipient : status["recipients"]) {
    EXPECT_EQ(recipient["acknowledged"], recipient["member"] == "astrid-desk") << recipient;
  }
  EXPECT_EQ(network_.Shield("astrid-desk", {"bulletin", "status", id}).exit_code, 3);
}

TEST_F(TravellingBulletin, ARevokedMemberIsShutOutAndGetsNothingMore) {
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  network_.ShieldJson("analyst", {"bulletin", "publish", draft});
  ASSERT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "ls"})["entries"].size(), 1u);

  const ProcessResult revoked = network_.Shield(
      "authority", {"member", "revoke", "astrid-desk", "--reason", "left the hotel"});
  ASSERT_EQ(revoked.exit_code, 0) << revoked.notes;
  network_.PublishDirectory();

  const ProcessResult after = network_.Shield("astrid-desk", {"inbox", "ls"});
  EXPECT_EQ(after.exit_code, 4) << after.notes;
  EXPECT_TRUE(absl::StrContains(after.notes, "revoked")) << after.notes;
  const nlohmann::json plan = network_.ShieldJson(
      "analyst", {"bulletin", "publish", "--dry-run", draft, "--to", "org:stadium-bosuil"});
  for (const nlohmann::json& recipient : plan["recipients"]) {
    EXPECT_NE(recipient["member"], "astrid-desk");
  }
}

}  // namespace
}  // namespace shield::testing
