// The programs as they are typed: a first network, and commands that are interrupted.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/match.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

TEST(FirstNetwork, AnAuthorityThatForgotItselfCanStillPublishTheNextDirectory) {
  RealNetwork network;
  const ProcessResult empty = network.Shield("authority", {"directory", "publish"});
  ASSERT_EQ(empty.exit_code, 0) << empty.notes;
  EXPECT_TRUE(absl::StrContains(empty.notes, "`antwerp-example` was added")) << empty.notes;
  network.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
  network.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
  network.PublishDirectory();
  network.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
  network.AddMember("analyst", "police-antwerp", "analyst", 3);
  EXPECT_EQ(network.ShieldJson("authority", {"directory", "publish"})["version"], 3);
  EXPECT_EQ(network.Shield("analyst", {"inbox", "ls"}).exit_code, 0);
}

TEST(FirstNetwork, TheAuthoritysOwnSeatStays) {
  RealNetwork network;
  network.PublishDirectory();
  for (const char* change : {"suspend", "revoke"}) {
    const ProcessResult refused =
        network.Shield("authority", {"member", change, "vetting", "--reason", "a slip"});
    EXPECT_EQ(refused.exit_code, 1) << refused.notes;
    EXPECT_TRUE(absl::StrContains(refused.notes, "OWN_SEAT")) << refused.notes;
  }
  network.PublishDirectory();
}

TEST(Interrupted, AWatchEndsWithAnErrorObjectAnd130) {
  RealNetwork network;
  network.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
  network.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
  network.PublishDirectory();
  // It says so when it has begun: the broker is lost.
  network.KillBroker();
  Process watch({ShieldProgram(), "inbox", "watch", "--jsonl", "--timeout", "100ms", "--home",
                 network.HomeOf("astrid-desk"), "--broker", network.address()});
  // Never reached: no use in waiting for ever.
  EXPECT_EQ(watch.Wait(), 6);
  network.StartBroker();
  Process again({ShieldProgram(), "inbox", "watch", "--jsonl", "--home",
                 network.HomeOf("astrid-desk"), "--broker", network.address()});
  network.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
  network.AddMember("analyst", "police-antwerp", "analyst", 3);
  network.PublishDirectory();
  const std::string draft =
      network.WriteDraft("draft.md",
                         "+++\ntitle = \"Seen\"\nkind = \"flash_alert\"\ntlp = \"AMBER\"\n"
                         "to = [\"org:hotel-astrid\"]\n+++\nBody.\n");
  network.ShieldJson("analyst", {"bulletin", "publish", draft});
  ASSERT_TRUE(again.WaitForLine("Seen").has_value());
  again.Signal(SIGINT);
  EXPECT_EQ(again.Wait(), 130);
  EXPECT_TRUE(again.WaitForLine("\"error\"").has_value());
}

TEST(Interrupted, ADemoTakesAwayWhatItMadeAndCanBeginAgain) {
  const TemporaryFolder folder;
  const std::string home = folder / "demo";
  Process demo({ShieldProgram(), "demo", "up", "--home", home});
  ASSERT_TRUE(demo.WaitForLine("$ shield org add").has_value());
  demo.Signal(SIGINT);
  EXPECT_EQ(demo.Wait(), 130);
  EXPECT_TRUE(std::filesystem::is_empty(home));
  EXPECT_EQ(RunProcess({ShieldProgram(), "demo", "up", "--home", home}).exit_code, 0);
  EXPECT_EQ(RunProcess({ShieldProgram(), "demo", "down", "--home", home}).exit_code, 0);
}

}  // namespace
}  // namespace shield::testing
