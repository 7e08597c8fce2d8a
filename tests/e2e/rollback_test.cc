// Yesterday's backup put back under a running network: whoever has looked since says so.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/e2e/real_network.h"
#include "tests/support/process.h"

namespace shield::testing {
namespace {

class RestoredBackup : public ::testing::Test {
 protected:
  RestoredBackup() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddOrg("school-zuid", "member", "education", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("colleague", "police-antwerp", "analyst", 3);
    network_.AddMember("reader", "hotel-astrid", "reader", 2);
    network_.AddMember("sleeper", "hotel-astrid", "reader", 2);
    network_.AddMember("bystander", "school-zuid", "reader", 2);
    network_.PublishDirectory();
  }

  static std::string Draft(absl::string_view title) {
    return absl::StrCat("+++\ntitle = \"", title,
                        "\"\nkind = \"flash_alert\"\ntlp = \"AMBER+STRICT\"\nto = "
                        "[\"org:hotel-astrid\"]\nexpires = 2099-12-01T00:00:00Z\n+++\nBody.\n");
  }
  void PublishForTheHotel(absl::string_view title) {
    const std::string draft = network_.WriteDraft(absl::StrCat(title, ".md"), Draft(title));
    network_.ShieldJson("analyst", {"bulletin", "publish", draft});
  }
  void Look(absl::string_view home) { network_.ShieldJson(home, {"inbox", "ls"}); }
  void RunShieldd(const std::string& command, const std::string& option) {
    const ProcessResult result =
        RunProcess({ShielddProgram(), command, "--home", network_.BrokerHome(), option,
                    network_.folder() / "backup"});
    ASSERT_EQ(result.exit_code, 0) << result.notes;
  }
  void BackUp() {
    ASSERT_EQ(network_.StopBroker(), 0);
    RunShieldd("backup", "--to");
    network_.StartBroker();
  }
  void Restore() {
    ASSERT_EQ(network_.StopBroker(), 0);
    std::filesystem::remove_all(network_.BrokerHome() + "/store");
    RunShieldd("restore", "--from");
    network_.StartBroker();
  }
  // Another member's home knows nothing of the loss; whoever does is told of it.
  void PublishForTheHotelInSpiteOf(absl::string_view title) {
    const ProcessResult refused = network_.Shield(
        "colleague",
        {"bulletin", "publish", network_.WriteDraft(absl::StrCat(title, ".md"), Draft(title))});
    ASSERT_EQ(refused.exit_code, 0) << refused.notes;
  }
  void NameAnotherLogKey() {
    ASSERT_EQ(network_.StopBroker(), 0);
    const ProcessResult made =
        RunProcess({"/bin/sh", "-ec",
                    absl::StrCat("umask 077; head -c 32 /dev/urandom | base64 > '",
                                 network_.BrokerHome(), "/log.key'")});
    ASSERT_EQ(made.exit_code, 0) << made.notes;
    network_.StartBroker();
    const ProcessResult shown =
        network_.Shield("authority", {"directory", "accept-broker-keys", "--no-input"});
    const std::vector<std::string> lines = absl::StrSplit(shown.data, '\n', absl::SkipWhitespace());
    ASSERT_FALSE(lines.empty()) << shown.notes;
    const std::string fingerprint = absl::StrReplaceAll(lines.back(), {{" ", ""}});
    network_.ShieldJson("authority", {"directory", "accept-broker-keys", "--confirm", fingerprint,
                                      "--reason", "restored from the backup of yesterday"});
    network_.PublishDirectory();
  }
  std::vector<std::string> Titles(absl::string_view home) {
    std::vector<std::string> titles;
    const ProcessResult listed = network_.Shield(home, {"inbox", "ls", "--offline", "--json"});
    const nlohmann::json shown = nlohmann::json::parse(listed.data, nullptr, false);
    for (const nlohmann::json& entry : shown["entries"]) {
      titles.push_back(entry["title"].get<std::string>() + (entry["carried"] ? " carried" : ""));
    }
    return titles;
  }
  std::string IdOf(absl::string_view home, absl::string_view title) {
    const ProcessResult listed = network_.Shield(home, {"inbox", "ls", "--offline", "--json"});
    const nlohmann::json shown = nlohmann::json::parse(listed.data, nullptr, false);
    for (const nlohmann::json& entry : shown["entries"]) {
      if (entry["title"] == std::string(title)) return entry["id"];
    }
    return "";
  }
  // The exit code and rule with which a look at the inbox ends.
  std::string Outcome(absl::string_view home) {
    const ProcessResult result = network_.Shield(home, {"inbox", "ls", "--json"});
    const nlohmann::json object = nlohmann::json::parse(result.data, nullptr, false);
    std::string outcome = absl::StrCat(result.exit_code);
    if (object.contains("error")) {
      absl::StrAppend(&outcome, " ", object["error"]["code"].get<std::string>());
    }
    return outcome;
  }

  RealNetwork network_;
};

TEST_F(RestoredBackup, EveryMemberThatWasAheadSaysSo) {
  PublishForTheHotel("yesterday");
  for (const char* home : {"reader", "bystander", "sleeper"}) Look(home);
  BackUp();
  PublishForTheHotel("today");
  for (const char* home : {"analyst", "reader", "bystander"}) Look(home);
  Restore();
  // The reader lost an entry of its inbox, the bystander has none: the log tells it.
  EXPECT_EQ(Outcome("reader"), "7 ROLLBACK");
  EXPECT_EQ(Outcome("analyst"), "7 ROLLBACK");
  EXPECT_EQ(Outcome("bystander"), "7 LOG_ROLLBACK");
  EXPECT_EQ(Outcome("sleeper"), "0");
  // Nor when the log has grown past what was lost.
  for (int i = 0; i < 8; ++i) {
    network_.AddOrg(absl::StrCat("firm-", i), "member", "retail", "BE211", 2);
    network_.PublishDirectory();
  }
  EXPECT_EQ(Outcome("bystander"), "7 LOG_FORK");
  EXPECT_EQ(Outcome("reader"), "7 ROLLBACK");
  // Both signed checkpoints are kept, and whoever lists the inbox is told.
  const ProcessResult listed = network_.Shield("bystander", {"inbox", "ls", "--offline"});
  EXPECT_TRUE(absl::StrContains(listed.notes, "two signed texts of log")) << listed.notes;
}

// Receipts that came after the backup are sent again, and again only once.
TEST_F(RestoredBackup, ReceiptsThatWereLostAreSentAgain) {
  PublishForTheHotel("yesterday");
  Look("reader");
  BackUp();
  const nlohmann::json inbox = network_.ShieldJson("reader", {"inbox", "ls"});
  const std::string id = inbox["entries"][0]["id"];
  network_.ShieldJson("reader", {"inbox", "ack", id});
  const auto acknowledged = [&] {
    return network_.ShieldJson("analyst", {"bulletin", "status", id})["acknowledged"].get<int>();
  };
  Restore();
  EXPECT_EQ(acknowledged(), 0) << "it is lost";
  Look("reader");
  EXPECT_EQ(acknowledged(), 1);
}

// Nobody but the authority can say that a loss is known, by naming another log key: then every home
// goes on, keeps what it holds, and no later loss is excused by it.
TEST_F(RestoredBackup, EverybodyGoesOnUnderAnotherLogKeyAndKeepsWhatItHolds) {
  PublishForTheHotel("yesterday");
  for (const char* home : {"reader", "bystander", "sleeper"}) Look(home);
  BackUp();
  PublishForTheHotel("today");
  for (const char* home : {"analyst", "reader", "bystander"}) Look(home);
  Restore();
  EXPECT_EQ(Outcome("reader"), "7 ROLLBACK");
  PublishForTheHotelInSpiteOf("tomorrow");  // and its entry takes the number of the lost one
  NameAnotherLogKey();
  for (const char* home : {"analyst", "reader", "bystander", "sleeper"}) {
    EXPECT_EQ(Outcome(home), "0") << home;
    EXPECT_EQ(Outcome(home), "0") << home;
  }
  EXPECT_EQ(Titles("reader"), (std::vector<std::string>{"yesterday", "tomorrow", "today carried"}));
  EXPECT_EQ(Titles("sleeper"), (std::vector<std::string>{"yesterday", "tomorrow"}));
  for (const char* home : {"reader", "bystander", "analyst"}) {
    const ProcessResult audited = network_.Shield(home, {"audit", "verify", "--json"});
    EXPECT_EQ(audited.exit_code, 0) << home << audited.notes;
    EXPECT_EQ(nlohmann::json::parse(audited.data)["lost"], home == std::string("analyst") ? 1 : 0);
  }
  // What was lost is exported with what its author signed; that no log holds it is said as it is.
  const std::string lost = IdOf("reader", "today");
  const std::string folder = network_.folder() / "lost";
  const ProcessResult exported =
      network_.Shield("reader", {"inbox", "export", lost, "--out", folder});
  EXPECT_EQ(exported.exit_code, 0) << exported.notes;
  const ProcessResult verified = network_.Shield("reader", {"verify", folder});
  EXPECT_EQ(verified.exit_code, 0) << verified.notes;
  const ProcessResult proven = network_.Shield(
      "reader", {"audit", "prove", lost, "--out", network_.folder() / "proof", "--json"});
  EXPECT_EQ(proven.exit_code, 1) << proven.notes;
  EXPECT_EQ(nlohmann::json::parse(proven.data)["error"]["code"], "LOST_BY_BROKER");
  // The same again, with no word of the authority's.
  Restore();
  EXPECT_EQ(Outcome("reader"), "7 ROLLBACK");
  EXPECT_EQ(Titles("reader"), (std::vector<std::string>{"yesterday", "tomorrow", "today carried"}));
}

// A broker that shows one log to some and another to others has shown both to this home, and no
// loss was ever declared: the proof counts, whichever of the two it shows now, and whether it is
// there.
TEST_F(RestoredBackup, AForkThatNoLossExplainsEndsEveryAuditForGood) {
  const auto audited = [this](absl::string_view home) {
    const ProcessResult result = network_.Shield(home, {"audit", "verify", "--json"});
    const nlohmann::json object = nlohmann::json::parse(result.data, nullptr, false);
    return absl::StrCat(result.exit_code, " ",
                        object.contains("error") ? object["error"]["code"].get<std::string>() : "");
  };
  PublishForTheHotel("yesterday");
  BackUp();
  PublishForTheHotel("today");
  for (const char* home : {"reader", "bystander"}) Look(home);
  ASSERT_EQ(network_.StopBroker(), 0);
  const std::string shown_first = network_.folder() / "shown-first";
  std::filesystem::copy(network_.BrokerHome(), shown_first,
                        std::filesystem::copy_options::recursive);
  network_.StartBroker();
  Restore();
  EXPECT_EQ(Outcome("reader"), "7 ROLLBACK");
  EXPECT_EQ(Outcome("bystander"), "7 LOG_ROLLBACK");
  ASSERT_EQ(network_.StopBroker(), 0);
  std::filesystem::remove_all(network_.BrokerHome());
  std::filesystem::rename(shown_first, network_.BrokerHome());
  network_.StartBroker();
  EXPECT_EQ(Outcome("bystander"), "0") << "what it shows now holds";
  EXPECT_EQ(audited("bystander"), "7 FORK_ALARM");
  EXPECT_EQ(audited("reader"), "7 FORK_ALARM");
  ASSERT_EQ(network_.StopBroker(), 0);
  EXPECT_EQ(audited("bystander"), "7 FORK_ALARM") << "nor does a broker that is away hide it";
}

// What was not lost is no reason to accuse anybody.
TEST_F(RestoredBackup, NobodyIsAccusedWhenNothingWasLost) {
  PublishForTheHotel("yesterday");
  for (const char* home : {"reader", "bystander", "analyst"}) Look(home);
  BackUp();
  Restore();
  PublishForTheHotel("today");
  for (const char* home : {"reader", "bystander", "analyst"}) EXPECT_EQ(Outcome(home), "0");
}

}  // namespace
}  // namespace shield::testing
