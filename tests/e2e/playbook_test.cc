// The pages of docs/playbook are run as they stand, so that they cannot rot: every command of a
// page, in its order, against a real network. What a page says must come out is checked afterwards.
//
// Where a page starts the broker it says `systemctl`, which is a function here; `shield`
// gets the address of the broker, whose port changes, and everything else is the programs
// themselves.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/e2e/real_network.h"
#include "tests/support/shared_folder.h"

namespace shield::testing {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The fenced commands of a page, each block after a word that says which it is.
std::string CommandsOf(const std::string& page) {
  const std::string text = Contents((SourceFolder() / "docs/playbook" / page).string());
  EXPECT_FALSE(text.empty()) << page;
  std::string script;
  bool inside = false;
  int block = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (line == "```sh" || line == "```") {
      inside = line == "```sh";
      if (inside) absl::StrAppend(&script, "echo 'block ", ++block, "' >&2\n");
    } else if (inside) {
      absl::StrAppend(&script, line, "\n");
    }
  }
  EXPECT_GT(block, 0) << page;
  return script;
}

class Playbook : public ::testing::Test {
 protected:
  explicit Playbook(int keys = 1, int threshold = 1) : network_(keys, threshold) {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("colleague", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.AddMember("astrid-night", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
    TellOfBroker();
    last_ = Publish("analyst", "Before");
    EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before"}));
  }
  ~Playbook() override {
    int pid = 0;
    const std::string text = Contents(network_.folder() / "pid");
    if (absl::SimpleAtoi(absl::StripAsciiWhitespace(text), &pid) && pid != network_.broker_pid()) {
      kill(pid, SIGKILL);
    }
  }

  // Where the pages find the broker of the network, until they start another.
  void TellOfBroker() {
    std::ofstream(network_.folder() / "address") << network_.address() << "\n";
    std::ofstream(network_.folder() / "pid") << network_.broker_pid() << "\n";
  }

  // Runs the page with its variables; every command has to succeed.
  void Run(const std::string& page, std::vector<std::string> variables,
           const std::string& broker = "new-broker") {
    const std::string work = network_.folder().path().string();
    const std::string programs = std::filesystem::path(ShieldProgram()).parent_path().string();
    for (const auto& [name, home] :
         std::vector<std::pair<std::string, std::string>>{{"AUTHORITY", "authority"},
                                                          {"OFFICER2", "officer-2"},
                                                          {"OFFICER3", "officer-3"},
                                                          {"OFFICER4", "officer-4"},
                                                          {"NEW_HOME", "new"},
                                                          {"BROKER", broker},
                                                          {"ANALYST", "analyst"},
                                                          {"COLLEAGUE", "colleague"},
                                                          {"MEMBER", "astrid-desk"}}) {
      variables.push_back(absl::StrCat(name, "=", network_.HomeOf(home)));
    }
    variables.push_back(absl::StrCat("WORK=", work));
    variables.push_back(absl::StrCat("STICK=", work, "/stick"));
    variables.push_back(absl::StrCat("NETWORK=", network_.NetworkFile()));
    variables.push_back(absl::StrCat("PATH=", programs, ":", getenv("PATH")));
    std::filesystem::create_directory(work + "/stick");
    const ProcessResult ran = RunProcess(
        {"/bin/bash", "-c",
         absl::StrCat(Contents((SourceFolder() / "tests/e2e/playbook_surroundings.sh").string()),
                      CommandsOf(page))},
        {.environment = variables, .input = {}, .timeout = absl::Seconds(120)});
    ASSERT_EQ(ran.exit_code, 0) << page << "\n" << ran.data << ran.notes;
  }

  // As the pages do it: the broker may have another port by now.
  ProcessResult Shield(const std::string& home, std::vector<std::string> words) {
    words.insert(words.begin(), ShieldProgram());
    const std::string address = Contents(network_.folder() / "address");
    words.insert(words.end(), {"--json", "--home", network_.HomeOf(home), "--broker",
                               std::string(absl::StripAsciiWhitespace(address))});
    return RunProcess(words);
  }
  nlohmann::json ShieldJson(const std::string& home, const std::vector<std::string>& words) {
    const ProcessResult result = Shield(home, words);
    EXPECT_EQ(result.exit_code, 0) << home << ": " << words[0] << " " << words[1] << result.notes;
    return nlohmann::json::parse(result.data, nullptr, false);
  }
  std::string Publish(const std::string& home, absl::string_view title) {
    const std::string draft = network_.WriteDraft(
        "draft.md", absl::StrCat("+++\ntitle = \"", title,
                                 "\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER+STRICT\"\n"
                                 "to = [\"org:hotel-astrid\"]\n+++\nBody.\n"));
    return ShieldJson(home, {"bulletin", "publish", draft}).value("id", "");
  }
  std::vector<std::string> Titles(const std::string& home) {
    std::vector<std::string> titles;
    const nlohmann::json shown = ShieldJson(home, {"inbox", "ls"});
    for (const nlohmann::json& entry : shown["entries"]) {
      titles.push_back(entry["state"] == "live" ? entry["title"] : entry["state"]);
    }
    return titles;
  }

  RealNetwork network_;
  std::string last_;  // the bulletin that was published before
};

class PlaybookOfOfficers : public Playbook {
 protected:
  PlaybookOfOfficers() : Playbook(3, 2) {}
};

TEST_F(PlaybookOfOfficers, AuthorityKeyLostOrCompromised) {
  Run("authority-key.md", {});
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
  const std::string file = Contents(network_.HomeOf("astrid-desk") + "/network.shield");
  EXPECT_TRUE(absl::StrContains(file, "authority-4+")) << file;
  EXPECT_FALSE(absl::StrContains(file, "authority-2+")) << file;
}

TEST_F(Playbook, BrokerHostLostOrCompromised) {
  const std::string backups = network_.folder() / "backups";
  ASSERT_EQ(network_.StopBroker(), 0);
  network_.Must(
      RunProcess({ShielddProgram(), "backup", "--home", network_.BrokerHome(), "--to", backups}),
      "shieldd backup");
  // Twice something is published that the backup does not hold.
  network_.StartBroker();
  TellOfBroker();
  network_.Shield("authority", {"member", "revoke", "astrid-night", "--reason", "left"});
  network_.PublishDirectory();
  network_.PublishDirectory();
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before"}));
  ASSERT_EQ(network_.StopBroker(), 0);
  Run("broker-host.md", {absl::StrCat("BACKUPS=", backups), "NEW_ADDRESS=127.0.0.1:0"});
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before"}));
  // Who has not followed knows the new broker for a stranger.
  EXPECT_EQ(Shield("astrid-night", {"inbox", "ls"}).exit_code, 7);
  const std::string rotations = network_.HomeOf("authority") + "/authority.txt";
  ShieldJson("analyst", {"network", "follow", rotations});
  // Who was revoked after the backup stays so.
  ShieldJson("astrid-night", {"network", "follow", rotations});
  EXPECT_EQ(Shield("astrid-night", {"inbox", "ls"}).exit_code, 4);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
}

TEST_F(Playbook, BrokerRestoredFromABackup) {
  const std::string backups = network_.folder() / "backups";
  ASSERT_EQ(network_.StopBroker(), 0);
  network_.Must(
      RunProcess({ShielddProgram(), "backup", "--home", network_.BrokerHome(), "--to", backups}),
      "shieldd backup");
  network_.StartBroker();
  std::ofstream(network_.folder() / "address") << network_.address() << "\n";
  Publish("analyst", "Lost");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "Lost"}));
  ASSERT_EQ(network_.StopBroker(), 0);
  std::filesystem::copy(network_.NetworkFile(), network_.HomeOf("authority") + "/next.shield");
  Run("restored-backup.md", {absl::StrCat("BACKUPS=", backups)}, "broker");
  EXPECT_EQ(Titles("astrid-night"), (std::vector<std::string>{"Before"}));
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After", "Lost"}));
  EXPECT_EQ(Shield("astrid-desk", {"audit", "verify"}).exit_code, 0);
}

TEST_F(Playbook, FreshnessKeyLostOrCompromised) {
  const std::string key = network_.HomeOf("authority") + "/fresh.key";
  const std::string before = Contents(key);
  std::filesystem::remove(key);
  Run("freshness-key.md", {});
  EXPECT_NE(Contents(key), before);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
}

TEST_F(Playbook, AuthoritysHomeLost) {
  const std::string home = network_.HomeOf("authority");
  const std::string copy = network_.folder() / "copy";
  std::filesystem::copy(home, copy, std::filesystem::copy_options::recursive);
  network_.Shield("authority", {"member", "revoke", "astrid-night", "--reason", "left"});
  network_.PublishDirectory();
  std::filesystem::remove_all(home);
  Run("authority-home.md", {absl::StrCat("COPY=", copy), "VERSION=2"});
  EXPECT_EQ(Shield("astrid-night", {"inbox", "ls"}).exit_code, 4);
  EXPECT_EQ(ShieldJson("authority", {"directory", "show"})["version"], 3);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
}

TEST_F(Playbook, AuthoritysMachineStolen) {
  const std::string thief = network_.HomeOf("thief");
  std::filesystem::copy(network_.HomeOf("authority"), thief,
                        std::filesystem::copy_options::recursive);
  EXPECT_EQ(Shield("thief", {"directory", "refresh"}).exit_code, 0);
  Run("authority-machine.md", {});
  EXPECT_EQ(Shield("thief", {"directory", "refresh"}).exit_code, 4);
  EXPECT_EQ(Shield("thief", {"directory", "publish"}).exit_code, 4);
  EXPECT_EQ(Shield("authority", {"directory", "refresh"}).exit_code, 0);
  EXPECT_EQ(Shield("authority", {"directory", "publish"}).exit_code, 0);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
}

// No page is left out above.
TEST(PlaybookPages, AreAllRun) {
  std::vector<std::string> pages;
  for (const auto& file : std::filesystem::directory_iterator(SourceFolder() / "docs/playbook")) {
    pages.push_back(file.path().filename().string());
  }
  std::sort(pages.begin(), pages.end());
  EXPECT_EQ(pages, (std::vector<std::string>{"README.md", "analyst-key.md", "authority-home.md",
                                             "authority-key.md", "authority-machine.md",
                                             "broker-host.md", "forked-home.md", "freshness-key.md",
                                             "key-rotation.md", "member-laptop-stolen.md",
                                             "member-leaves.md", "restored-backup.md"}));
}

// Two texts of version 2 are signed by the authority's keys, and a desk was shown the false one.
TEST_F(Playbook, HomeHoldsAFalseDirectory) {
  const std::string acknowledged = last_;
  const std::string of_colleague = Publish("colleague", "Of one who left");
  ShieldJson("astrid-desk", {"inbox", "ls"});
  ShieldJson("astrid-desk", {"inbox", "ack", acknowledged});
  ASSERT_EQ(network_.StopBroker(), 0);
  const std::string honest = network_.folder() / "honest";
  std::filesystem::copy(network_.BrokerHome(), honest, std::filesystem::copy_options::recursive);
  network_.StartBroker();
  TellOfBroker();
  std::filesystem::copy(network_.HomeOf("authority"), network_.HomeOf("thief"),
                        std::filesystem::copy_options::recursive);
  ShieldJson("thief", {"org", "add", "false-firm", "--kind", "member", "--sectors", "retail",
                       "--regions", "BE211", "--vetting", "3"});
  ShieldJson("thief", {"directory", "publish"});
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "Of one who left"}));

  ASSERT_EQ(network_.StopBroker(), 0);
  std::filesystem::remove_all(network_.BrokerHome());
  std::filesystem::rename(honest, network_.BrokerHome());
  network_.StartBroker();
  TellOfBroker();
  network_.Shield("authority", {"member", "revoke", "colleague", "--reason", "left"});
  network_.PublishDirectory();
  const auto verify = [this] { return Shield("astrid-desk", {"directory", "verify"}).exit_code; };
  EXPECT_EQ(verify(), 7);
  EXPECT_EQ(verify(), 7) << "for good";
  Run("forked-home.md", {absl::StrCat("ID=", of_colleague)});
  const std::string stick = network_.folder() / "stick";
  EXPECT_TRUE(absl::StrContains(Contents(stick + "/alarms/directory-1-first.txt"), "version 2"));
  EXPECT_TRUE(absl::StrContains(Contents(stick + "/kept/content.json"), "Of one who left"));
  EXPECT_EQ(verify(), 0);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "refused", "After"}));
  const nlohmann::json shown = ShieldJson("astrid-desk", {"inbox", "ls"});
  EXPECT_EQ(shown["entries"][1]["fault"], "PUBLISHER_KEY_REVOKED") << shown;
  const nlohmann::json board = ShieldJson("analyst", {"bulletin", "status", acknowledged});
  EXPECT_EQ(board["counts"]["acknowledged"], 1) << board;
}

TEST_F(Playbook, MemberLaptopStolen) {
  const std::string thief = network_.HomeOf("thief");
  std::filesystem::copy(network_.HomeOf("astrid-desk"), thief,
                        std::filesystem::copy_options::recursive);
  Run("member-laptop-stolen.md", {"ID=astrid-desk"});
  EXPECT_EQ(Shield("thief", {"inbox", "ls"}).exit_code, 4);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("new").back(), "After");
  EXPECT_EQ(Titles("astrid-night"), (std::vector<std::string>{"Before", "After"}));
}

TEST_F(Playbook, MemberLeaves) {
  Run("member-leaves.md", {"ID=astrid-desk"});
  EXPECT_EQ(Shield("astrid-desk", {"inbox", "ls"}).exit_code, 4);
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-night"), (std::vector<std::string>{"Before", "After"}));
}

TEST_F(Playbook, KeyRotation) {
  const std::string before = Contents(network_.HomeOf("astrid-desk") + "/sign.pub");
  Run("key-rotation.md", {});
  Publish("analyst", "After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
  EXPECT_NE(Contents(network_.HomeOf("astrid-desk") + "/sign.pub"), before);
}

TEST_F(Playbook, AnalystsKeyCompromised) {
  const std::string forged = Publish("analyst", "Forged");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "Forged"}));
  // Keys end at a full second: what was signed in that very second counts as signed after it.
  const int64_t issued = absl::ToUnixSeconds(absl::Now());
  while (absl::ToUnixSeconds(absl::Now()) == issued) Shield("astrid-desk", {"inbox", "ls"});
  Run("analyst-key.md", {"ID=analyst", absl::StrCat("FORGED=", forged)});
  EXPECT_EQ(Shield("analyst", {"inbox", "ls"}).exit_code, 4);
  EXPECT_EQ(Titles("astrid-desk")[1], "withdrawn");
}

}  // namespace
}  // namespace shield::testing
