// Bulletins by stick, with the programs as they are typed: exported while there is a broker,
// imported where there is none.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

class Carriage : public ::testing::Test {
 protected:
  Carriage() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddOrg("shop-meir", "member", "retail", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.AddMember("meir-desk", "shop-meir", "reader", 2);
    network_.PublishDirectory();
  }
  std::string Published() {
    network_.WriteDraft("map.txt", "north gate closed");
    const std::string draft = network_.WriteDraft(
        "draft.md",
        "+++\ntitle = \"Seen\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\n"
        "to = [\"org:hotel-astrid\"]\nattachments = [\"map.txt\"]\n+++\nBody.\n");
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft})["id"];
  }
  std::string CarriedTo(const std::string& reader, const std::string& id) {
    const std::string folder = network_.folder() / ("stick-" + id);
    network_.ShieldJson("analyst", {"inbox", "export", id, "--out", folder, "--for", reader});
    return folder;
  }
  ProcessResult Import(const std::string& home, std::vector<std::string> folders) {
    folders.insert(folders.begin(), {"bulletin", "import"});
    folders.emplace_back("--json");
    return network_.Shield(home, folders);
  }
  nlohmann::json Held(const std::string& home) {
    return network_.ShieldJson(home, {"inbox", "ls", "--offline"})["entries"];
  }

  RealNetwork network_;
};

// The caller's own account is in order: it is refused as a publish to that reader would be.
TEST_F(Carriage, IsNotMadeForAReaderWhoIsSuspended) {
  const std::string id = Published();
  network_.ShieldJson("authority", {"member", "suspend", "astrid-desk", "--reason", "laptop"});
  network_.PublishDirectory();
  const ProcessResult refused =
      network_.Shield("analyst", {"inbox", "export", id, "--out", network_.folder() / "none",
                                  "--for", "astrid-desk", "--json"});
  EXPECT_EQ(refused.exit_code, 5) << refused.data << refused.notes;
  const nlohmann::json error = nlohmann::json::parse(refused.data)["error"];
  EXPECT_EQ(error["code"], "SUSPENDED");
  EXPECT_EQ(error["hint"], "nothing is carried to whom the broker would not give it either");
}

TEST_F(Carriage, IsNamedByItsIdAndByTheCommandThatOpensIt) {
  const std::string id = Published();
  const std::string folder = CarriedTo("astrid-desk", id);
  ASSERT_EQ(network_.StopBroker(), 0);
  ASSERT_EQ(Import("astrid-desk", {folder}).exit_code, 0);
  const std::string shown = network_.Shield("astrid-desk", {"inbox", "show", id, "--offline"}).data;
  EXPECT_EQ(shown.find("number 0"), std::string::npos) << shown;
  EXPECT_NE(shown.find("`shield inbox export " + id + " --from FOLDER --out DIR` opens it"),
            std::string::npos)
      << shown;
}

TEST_F(Carriage, TravelsByStickToAHomeWithoutABroker) {
  const std::string id = Published();
  const std::string folder = CarriedTo("astrid-desk", id);
  ASSERT_EQ(network_.StopBroker(), 0);
  const ProcessResult imported = Import("astrid-desk", {folder});
  ASSERT_EQ(imported.exit_code, 0) << imported.data << imported.notes;
  const nlohmann::json taken = nlohmann::json::parse(imported.data)["imported"][0];
  EXPECT_EQ(taken["id"], id);
  EXPECT_EQ(taken["newer_directory"], true);
  const nlohmann::json entry = Held("astrid-desk").at(0);
  EXPECT_EQ(entry["seq"], 0);
  EXPECT_EQ(entry["carried"], true);
  EXPECT_EQ(entry["state"], "live");
  const nlohmann::json shown =
      network_.ShieldJson("astrid-desk", {"inbox", "show", id, "--offline"});
  EXPECT_EQ(shown["title"], "Seen");
  EXPECT_EQ(shown["body"], "Body.");
  EXPECT_EQ(nlohmann::json::parse(Import("astrid-desk", {folder}).data)["imported"][0]["already"],
            true);
  // The broker comes back: the same bulletin, now with its number.
  network_.StartBroker();
  const nlohmann::json entries = network_.ShieldJson("astrid-desk", {"inbox", "ls"})["entries"];
  ASSERT_EQ(entries.size(), 1u) << entries;
  EXPECT_EQ(entries[0]["seq"], 1);
  EXPECT_EQ(entries[0]["carried"], false);
}

TEST_F(Carriage, AttachmentsAreOpenedFromTheFolderWithoutABroker) {
  const std::string id = Published();
  const std::string folder = CarriedTo("astrid-desk", id);
  ASSERT_EQ(network_.StopBroker(), 0);
  ASSERT_EQ(Import("astrid-desk", {folder}).exit_code, 0);
  const std::string out = network_.folder() / "opened";
  network_.ShieldJson("astrid-desk", {"inbox", "export", id, "--out", out, "--from", folder});
  std::ifstream map(out + "/attachments/map.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(map), {}), "north gate closed");
  EXPECT_TRUE(std::filesystem::exists(out + "/content.json"));
  // Without the folder it is the broker that has them, and there is none.
  EXPECT_NE(network_.Shield("astrid-desk", {"inbox", "export", id, "--out", out + "-2"}).exit_code,
            0);
  EXPECT_FALSE(std::filesystem::exists(out + "-2"));
}

TEST_F(Carriage, AnAttachmentThatWasChangedInTheFolderIsRefused) {
  const std::string id = Published();
  const std::string folder = CarriedTo("astrid-desk", id);
  ASSERT_EQ(network_.StopBroker(), 0);
  ASSERT_EQ(Import("astrid-desk", {folder}).exit_code, 0);
  const std::string out = network_.folder() / "opened";
  const auto outcome = [&] {
    const ProcessResult result = network_.Shield(
        "astrid-desk", {"inbox", "export", id, "--out", out, "--from", folder, "--json"});
    EXPECT_FALSE(std::filesystem::exists(out)) << "nothing stays of what failed";
    return result.exit_code;
  };
  const std::string sealed = folder + "/attachments/1.age";
  std::ofstream(sealed, std::ios::app) << "more";
  EXPECT_EQ(outcome(), 7);
  std::filesystem::resize_file(sealed, 10);
  EXPECT_EQ(outcome(), 7);
  std::filesystem::remove(sealed);
  EXPECT_EQ(outcome(), 3);
  std::filesystem::create_symlink("/dev/zero", sealed);
  EXPECT_EQ(outcome(), 7);
}

TEST_F(Carriage, IsRefusedAsOverTheWire) {
  const std::string folder = CarriedTo("astrid-desk", Published());
  ASSERT_EQ(network_.StopBroker(), 0);
  const ProcessResult stranger = Import("meir-desk", {folder});
  EXPECT_EQ(stranger.exit_code, 5) << stranger.notes;
  EXPECT_EQ(nlohmann::json::parse(stranger.data)["error"]["code"], "NOT_IN_SNAPSHOT");
  EXPECT_TRUE(Held("meir-desk").empty());

  std::ofstream(folder + "/orders.txt") << "believe me";
  EXPECT_EQ(Import("astrid-desk", {folder}).exit_code, 7);
  std::filesystem::remove(folder + "/orders.txt");
  std::filesystem::rename(folder + "/proof.txt", network_.folder() / "proof.txt");
  EXPECT_EQ(Import("astrid-desk", {folder}).exit_code, 3);
  std::filesystem::create_symlink(network_.folder() / "proof.txt", folder + "/proof.txt");
  EXPECT_EQ(Import("astrid-desk", {folder}).exit_code, 7);
  EXPECT_EQ(Import("astrid-desk", {folder + "-that-is-not-there"}).exit_code, 3);
}

TEST_F(Carriage, OneBadFolderKeepsNoneOfTheOthersBack) {
  const std::string first = CarriedTo("astrid-desk", Published());
  const std::string second = CarriedTo("astrid-desk", Published());
  const std::string third = CarriedTo("astrid-desk", Published());
  ASSERT_EQ(network_.StopBroker(), 0);
  std::filesystem::remove(second + "/bulletin.age");
  const ProcessResult result = Import("astrid-desk", {first, second, third});
  EXPECT_EQ(result.exit_code, 8) << result.notes;
  const nlohmann::json answer = nlohmann::json::parse(result.data);
  EXPECT_EQ(answer["imported"].size(), 2u) << answer;
  EXPECT_EQ(answer["refused"].size(), 1u);
  EXPECT_EQ(answer["error"]["code"], "IMPORTED_IN_PART");
  EXPECT_EQ(Held("astrid-desk").size(), 2u);
}

TEST_F(Carriage, WhatIsCarriedIsVerifiedAndAWithdrawalTravelsToo) {
  const std::string id = Published();
  const std::string folder = CarriedTo("astrid-desk", id);
  const ProcessResult verified = network_.Shield("astrid-desk", {"verify", folder, "--json"});
  EXPECT_EQ(verified.exit_code, 0) << verified.notes;
  // Whose it is not finds that it could not be read.
  EXPECT_EQ(network_.Shield("meir-desk", {"verify", folder, "--json"}).exit_code, 8);

  const std::string withdrawal = network_.ShieldJson(
      "analyst", {"bulletin", "withdraw", id, "--confirm", id, "--reason", "wrong"})["id"];
  network_.ShieldJson("analyst", {"inbox", "ls"});
  const std::string notice = network_.folder() / "notice";
  network_.ShieldJson("analyst", {"inbox", "export", withdrawal, "--out", notice});
  ASSERT_EQ(network_.StopBroker(), 0);
  ASSERT_EQ(Import("astrid-desk", {folder}).exit_code, 0);
  ASSERT_EQ(Import("astrid-desk", {notice}).exit_code, 0);
  EXPECT_EQ(Held("astrid-desk").at(0)["state"], "withdrawn");
  EXPECT_EQ(Import("astrid-desk", {folder}).exit_code, 5);
}

}  // namespace
}  // namespace shield::testing
