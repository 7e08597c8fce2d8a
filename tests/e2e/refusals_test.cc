// What goes wrong on a member's side of the line: each with its exit code, its rule and its own
// words, and nothing published or half-written by it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/state/state.h"
#include "crypto/tls_key.h"
#include "tests/e2e/real_network.h"
#include "tests/e2e/transport/false_broker.h"
#include "tests/e2e/transport/raw_peer.h"

namespace shield::testing {
namespace {

namespace fs = std::filesystem;

class Refusals : public ::testing::Test {
 protected:
  Refusals() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
  }

  // Runs `inbox ls` in `home` against `address`; the error object.
  nlohmann::json ExpectError(const std::string& home, const std::string& address, int exit_code) {
    return ExpectError(RunProcess({ShieldProgram(), "inbox", "ls", "--json", "--home", home,
                                   "--broker", address, "--timeout", "3s"}),
                       exit_code);
  }

  nlohmann::json ExpectError(const ProcessResult& result, int exit_code) {
    EXPECT_EQ(result.exit_code, exit_code) << result.data << result.notes;
    const nlohmann::json object = nlohmann::json::parse(result.data, nullptr, false);
    if (!object.contains("error")) {
      ADD_FAILURE() << "no error object: " << result.data << result.notes;
      return {{"code", ""}, {"message", ""}, {"hint", ""}};
    }
    EXPECT_FALSE(object["error"]["message"].get<std::string>().empty());
    return object["error"];
  }

  // A copy of a member's home in which one file holds something else.
  std::string DamagedHome(const std::string& file, absl::string_view content) {
    const std::string home = network_.folder() / absl::StrCat("damaged-", file);
    fs::copy(network_.HomeOf("astrid-desk"), home, fs::copy_options::recursive);
    fs::permissions(home, fs::perms::owner_all);
    std::ofstream(home + "/" + file, std::ios::binary) << content;
    return home;
  }

  RealNetwork network_;
};

TEST_F(Refusals, EveryWrongDoorHasItsOwnExitCodeAndItsOwnWords) {
  std::set<std::string> messages;
  const auto expect = [&](const std::string& home, const std::string& address, int exit_code,
                          const std::string& code) {
    const nlohmann::json error = ExpectError(home, address, exit_code);
    EXPECT_EQ(error["code"], code) << error;
    EXPECT_TRUE(messages.insert(error["message"]).second) << "said twice: " << error;
    EXPECT_FALSE(error["hint"].get<std::string>().empty()) << error;
  };
  network_.MakeHome("stranger");
  const RealNetwork other;
  expect(network_.HomeOf("astrid-desk"), other.address(), 7, "WRONG_BROKER_PIN");
  expect(network_.HomeOf("stranger"), network_.address(), 4, "NOT_ENROLLED");
  expect(network_.folder() / "nowhere", network_.address(), 4, "NOT_ENROLLED");
  fs::create_directory(network_.folder() / "empty");
  fs::permissions(network_.folder() / "empty", fs::perms::owner_all);
  expect(network_.folder() / "empty", network_.address(), 4, "NOT_ENROLLED");
  const TlsKeyPair key = *NewTlsKeyPair("shieldd");
  const FalseBroker ssh(FalseBroker::Kind::kGreetsInPlainText, key);
  expect(network_.HomeOf("astrid-desk"), ssh.address(), 1, "NOT_A_BROKER");
  const FalseBroker old(FalseBroker::Kind::kSpeaksTls12, key);
  expect(network_.HomeOf("astrid-desk"), old.address(), 1, "TLS_TOO_OLD");
  const FalseBroker closed(FalseBroker::Kind::kClosesAtOnce, key);
  expect(network_.HomeOf("astrid-desk"), closed.address(), 6, "UNREACHABLE");
  network_.KillBroker();
  expect(network_.HomeOf("astrid-desk"), network_.address(), 6, "UNREACHABLE");
}

TEST_F(Refusals, AnAlarmOfTwoTextsIsWarnedOfWheneverTheInboxIsListed) {
  ASSERT_EQ(network_.Shield("astrid-desk", {"inbox", "ls"}).exit_code, 0);
  {
    const auto state = ClientState::Open(network_.HomeOf("astrid-desk") + "/state.db",
                                         "antwerp.example/astrid-desk");
    ASSERT_TRUE(state.ok()) << state.status();
    ASSERT_TRUE((*state)
                    ->RecordFork({"inbox", "astrid-desk", "one head", "another",
                                  absl::FromUnixSeconds(1'790'000'000)})
                    .ok());
  }
  const ProcessResult listed = network_.Shield("astrid-desk", {"inbox", "ls", "--json"});
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_TRUE(absl::StrContains(listed.notes, "two signed texts of inbox `astrid-desk`"))
      << listed.notes;
}

TEST_F(Refusals, SixHundredSilentConnectionsKeepNoMemberOut) {
  int port = 0;
  ASSERT_TRUE(
      absl::SimpleAtoi(network_.address().substr(network_.address().rfind(':') + 1), &port));
  {
    std::vector<std::unique_ptr<RawTcpPeer>> flood;
    for (int i = 0; i < 600; ++i) flood.push_back(std::make_unique<RawTcpPeer>(port));
    EXPECT_EQ(network_.Shield("astrid-desk", {"inbox", "ls"}).exit_code, 0);
  }
  EXPECT_EQ(network_.Shield("astrid-desk", {"inbox", "ls"}).exit_code, 0);
}

TEST_F(Refusals, AGarbledHomeSaysWhatIsWrongWithIt) {
  const struct {
    const char* file;
    int exit_code;
    const char* says;
  } cases[] = {
      {"identity.txt", 1, "identity.txt"},
      {"sign.key", 1, "signing key"},
      {"tls.key", 1, "TLS key"},
      {"tls.crt", 1, "TLS certificate"},
      {"network.shield", 1, "network file"},
      {"state.db", 7, "local state"},
  };
  for (const auto& garbled : cases) {
    SCOPED_TRACE(garbled.file);
    const std::string home = DamagedHome(garbled.file, "garbage\n\x01\x02\xff garbage\n");
    const nlohmann::json error = ExpectError(home, network_.address(), garbled.exit_code);
    EXPECT_TRUE(absl::StrContains(error["message"].get<std::string>(), garbled.says)) << error;
  }
  EXPECT_EQ(network_.Shield("astrid-desk", {"inbox", "ls"}).exit_code, 0);
}

TEST_F(Refusals, BadDraftsSayWhichRuleTheyBreakAndPublishNothing) {
  const std::string good =
      "+++\ntitle = \"T\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER\"\n"
      "to = [\"org:hotel-astrid\"]\n+++\nBody.\n";
  const struct {
    const char* what;
    const char* from;
    const char* to;
    int exit_code;
    const char* rule;
  } cases[] = {
      {"no label", "tlp = \"TLP:AMBER\"\n", "", 5, "LABEL_REQUIRED"},
      {"obsolete label", "TLP:AMBER", "TLP:WHITE", 5, "INVALID_LABEL"},
      {"two labels", "TLP:AMBER", "TLP:RED TLP:AMBER", 5, "AMBIGUOUS_LABEL"},
      {"unknown kind", "flash_alert", "gossip", 5, "UNKNOWN_CODE"},
      {"RED to an organisation", "TLP:AMBER", "TLP:RED", 5, "RED_NEEDS_PERSONS"},
      {"AMBER to nobody", "\"org:hotel-astrid\"", "", 5, "AUDIENCE_REQUIRED"},
      {"AMBER to the public", "org:hotel-astrid", "public", 5, "PUBLIC_CHANNEL"},
      {"unknown sector", "org:hotel-astrid", "sector:hotel", 5, "UNKNOWN_CODE"},
      {"unknown organisation", "org:hotel-astrid", "org:hotel-astrud", 5, "UNKNOWN_CODE"},
      {"over before it begins", "tlp =", "expires = 2020-01-01T00:00:00Z\ntlp =", 5, "BAD_WINDOW"},
      {"no such attachment", "tlp =", "attachments = [\"nothing.pdf\"]\ntlp =", 1,
       "ATTACHMENT_MISSING"},
      {"no front matter", "+++\ntitle", "title", 1, "DRAFT_MALFORMED"},
      {"no title", "title = \"T\"\n", "", 1, "INVALID_ARGUMENT"},
  };
  for (const auto& bad : cases) {
    SCOPED_TRACE(bad.what);
    std::string text = good;
    const size_t at = text.find(bad.from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, std::string(bad.from).size(), bad.to);
    const std::string draft = network_.WriteDraft("bad.md", text);
    const nlohmann::json error = ExpectError(
        network_.Shield("analyst", {"bulletin", "publish", draft, "--json"}), bad.exit_code);
    EXPECT_EQ(error["code"], bad.rule) << error;
  }
  // A reader publishes no content, however well it is written.
  const std::string draft = network_.WriteDraft("good.md", good);
  const nlohmann::json error =
      ExpectError(network_.Shield("astrid-desk", {"bulletin", "publish", draft, "--json"}), 5);
  EXPECT_EQ(error["code"], "PUBLISHER_NOT_AUTHORISED");
  EXPECT_EQ(ExpectError(network_.Shield("analyst", {"bulletin", "publish",
                                                    network_.folder() / "none.md", "--json"}),
                        3)["retryable"],
            false);
  EXPECT_TRUE(network_.ShieldJson("analyst", {"inbox", "ls"})["entries"].empty());
  EXPECT_TRUE(network_.ShieldJson("astrid-desk", {"inbox", "ls"})["entries"].empty());
}

}  // namespace
}  // namespace shield::testing
