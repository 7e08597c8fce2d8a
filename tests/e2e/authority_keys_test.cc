// Several officers sign, and their keys are rotated, over the real broker and the command line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class AuthorityKeys : public ::testing::Test {
 protected:
  explicit AuthorityKeys(int keys = 3, int threshold = 2) : network_(keys, threshold) {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    old_file_ = network_.folder() / "old.shield";
    std::filesystem::copy_file(network_.NetworkFile(), old_file_);
  }

  std::string Publish(absl::string_view title) {
    const std::string draft = network_.WriteDraft(
        "draft.md", absl::StrCat("+++\ntitle = \"", title,
                                 "\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER+STRICT\"\n"
                                 "to = [\"org:hotel-astrid\"]\n+++\nBody.\n"));
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  }
  std::vector<std::string> Titles(const std::string& member) {
    std::vector<std::string> titles;
    const nlohmann::json shown = network_.ShieldJson(member, {"inbox", "ls"});
    for (const nlohmann::json& entry : shown["entries"]) titles.push_back(entry["title"]);
    return titles;
  }
  std::string Export(const std::string& id, const std::string& name) {
    const std::string folder = network_.folder() / name;
    network_.ShieldJson("astrid-desk", {"inbox", "export", id, "--out", folder});
    return folder;
  }

  RealNetwork network_;
  std::string old_file_;
};

TEST_F(AuthorityKeys, ADirectoryIsInForceOnceTwoOfThreeHaveSigned) {
  const std::string draft = network_.folder() / "v1.signing";
  const ProcessResult alone =
      network_.Shield("authority", {"directory", "publish", "--draft", draft, "--json"});
  EXPECT_EQ(alone.exit_code, 8) << alone.notes;
  const nlohmann::json said = nlohmann::json::parse(alone.data);
  EXPECT_EQ(said["missing"].size(), 2u);
  EXPECT_EQ(said["signatures"], 1);
  EXPECT_NE(network_.Shield("astrid-desk", {"directory", "verify"}).exit_code, 0);

  const ProcessResult signed_by = RunProcess(
      {ShieldProgram(), "directory", "sign", draft, "--home", network_.HomeOf("officer-3")});
  ASSERT_EQ(signed_by.exit_code, 0) << signed_by.notes;
  EXPECT_TRUE(absl::StrContains(signed_by.data, "+ org hotel-astrid ")) << signed_by.data;
  EXPECT_TRUE(absl::StrContains(signed_by.data, "until=no-end")) << "a person reads it";
  EXPECT_FALSE(absl::StrContains(signed_by.data, "9007199254740991")) << signed_by.data;
  EXPECT_EQ(network_.ShieldJson("authority", {"directory", "publish", "--draft", draft})["version"],
            1);
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"directory", "verify"})["verified"], true);
}

// The stick stays in the drawer between two versions, with what it carried last time.
TEST_F(AuthorityKeys, TheSameFileServesForTheNextVersion) {
  const std::string draft = network_.folder() / "stick.signing";
  for (const int version : {1, 2}) {
    if (version == 2) {
      network_.ShieldJson("authority", {"org", "set", "hotel-astrid", "--vetting", "3"});
    }
    const ProcessResult wanted =
        network_.Shield("authority", {"directory", "publish", "--draft", draft});
    EXPECT_EQ(wanted.exit_code, 8) << wanted.notes;
    EXPECT_EQ(absl::StrContains(wanted.notes, "published already"), version == 2) << wanted.notes;
    network_.Must(RunProcess({ShieldProgram(), "directory", "sign", draft, "--home",
                              network_.HomeOf("officer-3")}),
                  "directory sign");
    EXPECT_EQ(
        network_.ShieldJson("authority", {"directory", "publish", "--draft", draft})["version"],
        version);
  }
}

TEST_F(AuthorityKeys, AMemberFollowsARotationByItself) {
  network_.PublishDirectory();
  Publish("Before");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before"}));

  // Officer 2's machine is lost; officer 3 and the authority hand over to a new key.
  network_.ShieldJson("authority", {"network", "rotate", "--remove", "2", "--new-key"});
  const std::string draft = network_.folder() / "rotation.signing";
  EXPECT_EQ(network_.Shield("authority", {"directory", "publish", "--draft", draft}).exit_code, 8);
  network_.Must(RunProcess({ShieldProgram(), "directory", "sign", draft, "--home",
                            network_.HomeOf("officer-3")}),
                "directory sign");
  network_.ShieldJson("authority", {"directory", "publish", "--draft", draft});
  EXPECT_TRUE(absl::StrContains(Contents(network_.NetworkFile()), "\nrotation 1 "));

  Publish("After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
  EXPECT_EQ(Contents(network_.HomeOf("astrid-desk") + "/network.shield"),
            Contents(network_.NetworkFile()));
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"directory", "verify", "--offline"})["verified"],
            true);
  // The broker starts again with the file it was first given, and with the new one.
  for (const std::string& file : {old_file_, network_.NetworkFile()}) {
    EXPECT_EQ(network_.StopBroker(), 0);
    network_.StartBroker(file);
    EXPECT_EQ(network_.Shield("astrid-desk", {"inbox", "ls"}).exit_code, 0) << file;
  }
}

class OneKey : public AuthorityKeys {
 protected:
  OneKey() : AuthorityKeys(1, 1) {}

  void Rotate(const std::string& removed = "1") {
    network_.ShieldJson("authority", {"network", "rotate", "--remove", removed, "--new-key"});
    network_.PublishDirectory();
  }
};

TEST_F(OneKey, ANewMemberJoinsWithTheNewFileAndOneWithTheOldFollows) {
  network_.PublishDirectory();
  network_.ShieldJson("late", {"network", "join", old_file_});
  Rotate();
  network_.AddMember("astrid-night", "hotel-astrid", "reader", 2);
  network_.PublishDirectory();
  EXPECT_EQ(network_.ShieldJson("astrid-night", {"directory", "verify"})["verified"], true);

  network_.ShieldJson("late",
                      {"network", "follow", network_.HomeOf("authority") + "/authority.txt"});
  EXPECT_EQ(Contents(network_.HomeOf("late") + "/network.shield"),
            Contents(network_.NetworkFile()));
}

// What a broker holds that was put back from a copy of `store`, made while version 1 was in force.
class RestoredBroker : public OneKey {
 protected:
  RestoredBroker() {
    network_.PublishDirectory();
    EXPECT_EQ(network_.StopBroker(), 0);
    Copy(network_.BrokerHome() + "/store", network_.folder() / "backup");
    network_.StartBroker(old_file_);
  }

  void Restore() {
    EXPECT_EQ(network_.StopBroker(), 0);
    Copy(network_.folder() / "backup", network_.BrokerHome() + "/store");
    network_.StartBroker(old_file_);
  }
  static void Copy(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }
};

TEST_F(RestoredBroker, IsReachedByASeatThatWasExchangedSince) {
  network_.ShieldJson("authority", {"network", "rotate", "--new-seat"});
  network_.PublishDirectory();
  Restore();
  const ProcessResult published = network_.Shield("authority", {"directory", "publish", "--json"});
  ASSERT_EQ(published.exit_code, 0) << published.notes;
  EXPECT_EQ(nlohmann::json::parse(published.data)["version"], 3);
  EXPECT_TRUE(absl::StrContains(published.notes, "the key before its seat was exchanged"));
  const ProcessResult refreshed = network_.Shield("authority", {"directory", "refresh"});
  EXPECT_EQ(refreshed.exit_code, 0) << refreshed.notes;
  EXPECT_EQ(refreshed.notes, "") << "the present key again";
}

// What does not hold came out of the authority's own files, and nothing broke in the broker.
TEST_F(RestoredBroker, ABadNoteOfAVersionBetweenIsSaidToBeOfTheAuthoritysFiles) {
  network_.PublishDirectory();
  Restore();
  const std::string path = network_.HomeOf("authority") + "/versions.txt";
  std::string versions = Contents(path);
  char& last = versions[versions.size() - 12];  // of the signature of version 2
  last = last == 'A' ? 'B' : 'A';
  std::ofstream(path, std::ios::trunc) << versions;
  const ProcessResult refused = network_.Shield("authority", {"directory", "publish"});
  EXPECT_EQ(refused.exit_code, 7) << refused.notes;
  EXPECT_TRUE(absl::StrContains(refused.notes, "versions.txt")) << refused.notes;
  EXPECT_FALSE(absl::StrContains(refused.notes, "inside the broker")) << refused.notes;
}

TEST_F(RestoredBroker, SaysThatTheNetworkFileIsOfAfterARotationAndGoesOnWithTheOneBefore) {
  Rotate();
  EXPECT_EQ(network_.StopBroker(), 0);
  Copy(network_.folder() / "backup", network_.BrokerHome() + "/store");
  const ProcessResult refused =
      RunProcess({ShielddProgram(), "run", "--home", network_.BrokerHome(), "--network",
                  network_.NetworkFile()});
  EXPECT_EQ(refused.exit_code, 70) << refused.notes;
  EXPECT_TRUE(absl::StrContains(refused.notes, "directory 1 in the store")) << refused.notes;
  EXPECT_TRUE(absl::StrContains(refused.notes, "the file of before that rotation"));
  EXPECT_FALSE(absl::StrContains(refused.notes, "restore")) << refused.notes;
  network_.StartBroker(old_file_);
  EXPECT_EQ(network_.ShieldJson("authority", {"directory", "publish"})["version"], 3);
}

TEST_F(RestoredBroker, OfAVersionThatItSaysNeverArrivedIsShownNoOtherText) {
  const std::string home = network_.HomeOf("authority");
  Copy(home, network_.folder() / "before");
  network_.PublishDirectory();
  const std::string second = Contents(home + "/directory.txt");
  Restore();
  // The home as it was between signing version 2 and the answer.
  Copy(network_.folder() / "before", home);
  std::filesystem::copy(home + "/directory.txt", home + "/upload.txt");
  std::ofstream(home + "/upload.txt", std::ios::trunc) << second;
  network_.AddOrg("hotel-late", "member", "hotels-restaurants", "BE211", 2);

  const ProcessResult published = network_.Shield("authority", {"directory", "publish", "--json"});
  ASSERT_EQ(published.exit_code, 0) << published.notes;
  EXPECT_EQ(nlohmann::json::parse(published.data)["version"], 3);
  EXPECT_TRUE(absl::StrContains(published.notes, "Directory 2 was signed before"));
  const std::string note = second.substr(second.find("shield/directory/"));
  EXPECT_TRUE(
      absl::StrContains(Contents(home + "/versions.txt"), note.substr(0, note.find("\n\n"))));
}

// The directory it holds is signed by keys that are pinned no more.
TEST_F(OneKey, WhoFollowedFromAFileGoesOnReadingWhatItHas) {
  network_.PublishDirectory();
  const std::string id = Publish("Before");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before"}));
  network_.ShieldJson("astrid-desk", {"key", "rotate"});
  Rotate();
  network_.ShieldJson("astrid-desk",
                      {"network", "follow", network_.HomeOf("authority") + "/authority.txt"});
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"inbox", "ls", "--offline"},
        {"inbox", "show", id, "--offline"},
        {"directory", "verify", "--offline"}}) {
    const ProcessResult read = network_.Shield("astrid-desk", words);
    EXPECT_EQ(read.exit_code, 0) << words[1] << read.notes;
  }
  Publish("After");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "After"}));
}

TEST_F(OneKey, RequestsOfBeforeARotationAreMadeAnewWithTheSameKeys) {
  network_.PublishDirectory();
  network_.MakeHome("astrid-night");
  const std::string request = network_.HomeOf("astrid-night") + "/request.txt";
  const std::string rekey =
      network_.ShieldJson("astrid-desk", {"key", "rotate"})["request"].get<std::string>();
  const std::string new_key = Contents(network_.HomeOf("astrid-desk") + "/sign.pub.next");
  const std::string key = Contents(network_.HomeOf("astrid-night") + "/sign.pub");
  Rotate();
  const std::string chain = network_.HomeOf("authority") + "/authority.txt";
  network_.ShieldJson("astrid-night", {"network", "follow", chain});
  network_.ShieldJson("astrid-desk", {"network", "follow", chain});
  const std::vector<std::string> add = {
      "member",       "add",     "--request", request,     "--org",
      "hotel-astrid", "--roles", "reader",    "--vetting", "2"};
  EXPECT_NE(network_.Shield("authority", add).exit_code, 0);
  EXPECT_NE(network_.Shield("authority", {"member", "rekey", "--request", rekey}).exit_code, 0);

  network_.ShieldJson("astrid-night", {"key", "create", "--member", "astrid-night"});
  EXPECT_EQ(Contents(network_.HomeOf("astrid-night") + "/sign.pub"), key);
  EXPECT_NE(
      network_.Shield("astrid-night", {"key", "create", "--member", "astrid-night"}).exit_code, 0)
      << "there is nothing to renew";
  network_.ShieldJson("astrid-desk", {"key", "rotate"});
  EXPECT_EQ(Contents(network_.HomeOf("astrid-desk") + "/sign.pub.next"), new_key);
  const std::string renewed = Contents(rekey);
  network_.ShieldJson("astrid-desk", {"key", "rotate"});
  EXPECT_EQ(Contents(rekey), renewed);
  network_.ShieldJson("authority", add);
  network_.ShieldJson("authority", {"member", "rekey", "--request", rekey});
  network_.PublishDirectory();
  EXPECT_EQ(network_.ShieldJson("astrid-night", {"directory", "verify"})["verified"], true);
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"directory", "verify"})["verified"], true);
}

TEST_F(OneKey, AnExportIsCheckedByTheKeysOfItsTimeOrFollowsToThose) {
  network_.PublishDirectory();
  const std::string id = Publish("Exported");
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Exported"}));
  const std::string before = Export(id, "before");
  Rotate();
  EXPECT_EQ(Titles("astrid-desk").size(), 1u);
  const std::string after = Export(id, "after");

  const auto verify = [this](const std::string& file, const std::string& folder) {
    return RunProcess({ShieldProgram(), "verify", "--network", file, folder, "--home",
                       network_.folder() / "nobody"});
  };
  // Whoever has no reader's identity cannot compare content.json, and is told so by the 8.
  EXPECT_EQ(verify(old_file_, before).exit_code, 8) << verify(old_file_, before).notes;
  const ProcessResult followed = verify(old_file_, after);
  EXPECT_EQ(followed.exit_code, 8) << followed.notes;
  EXPECT_TRUE(absl::StrContains(followed.data, "keys were changed 1 times")) << followed.data;
  EXPECT_EQ(verify(network_.NetworkFile(), after).exit_code, 8);
  const ProcessResult outdated = verify(network_.NetworkFile(), before);
  EXPECT_EQ(outdated.exit_code, 7);
  EXPECT_TRUE(absl::StrContains(outdated.notes, "network.shield of that time")) << outdated.notes;
}

// What a courier brings to a home without a broker.
TEST_F(OneKey, AFolderOfAfterARotationBringsItAndOneOfBeforeItIsTakenAllTheSame) {
  network_.PublishDirectory();
  Rotate();
  network_.ShieldJson("astrid-desk", {"directory", "verify"});
  std::filesystem::copy(network_.HomeOf("astrid-desk"), network_.HomeOf("desk-abroad"),
                        std::filesystem::copy_options::recursive);
  const auto carried = [this](const std::string& title) {
    const std::string id = Publish(title);
    const std::string folder = network_.folder() / title;
    EXPECT_EQ(Titles("astrid-desk").back(), title);
    network_.ShieldJson("astrid-desk", {"inbox", "export", id, "--out", folder, "--sealed"});
    return folder;
  };
  const std::string before = carried("Before");
  Rotate("2");
  const std::string after = carried("After");
  ASSERT_EQ(network_.StopBroker(), 0);
  network_.ShieldJson("desk-abroad", {"bulletin", "import", after});
  EXPECT_EQ(Contents(network_.HomeOf("desk-abroad") + "/network.shield"),
            Contents(network_.NetworkFile()));
  const ProcessResult taken = network_.Shield("desk-abroad", {"bulletin", "import", before});
  EXPECT_EQ(taken.exit_code, 0) << taken.notes;
  EXPECT_EQ(network_.ShieldJson("desk-abroad", {"inbox", "ls", "--offline"})["entries"].size(), 2u);
}

TEST_F(OneKey, RotationsThatAreNoneAreRefused) {
  network_.PublishDirectory();
  EXPECT_EQ(network_.Shield("authority", {"network", "rotate"}).exit_code, 2);
  EXPECT_EQ(network_.Shield("authority", {"network", "rotate", "--threshold", "2"}).exit_code, 2);
  EXPECT_EQ(network_.Shield("authority", {"network", "rotate", "--remove", "7"}).exit_code, 3);
  Rotate();
  const std::string chain = network_.HomeOf("authority") + "/authority.txt";
  const std::string forged = network_.folder() / "forged.txt";
  std::string text = Contents(chain);
  text.replace(text.find("threshold 1"), 11, "threshold 2");
  std::ofstream(forged, std::ios::binary) << text;
  EXPECT_NE(network_.Shield("astrid-desk", {"network", "follow", forged}).exit_code, 0);
  network_.ShieldJson("astrid-desk", {"network", "follow", chain});
  // A member that has followed knows an older one for what it is.
  const std::string empty = network_.folder() / "empty.txt";
  std::ofstream(empty).close();
  EXPECT_EQ(network_.Shield("astrid-desk", {"network", "follow", empty}).exit_code, 7);
}

}  // namespace
}  // namespace shield::testing
