// A member's keys are exchanged, end, and come again, over the real broker and the command line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

class MemberKeysInUse : public ::testing::Test {
 protected:
  MemberKeysInUse() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("desk", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
  }

  std::string Publish(absl::string_view title) {
    const std::string draft = network_.WriteDraft(
        "draft.md", absl::StrCat("+++\ntitle = \"", title,
                                 "\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER+STRICT\"\n"
                                 "to = [\"org:hotel-astrid\"]\n+++\nBody.\n"));
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  }
  // Title and state of each entry, or the check that closes it.
  std::vector<std::string> Inbox(const std::string& home) {
    std::vector<std::string> lines;
    const nlohmann::json shown = network_.ShieldJson(home, {"inbox", "ls"});
    for (const nlohmann::json& entry : shown["entries"]) {
      lines.push_back(entry["state"] == "live" ? entry["title"] : entry["fault"]);
    }
    return lines;
  }
  void Rekey(const std::string& request, const std::string& overlap_days) {
    network_.ShieldJson("authority",
                        {"member", "rekey", "--request", request, "--overlap-days", overlap_days});
    network_.PublishDirectory();
  }
  void CopyHome(const std::string& from, const std::string& to) {
    std::filesystem::copy(network_.HomeOf(from), network_.HomeOf(to),
                          std::filesystem::copy_options::recursive);
  }

  RealNetwork network_;
};

using Lines = std::vector<std::string>;

TEST_F(MemberKeysInUse, NewOnesTakeOverAndWhatWasSealedToTheOldOnesStaysReadable) {
  Publish("Before");
  EXPECT_EQ(Inbox("desk"), (Lines{"Before"}));
  CopyHome("desk", "desk-old");
  const std::string request = network_.ShieldJson("desk", {"key", "rotate"})["request"];
  EXPECT_EQ(network_.ShieldJson("desk", {"key", "rotate"})["request"], request) << "made once";
  const std::string between = Publish("Between");
  EXPECT_EQ(Inbox("desk"), (Lines{"Before", "Between"}));

  Rekey(request, "14");
  Publish("After");
  EXPECT_EQ(Inbox("desk"), (Lines{"Before", "Between", "After"}));
  EXPECT_EQ(Inbox("desk"), (Lines{"Before", "Between", "After"})) << "with the new keys by now";
  EXPECT_FALSE(std::filesystem::exists(network_.HomeOf("desk") + "/rekey.txt"));
  // The old keys still open the door, and nothing that is new.
  EXPECT_EQ(Inbox("desk-old"), (Lines{"Before", "Between", "KEY_NOT_HERE"}));
}

TEST_F(MemberKeysInUse, TheOldOnesOpenNoDoorAfterTheirEnd) {
  CopyHome("desk", "desk-old");
  Rekey(network_.ShieldJson("desk", {"key", "rotate"})["request"], "0");
  const ProcessResult refused = network_.Shield("desk-old", {"inbox", "ls"});
  EXPECT_EQ(refused.exit_code, 4) << refused.notes;
  // Who overslept the overlap takes the new ones deliberately.
  EXPECT_EQ(network_.Shield("desk", {"inbox", "ls"}).exit_code, 4);
  network_.ShieldJson("desk", {"key", "rotate", "--adopt"});
  Publish("After");
  EXPECT_EQ(Inbox("desk"), (Lines{"After"}));
  EXPECT_NE(network_.Shield("desk", {"key", "rotate", "--adopt"}).exit_code, 0);
}

// Else nothing of the member's would open the door any more.
TEST_F(MemberKeysInUse, NewOnesAreNotTakenUpBeforeTheDirectoryNamesThem) {
  Publish("Before");
  const std::string request = network_.ShieldJson("desk", {"key", "rotate"})["request"];
  for (const bool offline : {false, true}) {
    std::vector<std::string> adopt = {"key", "rotate", "--adopt", "--json"};
    if (offline) adopt.emplace_back("--offline");
    const ProcessResult refused = network_.Shield("desk", adopt);
    EXPECT_EQ(refused.exit_code, 5) << refused.data << refused.notes;
    EXPECT_TRUE(absl::StrContains(refused.data, "KEYS_NOT_CONFIRMED")) << refused.data;
  }
  EXPECT_TRUE(std::filesystem::exists(request));
  EXPECT_EQ(Inbox("desk"), (Lines{"Before"})) << "the keys before go on";
  network_.StopBroker();
  EXPECT_EQ(network_.Shield("desk", {"key", "rotate", "--adopt"}).exit_code, 6);
  network_.StartBroker();
  Rekey(request, "14");
  network_.ShieldJson("desk", {"key", "rotate", "--adopt"});
  EXPECT_EQ(Inbox("desk"), (Lines{"Before"}));
}

// Nothing waits for the authority then.
TEST_F(MemberKeysInUse, NewOnesOfWhoIsNoMemberAnyMoreAreRefusedAsItsOwn) {
  network_.AddMember("night", "hotel-astrid", "reader", 2);
  network_.PublishDirectory();
  for (const char* home : {"desk", "night"}) {
    network_.ShieldJson(home, {"inbox", "ls"});
    network_.ShieldJson(home, {"key", "rotate"});
  }
  network_.ShieldJson("authority", {"member", "suspend", "desk", "--reason", "under inquiry"});
  network_.ShieldJson("authority", {"member", "revoke", "night", "--reason", "left"});
  network_.PublishDirectory();
  for (const auto& [home, rule] :
       {std::pair("desk", "SUSPENDED"), std::pair("night", "NOT_ENROLLED")}) {
    const ProcessResult refused = network_.Shield(home, {"key", "rotate", "--adopt", "--json"});
    EXPECT_EQ(refused.exit_code, 4) << refused.data << refused.notes;
    EXPECT_EQ(nlohmann::json::parse(refused.data)["error"]["code"], rule) << home;
  }
}

TEST_F(MemberKeysInUse, ALostLaptopIsShutOutAndItsMemberComesBackUnderTheSameName) {
  Publish("Before");
  EXPECT_EQ(Inbox("desk"), (Lines{"Before"}));
  network_.ShieldJson("authority", {"member", "end-keys", "desk", "--reason", "laptop stolen"});
  network_.PublishDirectory();
  EXPECT_EQ(network_.Shield("desk", {"inbox", "ls"}).exit_code, 4);

  network_.ShieldJson("desk-new", {"network", "join", network_.NetworkFile()});
  const std::string request =
      network_.ShieldJson("desk-new", {"key", "create", "--member", "desk"})["request"];
  network_.ShieldJson("authority", {"member", "rekey", "--request", request});
  network_.PublishDirectory();
  Publish("After");
  // The same inbox: what was sealed to the lost key is listed, closed, and no alarm.
  EXPECT_EQ(Inbox("desk-new"), (Lines{"KEY_NOT_HERE", "After"}));
  EXPECT_EQ(network_.Shield("desk", {"inbox", "ls"}).exit_code, 4);
}

TEST_F(MemberKeysInUse, ARequestThatThePresentKeyDidNotSignIsRefused) {
  network_.ShieldJson("thief", {"network", "join", network_.NetworkFile()});
  const std::string request =
      network_.ShieldJson("thief", {"key", "create", "--member", "desk"})["request"];
  const ProcessResult refused =
      network_.Shield("authority", {"member", "rekey", "--request", request});
  EXPECT_EQ(refused.exit_code, 1) << refused.notes;
  EXPECT_TRUE(absl::StrContains(refused.notes, "KEYS_ACTIVE")) << refused.notes;
}

TEST_F(MemberKeysInUse, AChallengedMemberGetsNothingUntilItHasAnswered) {
  network_.MakeHome("night");
  const std::string challenge = network_.folder() / "challenge.age";
  network_.ShieldJson(
      "authority",
      {"member", "add", "--request", network_.HomeOf("night") + "/request.txt", "--org",
       "hotel-astrid", "--roles", "reader", "--vetting", "2", "--challenge", challenge});
  network_.PublishDirectory();
  Publish("Meanwhile");
  EXPECT_EQ(network_.Shield("night", {"inbox", "ls"}).exit_code, 4);
  EXPECT_EQ(network_.Shield("desk", {"key", "answer", challenge}).exit_code, 7);
  const ProcessResult wrong = network_.Shield(
      "authority", {"member", "confirm", "night", "--answer", "AAAA-AAAA-AAAA-AAAA-AAAA"});
  EXPECT_EQ(wrong.exit_code, 5) << wrong.notes;

  const std::string answer = network_.ShieldJson("night", {"key", "answer", challenge})["answer"];
  network_.ShieldJson("authority", {"member", "confirm", "night", "--answer", answer});
  network_.PublishDirectory();
  Publish("Since");
  EXPECT_EQ(Inbox("night"), (Lines{"Since"}));
}

// A challenge is ciphertext: a CR in it is no end of a line.
TEST_F(MemberKeysInUse, AChallengeIsAnsweredWhateverBytesItHas) {
  std::string challenge;
  std::string home;
  bool has_cr = false;
  for (int i = 0; i < 60 && !has_cr; ++i) {
    home = absl::StrCat("night-", i);
    challenge = network_.folder() / absl::StrCat(home, ".age");
    network_.MakeHome(home);
    network_.ShieldJson(
        "authority",
        {"member", "add", "--request", network_.HomeOf(home) + "/request.txt", "--org",
         "hotel-astrid", "--roles", "reader", "--vetting", "2", "--challenge", challenge});
    std::ifstream file(challenge, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    has_cr = absl::StrContains(bytes, '\r');
  }
  ASSERT_TRUE(has_cr);
  const std::string answer = network_.ShieldJson(home, {"key", "answer", challenge})["answer"];
  network_.ShieldJson("authority", {"member", "confirm", home, "--answer", answer});
}

TEST_F(MemberKeysInUse, WrappedKeysAreExchangedUnderTheirPassphrase) {
  const std::string passphrase = network_.WriteDraft("passphrase", "correct horse\n");
  network_.ShieldJson("wrapped", {"network", "join", network_.NetworkFile()});
  network_.ShieldJson("wrapped",
                      {"key", "create", "--member", "wrapped", "--passphrase-file", passphrase});
  network_.ShieldJson("authority",
                      {"member", "add", "--request", network_.HomeOf("wrapped") + "/request.txt",
                       "--org", "hotel-astrid", "--roles", "reader", "--vetting", "2"});
  network_.PublishDirectory();
  EXPECT_EQ(network_.Shield("wrapped", {"key", "rotate"}).exit_code, 4);
  Rekey(
      network_.ShieldJson("wrapped", {"key", "rotate", "--passphrase-file", passphrase})["request"],
      "14");
  Publish("After");
  for (int i = 0; i < 2; ++i) {
    const nlohmann::json shown =
        network_.ShieldJson("wrapped", {"inbox", "ls", "--passphrase-file", passphrase});
    ASSERT_EQ(shown["entries"].size(), 1u);
    EXPECT_EQ(shown["entries"][0]["title"], "After");
  }
}

}  // namespace
}  // namespace shield::testing
