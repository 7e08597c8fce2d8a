// A bulletin's life with the real programs: published, sent on, replaced, relabelled, permitted and
// taken back; what its readers see at each step, and what a killed broker remembers of it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr char kDraft[] = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:hotel-astrid"]
expires = 2099-12-01T00:00:00Z
attachments = ["cctv.txt"]
+++
Four people, working in pairs.
)";

class Lifecycle : public ::testing::Test {
 protected:
  Lifecycle() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddOrg("stadium-bosuil", "member", "stadia-arenas", "BE211", 2);
    network_.AddOrg("school-zuid", "member", "education", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("colleague", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.AddMember("bosuil-guard", "stadium-bosuil", "reader", 2);
    network_.AddMember("school-desk", "school-zuid", "reader", 2);
    network_.PublishDirectory();
    network_.WriteDraft("cctv.txt", "four faces");
  }

  std::string Publish(const std::string& text = kDraft) {
    const std::string draft = network_.WriteDraft("draft.md", text);
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  }
  // The answer to a command by `who` that changes what `id` is, confirmed.
  nlohmann::json Confirmed(const std::string& who, const std::string& id,
                           std::vector<std::string> command) {
    command.insert(command.end(), {"--confirm", id, "--reason", "duty officer"});
    return network_.ShieldJson(who, std::move(command));
  }
  // The entry of `id` as `member` lists it; null: it is not there.
  nlohmann::json EntryOf(const std::string& member, const std::string& id) {
    const nlohmann::json inbox = network_.ShieldJson(member, {"inbox", "ls"});
    for (const nlohmann::json& entry : inbox["entries"]) {
      if (entry["id"] == id) return entry;
    }
    return nullptr;
  }
  std::string StateOf(const std::string& member, const std::string& id) {
    const nlohmann::json entry = EntryOf(member, id);
    return entry.is_null() ? "not there" : entry["state"].get<std::string>();
  }

  RealNetwork network_;
};

TEST_F(Lifecycle, FromTheFirstPublishToTheWithdrawal) {
  const std::string first = Publish();
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "show", first})["attachments"].size(), 1u);
  EXPECT_EQ(StateOf("bosuil-guard", first), "not there");

  // To one firm more, by a colleague, attachment and all.
  const std::string extension = Confirmed(
      "colleague", first, {"bulletin", "extend", first, "--to", "org:stadium-bosuil"})["id"];
  const nlohmann::json extended = network_.ShieldJson("bosuil-guard", {"inbox", "show", extension});
  EXPECT_EQ(extended["title"], "Pickpocket team around the Meir");
  EXPECT_EQ(extended["attachments"][0]["name"], "cctv.txt");
  EXPECT_EQ(extended["refs"][0]["relation"], "extends");
  EXPECT_EQ(extended["refs"][0]["id"], first);
  EXPECT_EQ(StateOf("astrid-desk", first), "live");

  // A newer version for the hotel alone: the stadium is told, and given nothing to open.
  const std::string draft = network_.WriteDraft("draft.md", kDraft);
  const nlohmann::json update = network_.ShieldJson(
      "analyst", {"bulletin", "update", first, draft, "--title", "They have left"});
  const std::string second = update["id"];
  EXPECT_EQ(update["told"], 1);
  EXPECT_EQ(StateOf("astrid-desk", first), "superseded");
  EXPECT_EQ(EntryOf("astrid-desk", second)["title"], "They have left");
  EXPECT_EQ(StateOf("bosuil-guard", extension), "superseded");
  EXPECT_EQ(EntryOf("bosuil-guard", second)["kind"], "update");
  const ProcessResult replaced = network_.Shield("astrid-desk", {"inbox", "show", first});
  EXPECT_EQ(replaced.exit_code, 5) << replaced.notes;
  EXPECT_TRUE(absl::StrContains(replaced.notes, "SUPERSEDED")) << replaced.notes;
  const nlohmann::json status = network_.ShieldJson("analyst", {"bulletin", "status", second});
  int told = 0;
  for (const nlohmann::json& reader : status["recipients"]) told += reader["told"] ? 1 : 0;
  EXPECT_EQ(told, 1);

  // Less strict, for the same readers.
  const std::string relabelled =
      Confirmed("analyst", second, {"bulletin", "relabel", second, "--tlp", "TLP:AMBER"})["id"];
  EXPECT_EQ(StateOf("astrid-desk", second), "superseded");
  const nlohmann::json amber = EntryOf("astrid-desk", relabelled);
  EXPECT_EQ(amber["tlp"], "TLP:AMBER");
  EXPECT_EQ(amber["refs"][0]["relation"], "relabels");

  const std::string permit = Confirmed(
      "analyst", relabelled, {"bulletin", "permit", relabelled, "--to", "org:school-zuid"})["id"];
  EXPECT_EQ(StateOf("school-desk", permit), "live");

  const nlohmann::json withdrawal =
      Confirmed("colleague", relabelled, {"bulletin", "withdraw", relabelled});
  EXPECT_EQ(withdrawal["withdraws"], relabelled);
  EXPECT_EQ(withdrawal["also"], nlohmann::json::array({permit}));
  EXPECT_EQ(StateOf("astrid-desk", relabelled), "withdrawn");
  EXPECT_EQ(StateOf("school-desk", permit), "withdrawn");
  const std::string notice = withdrawal["id"];
  EXPECT_EQ(EntryOf("astrid-desk", notice)["kind"], "withdraw");
  const ProcessResult shown = network_.Shield("astrid-desk", {"inbox", "show", notice});
  EXPECT_EQ(shown.exit_code, 0) << shown.notes;
  EXPECT_TRUE(absl::StrContains(shown.data, "withdrawn this bulletin")) << shown.data;
  EXPECT_TRUE(absl::StrContains(shown.data, absl::StrCat("withdraws ", relabelled))) << shown.data;
}

TEST_F(Lifecycle, WhoMayNotIsRefusedAndWhoMayNotKnowFindsNothing) {
  const std::string id = Publish();
  const auto exit_code = [&](const std::string& who, const std::string& target) {
    return network_
        .Shield(who, {"bulletin", "withdraw", target, "--confirm", target, "--reason", "x"})
        .exit_code;
  };
  EXPECT_EQ(exit_code("astrid-desk", id), 5);
  EXPECT_EQ(exit_code("school-desk", id), 3);
  EXPECT_EQ(exit_code("school-desk", std::string(32, '1')), 3);
  EXPECT_EQ(network_.Shield("analyst", {"bulletin", "withdraw", id}).exit_code, 1);
  EXPECT_EQ(exit_code("analyst", id), 0);
  EXPECT_EQ(exit_code("analyst", id), 5);
}

TEST_F(Lifecycle, AKilledBrokerRemembersEveryWithdrawalItAnswered) {
  std::vector<std::string> withdrawn;
  for (int i = 0; i < 4; ++i) {
    const std::string id = Publish();
    if (i == 0) {
      ASSERT_EQ(StateOf("astrid-desk", id), "live");
    }
    Confirmed("analyst", id, {"bulletin", "withdraw", id});
    network_.KillBroker();
    network_.StartBroker();
    withdrawn.push_back(id);
  }
  // One reader held the first before, the other fetches all of it only now.
  for (const std::string& id : withdrawn) {
    EXPECT_EQ(StateOf("astrid-desk", id), "withdrawn");
    EXPECT_EQ(StateOf("colleague", id), "withdrawn");
  }
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "ls"})["entries"].size(), 8u);
  ASSERT_EQ(network_.StopBroker(), 0);
  const ProcessResult verified =
      RunProcess({ShielddProgram(), "verify", "--home", network_.BrokerHome()});
  EXPECT_EQ(verified.exit_code, 0) << verified.notes;
}

}  // namespace
}  // namespace shield::testing
