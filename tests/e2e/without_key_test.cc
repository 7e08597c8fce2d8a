// A member whose keys have ended and who has no new ones yet, by command line, over the real
// broker: whoever publishes is told that nothing is sealed to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

class WithoutKey : public ::testing::Test {
 protected:
  WithoutKey() {
    network_.AddOrg("police", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("mall", "member", "retail", "BE211", 3);
    network_.AddOrg("hotel", "member", "hotels-restaurants", "BE211", 3);
    network_.AddMember("analyst", "police", "analyst", 3);
    network_.AddMember("guard", "mall", "reader", 3);
    network_.AddMember("night", "mall", "reader", 3);
    network_.AddMember("desk", "hotel", "reader", 3);
    network_.PublishDirectory();
  }

  void EndKeys(const std::string& member) {
    network_.ShieldJson("authority", {"member", "end-keys", member, "--reason", "laptop stolen"});
    network_.PublishDirectory();
  }
  std::string Draft(const std::string& to, const std::string& tlp = "TLP:AMBER") {
    return network_.WriteDraft(
        "draft.md", absl::StrCat("+++\ntitle = \"Pickpockets\"\nkind = \"flash_alert\"\ntlp = \"",
                                 tlp, "\"\nto = [", to, "]\n+++\nTwo of them.\n"));
  }
  nlohmann::json Publish(const std::string& to) {
    return network_.ShieldJson("analyst", {"bulletin", "publish", Draft(to)});
  }
  // The rule by which it is refused, which has exit code 5.
  std::string Refused(const std::string& home, std::vector<std::string> command) {
    command.emplace_back("--json");
    const ProcessResult result = network_.Shield(home, command);
    EXPECT_EQ(result.exit_code, 5) << result.data << result.notes;
    const nlohmann::json error = nlohmann::json::parse(result.data)["error"];
    EXPECT_FALSE(error["hint"].get<std::string>().empty());
    return error["code"];
  }
  static std::vector<std::string> Members(const nlohmann::json& readers) {
    std::vector<std::string> names;
    for (const nlohmann::json& each : readers) names.push_back(each["member"]);
    std::sort(names.begin(), names.end());
    return names;
  }

  const std::vector<std::string> night_ = {"night"};
  RealNetwork network_;
};

TEST_F(WithoutKey, IsShownApartFromThoseItReaches) {
  EndKeys("night");
  const std::string draft = Draft("\"org:mall\"");
  const nlohmann::json plan =
      network_.ShieldJson("analyst", {"bulletin", "publish", draft, "--dry-run"});
  EXPECT_EQ(Members(plan["recipients"]), (std::vector<std::string>{"analyst", "guard"})) << plan;
  EXPECT_EQ(Members(plan["without_key"]), night_);
  EXPECT_EQ(plan["warnings"], nlohmann::json::array({"RECIPIENT_WITHOUT_KEY"}));
  const ProcessResult shown =
      network_.Shield("analyst", {"bulletin", "publish", draft, "--dry-run"});
  EXPECT_TRUE(absl::StrContains(shown.data, "1 without a key")) << shown.data;

  const nlohmann::json published = network_.ShieldJson("analyst", {"bulletin", "publish", draft});
  EXPECT_EQ(published["recipients"], 2) << published;
  EXPECT_EQ(Members(published["without_key"]), night_);
  EXPECT_EQ(published["warnings"], nlohmann::json::array({"RECIPIENT_WITHOUT_KEY"}));
  network_.ShieldJson("analyst", {"inbox", "ls"});
  const nlohmann::json status =
      network_.ShieldJson("analyst", {"bulletin", "status", published["id"].get<std::string>()});
  EXPECT_EQ(status["counts"]["awaited"], 1) << status;
  EXPECT_EQ(Members(status["recipients"]), (std::vector<std::string>{"analyst", "guard"}));
}

TEST_F(WithoutKey, WhoIsNamedInPersonRefusesTheCommand) {
  EndKeys("night");
  const std::string draft = Draft("\"org:mall\", \"member:night\"");
  for (const bool dry : {true, false}) {
    std::vector<std::string> command = {"bulletin", "publish", draft};
    if (dry) command.emplace_back("--dry-run");
    EXPECT_EQ(Refused("analyst", command), "RECIPIENT_WITHOUT_KEY");
  }
  EXPECT_TRUE(network_.ShieldJson("guard", {"inbox", "ls"})["entries"].empty());
}

TEST_F(WithoutKey, NobodyElseLeftRefusesTheCommand) {
  EndKeys("desk");
  EXPECT_EQ(Refused("analyst", {"bulletin", "publish", Draft("\"org:hotel\"")}),
            "RECIPIENT_WITHOUT_KEY");
  EXPECT_EQ(Publish("\"org:hotel\", \"org:mall\"")["recipients"], 3);
}

TEST_F(WithoutKey, IsShownApartWhenItIsExtendedUpdatedOrPassedOn) {
  const std::string id = Publish("\"org:hotel\"")["id"];
  network_.ShieldJson("analyst", {"inbox", "ls"});
  EndKeys("night");
  EXPECT_EQ(Refused("analyst", {"bulletin", "extend", id, "--to", "member:night", "--confirm", id,
                                "--reason", "asked"}),
            "RECIPIENT_WITHOUT_KEY");
  const nlohmann::json extended = network_.ShieldJson(
      "analyst",
      {"bulletin", "extend", id, "--to", "org:mall", "--confirm", id, "--reason", "asked"});
  EXPECT_EQ(Members(extended["without_key"]), night_) << extended;
  const ProcessResult asked =
      network_.Shield("analyst", {"bulletin", "update", id, Draft("\"org:mall\", \"org:hotel\""),
                                  "--confirm", id, "--reason", "newer"});
  ASSERT_EQ(asked.exit_code, 0) << asked.notes;
  EXPECT_TRUE(absl::StrContains(asked.data, "not sealed to night")) << asked.data;
}

// Nobody else is left whom it could be sent to: that is no "all have it already".
TEST_F(WithoutKey, WhoLacksABulletinThatAllOthersHaveRefusesItsExtension) {
  const std::string held = Publish("\"org:mall\"")["id"];
  const std::string lacked = Publish("\"org:hotel\", \"member:guard\"")["id"];
  network_.ShieldJson("analyst", {"inbox", "ls"});
  EndKeys("night");
  for (const bool dry : {true, false}) {
    std::vector<std::string> command = {"bulletin", "extend", lacked, "--to", "org:mall"};
    if (dry) command.emplace_back("--dry-run");
    EXPECT_EQ(Refused("analyst", command), "RECIPIENT_WITHOUT_KEY");
  }
  const nlohmann::json told =
      network_.ShieldJson("analyst", {"bulletin", "extend", held, "--to", "org:mall"});
  EXPECT_EQ(told["id"], "") << told;
  EXPECT_EQ(Members(told["without_key"]), night_) << "it has it, and is told of all the same";
}

TEST_F(WithoutKey, AShareIsSealedToThoseWhoHaveOne) {
  const std::string id = Publish("\"member:guard\", \"org:police\"")["id"];
  network_.AddMember("day", "mall", "reader", 3);
  network_.PublishDirectory();
  EndKeys("night");
  network_.ShieldJson("guard", {"inbox", "ls"});
  EXPECT_EQ(Refused("guard", {"bulletin", "share", id, "--to", "member:night"}),
            "RECIPIENT_WITHOUT_KEY");
  const nlohmann::json shared =
      network_.ShieldJson("guard", {"bulletin", "share", id, "--to", "org:mall"});
  EXPECT_EQ(Members(shared["without_key"]), night_) << shared;
  EXPECT_EQ(network_.ShieldJson("day", {"inbox", "ls"})["entries"][0]["id"], shared["id"]);
  EndKeys("day");
  network_.ShieldJson("guard", {"inbox", "ls"});
  EXPECT_EQ(Refused("guard", {"bulletin", "share", id, "--to", "member:day"}),
            "RECIPIENT_WITHOUT_KEY");
}

TEST_F(WithoutKey, WaitingForNobodyDoesNotEndWell) {
  const ProcessResult waited = network_.Shield(
      "analyst",
      {"bulletin", "publish", Draft("\"org:police\""), "--ack", "1h", "--wait", "--json"});
  EXPECT_EQ(waited.exit_code, 8) << waited.data << waited.notes;
  EXPECT_EQ(nlohmann::json::parse(waited.data)["error"]["code"], "NOBODY_AWAITED");
}

}  // namespace
}  // namespace shield::testing
