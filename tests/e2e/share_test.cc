// Passing a bulletin on, by command line, over the real broker: how far each label goes, what the
// new reader is shown, what the source sees, and that what ends the original reaches everyone.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

class Sharing : public ::testing::Test {
 protected:
  Sharing() {
    network_.AddOrg("police", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("mall", "member", "retail", "BE211", 3);
    network_.AddOrg("hotel", "member", "hotels-restaurants", "BE211", 3);
    network_.AddOrg("cleaners", "client", "other", "BE211", 3, {"--client-of", "mall"});
    network_.AddOrg("window-cleaners", "client", "other", "BE211", 3, {"--client-of", "cleaners"});
    network_.AddMember("analyst", "police", "analyst", 3);
    network_.AddMember("guard", "mall", "reader", 3);
    network_.AddMember("night", "mall", "reader", 3);
    network_.AddMember("cleaner", "cleaners", "reader", 3);
    network_.AddMember("mate", "cleaners", "reader", 3);
    network_.AddMember("window", "window-cleaners", "reader", 3);
    network_.AddMember("reader", "hotel", "reader", 3);
    network_.PublishDirectory();
  }

  // The id of a bulletin that the guard has.
  std::string Published(const std::string& tlp, const std::string& to) {
    const std::string draft = network_.WriteDraft(
        "draft.md",
        absl::StrCat("+++\ntitle = \"Pickpockets\"\nkind = \"flash_alert\"\ntlp = \"", tlp,
                     "\"\nto = [\"", to, "\"]\n+++\nTwo of them, near the Meir.\n"));
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  }

  nlohmann::json Share(const std::string& member, const std::string& id, const std::string& to) {
    network_.ShieldJson(member, {"inbox", "ls"});
    return network_.ShieldJson(member,
                               {"bulletin", "share", id, "--to", to, "--reason", "on site"});
  }
  // The rule by which it is refused, which has exit code 5.
  std::string Refused(const std::string& member, const std::string& id, const std::string& to,
                      const std::vector<std::string>& more = {"--reason", "on site"}) {
    std::vector<std::string> command = {"bulletin", "share", id, "--to", to, "--json"};
    command.insert(command.end(), more.begin(), more.end());
    const ProcessResult result = network_.Shield(member, command);
    EXPECT_EQ(result.exit_code, 5) << result.data << result.notes;
    return nlohmann::json::parse(result.data)["error"]["code"];
  }
  nlohmann::json Inbox(const std::string& member) {
    return network_.ShieldJson(member, {"inbox", "ls"})["entries"];
  }

  RealNetwork network_;
};

TEST_F(Sharing, AmberReachesARegisteredClientWithItsReason) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  EXPECT_EQ(Refused("guard", id, "org:cleaners", {}), "NEED_TO_KNOW_MISSING");
  const nlohmann::json shared = Share("guard", id, "member:cleaner");
  EXPECT_EQ(shared["shares"], id);
  EXPECT_EQ(shared["recipients"], 2);

  const nlohmann::json inbox = Inbox("cleaner");
  ASSERT_EQ(inbox.size(), 2u) << inbox;
  EXPECT_EQ(inbox[0]["id"], shared["id"]);
  EXPECT_EQ(inbox[0]["state"], "live") << inbox;
  EXPECT_EQ(inbox[0]["title"], "Pickpockets");
  EXPECT_EQ(inbox[0]["author"], "analyst");
  EXPECT_EQ(inbox[0]["org"], "police");
  EXPECT_EQ(inbox[0]["shared_by"], "guard");
  const nlohmann::json reason =
      network_.ShieldJson("cleaner", {"inbox", "show", shared["reason_id"].get<std::string>()});
  EXPECT_EQ(reason["body"], "on site");
  EXPECT_EQ(reason["author"], "guard");
  EXPECT_EQ(reason["refs"][0]["relation"], "replies");
  EXPECT_EQ(reason["refs"][0]["id"], shared["id"]);
  const nlohmann::json shown =
      network_.ShieldJson("cleaner", {"inbox", "show", shared["id"].get<std::string>()});
  EXPECT_EQ(shown["body"], "Two of them, near the Meir.");
}

TEST_F(Sharing, TheSourceSeesWhoPassedItToWhom) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  Share("guard", id, "org:cleaners");
  std::vector<std::string> passed_on;
  const nlohmann::json status = network_.ShieldJson("analyst", {"bulletin", "status", id});
  for (const nlohmann::json& each : status["recipients"]) {
    if (each["shared_by"] != "") {
      passed_on.push_back(each["member"].get<std::string>() + " by " +
                          each["shared_by"].get<std::string>());
    }
  }
  std::sort(passed_on.begin(), passed_on.end());
  EXPECT_EQ(passed_on, (std::vector<std::string>{"cleaner by guard", "mate by guard"}));
  EXPECT_NE(network_.Shield("guard", {"bulletin", "status", id}).exit_code, 0);
}

// To one of them, to all of them, and again after the share was taken back: the board of an honest
// broker is no alarm, and each of them stands on it once.
TEST_F(Sharing, WhoIsGivenItTwiceStandsOnTheBoardOnce) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  Share("guard", id, "member:cleaner");
  const std::string both = Share("guard", id, "org:cleaners")["id"];
  network_.ShieldJson("guard",
                      {"bulletin", "withdraw", both, "--confirm", both, "--reason", "again"});
  const std::string again = Share("guard", id, "org:cleaners")["id"];
  EXPECT_NE(again, both);
  Share("guard", id, "member:night");
  network_.ShieldJson("cleaner", {"inbox", "ls"});
  network_.ShieldJson("cleaner", {"inbox", "ack", again});

  const nlohmann::json status = network_.ShieldJson("analyst", {"bulletin", "status", id});
  std::vector<std::string> names;
  for (const nlohmann::json& each : status["recipients"]) {
    names.push_back(each["member"]);
    if (each["member"] == "cleaner") {
      EXPECT_EQ(each["state"], "acknowledged") << each;
    }
    if (each["member"] == "night") {
      EXPECT_EQ(each["shared_by"], "") << each;
      EXPECT_EQ(each["sharers"], nlohmann::json::array({"guard"})) << each;
    }
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"analyst", "cleaner", "guard", "mate", "night"}));
  EXPECT_EQ(status["counts"]["awaited"], 4) << status;
  EXPECT_EQ(status["counts"]["acknowledged"], 1) << status;
}

TEST_F(Sharing, EachLabelGoesAsFarAsItSays) {
  const std::string strict = Published("TLP:AMBER+STRICT", "org:mall");
  EXPECT_EQ(Refused("guard", strict, "member:cleaner"), "STRICT_NO_CLIENTS");
  const std::string green = Published("TLP:GREEN", "org:mall");
  EXPECT_EQ(Refused("guard", green, "member:cleaner"), "OUTSIDE_COMMUNITY");
  network_.ShieldJson("analyst", {"inbox", "ls"});
  Share("analyst", green, "member:reader");
  EXPECT_EQ(Inbox("reader")[0]["shared_by"], "analyst");
  EXPECT_EQ(Inbox("reader")[0]["state"], "live");
  const std::string red = Published("TLP:RED", "member:guard");
  EXPECT_EQ(Refused("guard", red, "member:night"), "RED_NOT_NAMED");
  EXPECT_EQ(Refused("guard", red, "member:analyst"), "RED_NOT_NAMED") << "who has it already";
}

// GREEN may go to anyone of the community, but a private member is not shown the others: the answer
// is the same whether there is such a one or not.
TEST_F(Sharing, WhoIsNotShownIsNotSaidToBeUnknown) {
  const std::string green = Published("TLP:GREEN", "org:mall");
  network_.ShieldJson("guard", {"inbox", "ls"});
  const auto said = [&](const std::string& to) {
    const ProcessResult result =
        network_.Shield("guard", {"bulletin", "share", green, "--to", to, "--json"});
    EXPECT_EQ(result.exit_code, 5) << result.data;
    const nlohmann::json error = nlohmann::json::parse(result.data)["error"];
    EXPECT_EQ(error["code"], "UNKNOWN_CODE");
    EXPECT_EQ(error["hint"], "ask the authority to pass it on");
    const std::string sentence = error["message"];
    EXPECT_NE(sentence.find("not among those your directory shows you"), std::string::npos)
        << sentence;
    return sentence.substr(sentence.rfind('`'));
  };
  EXPECT_EQ(said("org:hotel"), said("org:nobody"));
  EXPECT_EQ(said("member:reader"), said("member:nobody"));
}

TEST_F(Sharing, AClientSharesWithItsColleaguesButNotWithItsOwnClients) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  const std::string share = Share("guard", id, "member:cleaner")["id"];
  EXPECT_EQ(Inbox("cleaner")[0]["shared_by"], "guard");
  EXPECT_EQ(Refused("cleaner", share, "member:window"), "CLIENT_NOT_TRANSITIVE");
  // It sends no messages, so it can give no reason; nothing is sent then.
  EXPECT_EQ(Refused("cleaner", share, "member:mate"), "PUBLISHER_NOT_AUTHORISED");
  EXPECT_TRUE(Inbox("mate").empty());
  const nlohmann::json again =
      network_.ShieldJson("cleaner", {"bulletin", "share", share, "--to", "member:mate"});
  EXPECT_EQ(again["reason_id"], "");
  const nlohmann::json inbox = Inbox("mate");
  EXPECT_EQ(inbox[0]["state"], "live") << inbox;
  EXPECT_EQ(inbox[0]["shared_by"], "cleaner");
}

TEST_F(Sharing, AWithdrawalOfTheOriginalReachesWhoHoldsAShare) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  const std::string share = Share("guard", id, "member:cleaner")["id"];
  ASSERT_EQ(Inbox("cleaner")[0]["state"], "live");
  network_.ShieldJson("analyst", {"inbox", "ls"});
  network_.ShieldJson("analyst",
                      {"bulletin", "withdraw", id, "--confirm", id, "--reason", "wrong"});
  const nlohmann::json inbox = Inbox("cleaner");
  ASSERT_EQ(inbox.size(), 3u) << inbox;
  EXPECT_EQ(inbox[0]["id"], share);
  EXPECT_EQ(inbox[0]["state"], "withdrawn") << inbox;
  EXPECT_EQ(inbox[2]["kind"], "withdraw");
  // A home that hears of all of it at once comes to the same.
  EXPECT_EQ(Inbox("night")[0]["state"], "withdrawn");
}

TEST_F(Sharing, AShareIsExportedAndVerified) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  const std::string share = Share("guard", id, "member:cleaner")["id"];
  network_.ShieldJson("cleaner", {"inbox", "ls"});
  const std::string folder = network_.folder() / "export";
  network_.ShieldJson("cleaner", {"inbox", "export", share, "--out", folder});
  const nlohmann::json verified = network_.ShieldJson("cleaner", {"verify", folder})["verified"][0];
  EXPECT_EQ(verified["author"], "analyst") << verified;
  EXPECT_EQ(verified["shared_by"], "guard");
  EXPECT_EQ(verified["complete"], true);
}

TEST_F(Sharing, AttachmentsTravelWithTheShare) {
  network_.WriteDraft("plan.txt", "north gate closed");
  const std::string draft = network_.WriteDraft(
      "draft.md",
      "+++\ntitle = \"Plan\"\nkind = \"event_plan\"\ntlp = \"TLP:AMBER\"\nto = [\"org:mall\"]\n"
      "attachments = [\"plan.txt\"]\n+++\nSee the plan.\n");
  const std::string id = network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  const nlohmann::json shared = Share("guard", id, "member:cleaner");
  const nlohmann::json shown =
      network_.ShieldJson("cleaner", {"inbox", "show", shared["id"].get<std::string>()});
  EXPECT_EQ(shown["state"], "live") << shown;
  EXPECT_EQ(shown["attachments"][0]["name"], "plan.txt");
}

TEST_F(Sharing, ADryRunSaysWhoWouldGetItAndSendsNothing) {
  const std::string id = Published("TLP:AMBER", "org:mall");
  const nlohmann::json plan = [&] {
    network_.ShieldJson("guard", {"inbox", "ls"});
    return network_.ShieldJson("guard", {"bulletin", "share", id, "--to", "member:cleaner",
                                         "--reason", "on site", "--dry-run"});
  }();
  EXPECT_EQ(plan["recipients"].size(), 2u) << plan;
  EXPECT_TRUE(Inbox("cleaner").empty());
}

}  // namespace
}  // namespace shield::testing
