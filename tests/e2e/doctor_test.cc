// `shield doctor` finds what stands in the way, over the real broker and the command line.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

using Outcomes = std::map<std::string, std::string>;

class Doctor : public ::testing::Test {
 protected:
  Doctor() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("desk", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
  }

  // The outcome of each check; the exit code beside them.
  Outcomes Examine(const std::string& home, int exit_code, const std::string& broker = "") {
    const ProcessResult result = RunProcess({ShieldProgram(), "doctor", "--json", "--timeout", "5s",
                                             "--home", network_.HomeOf(home), "--broker",
                                             broker.empty() ? network_.address() : broker});
    EXPECT_EQ(result.exit_code, exit_code) << result.data << result.notes;
    const nlohmann::json said = nlohmann::json::parse(result.data, nullptr, false);
    Outcomes outcomes;
    for (const nlohmann::json& check : said["checks"]) {
      outcomes[check["check"]] = check["outcome"];
      EXPECT_EQ(check.contains("fix"), check["outcome"] == "failed") << check;
    }
    EXPECT_EQ(said.contains("error"), exit_code != 0) << said;
    return outcomes;
  }

  RealNetwork network_;
};

TEST_F(Doctor, FindsNothingInAHomeThatWorks) {
  EXPECT_EQ(Examine("desk", 0), (Outcomes{{"dns", "ok"},
                                          {"tcp", "ok"},
                                          {"tls", "ok"},
                                          {"pin", "ok"},
                                          {"clock", "ok"},
                                          {"directory", "ok"},
                                          {"policy", "ok"}}));
  const ProcessResult shown = network_.Shield("desk", {"doctor"});
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_TRUE(absl::StrContains(shown.data, "`desk` is a member in good standing")) << shown.data;
}

TEST_F(Doctor, TellsANameWithoutAnAddressFromABrokerThatDoesNotRun) {
  const Outcomes nameless = Examine("desk", 6, "broker.invalid:4433");
  EXPECT_EQ(nameless.at("dns"), "failed");
  EXPECT_EQ(nameless.at("tcp"), "skipped");
  network_.StopBroker();
  const Outcomes down = Examine("desk", 6);
  EXPECT_EQ(down.at("dns"), "ok");
  EXPECT_EQ(down.at("tcp"), "failed");
  EXPECT_EQ(down.at("tls"), "skipped");
}

TEST_F(Doctor, TellsSomethingThatSpeaksNoTlsFromAnotherBroker) {
  const int silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(silent, 8), 0);
  ASSERT_EQ(getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const Outcomes mute = Examine("desk", 6, absl::StrCat("127.0.0.1:", ntohs(address.sin_port)));
  close(silent);
  EXPECT_EQ(mute.at("tcp"), "ok");
  EXPECT_EQ(mute.at("tls"), "failed");
  EXPECT_EQ(mute.at("pin"), "skipped");

  RealNetwork other;
  const Outcomes another = Examine("desk", 7, other.address());
  EXPECT_EQ(another.at("tls"), "ok");
  EXPECT_EQ(another.at("pin"), "failed");
}

TEST_F(Doctor, SaysWhoDoesNotCount) {
  network_.MakeHome("stranger");
  const Outcomes stranger = Examine("stranger", 4);
  EXPECT_EQ(stranger.at("pin"), "ok");
  EXPECT_EQ(stranger.at("policy"), "failed");
  EXPECT_EQ(Examine("desk", 0).at("policy"), "ok");
  network_.ShieldJson("authority", {"member", "suspend", "desk", "--reason", "asked to"});
  network_.PublishDirectory();
  EXPECT_EQ(Examine("desk", 4).at("policy"), "failed");
  EXPECT_EQ(network_.Shield("nobody", {"doctor"}).exit_code, 4);
  EXPECT_EQ(network_.Shield("desk", {"doctor", "--offline"}).exit_code, 2);
}

}  // namespace
}  // namespace shield::testing
