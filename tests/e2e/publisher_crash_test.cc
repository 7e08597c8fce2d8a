// kill -9 of an author's program at random moments. Promise G6 of docs/spec/delivery.md.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/state/state.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

constexpr int kRounds = 25;

// How many receipts the author's home has noted.
size_t Noted(const RealNetwork& network) {
  const auto state =
      ClientState::Open(network.HomeOf("analyst") + "/state.db", "antwerp.example/analyst");
  EXPECT_TRUE(state.ok()) << state.status();
  return (*state)->Publications()->size();
}

TEST(PublisherCrash, ADraftThatIsPublishedAgainAfterAKillReachesItsReadersOnce) {
  RealNetwork network;
  network.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
  network.AddOrg("guard-firm", "member", "private-security", "BE211", 3);
  network.AddMember("analyst", "police-antwerp", "analyst", 3);
  network.AddMember("guard", "guard-firm", "reader", 3);
  network.PublishDirectory();

  std::mt19937 random(20261126);
  std::vector<std::string> titles;
  int killed = 0;
  int replayed = 0;
  for (int round = 0; round < kRounds; ++round) {
    titles.push_back(absl::StrCat("drill ", round));
    network.WriteDraft("map.txt", absl::StrCat("the map of ", round));
    const std::string draft =
        network.WriteDraft("draft.md", absl::StrCat("+++\ntitle = \"", titles.back(),
                                                    "\"\nkind = \"notice\"\ntlp = \"GREEN\"\n"
                                                    "attachments = [\"map.txt\"]\n+++\nBody.\n"));
    Process publish({ShieldProgram(), "bulletin", "publish", draft, "--home",
                     network.HomeOf("analyst"), "--broker", network.address()});
    absl::SleepFor(absl::Milliseconds(std::uniform_int_distribution<int>(20, 160)(random)));
    publish.Signal(SIGKILL);
    ASSERT_TRUE(publish.Wait().has_value());
    if (Noted(network) == titles.size()) continue;  // it was faster
    ++killed;
    const nlohmann::json again = network.ShieldJson("analyst", {"bulletin", "publish", draft});
    replayed += again["replayed"].get<bool>() ? 1 : 0;
  }
  std::vector<std::string> received;
  const nlohmann::json inbox = network.ShieldJson("guard", {"inbox", "ls"});
  for (const nlohmann::json& entry : inbox["entries"]) received.push_back(entry["title"]);
  EXPECT_EQ(received, titles);
  EXPECT_EQ(network.ShieldJson("analyst", {"bulletin", "ls"})["entries"].size(), titles.size());
  EXPECT_GT(killed, 0);
  std::printf("killed %d of %d, of them %d after the commit\n", killed, kRounds, replayed);
}

}  // namespace
}  // namespace shield::testing
