// Whoever loses its membership loses its connection, at once, and gets nothing sealed after that.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "tests/e2e/real_network.h"

namespace shield::testing {
namespace {

// Promised from the moment the broker has the directory; the watcher learns it from one more knock.
constexpr absl::Duration kPromise = absl::Seconds(1);

class Revocation : public ::testing::Test {
 protected:
  Revocation() {
    network_.AddOrg("police-antwerp", "authority", "public-sector", "BE211", 3);
    network_.AddOrg("hotel-astrid", "member", "hotels-restaurants", "BE211", 2);
    network_.AddMember("analyst", "police-antwerp", "analyst", 3);
    network_.AddMember("astrid-desk", "hotel-astrid", "reader", 2);
    network_.AddMember("astrid-night", "hotel-astrid", "reader", 2);
    network_.PublishDirectory();
  }

  nlohmann::json Publish(absl::string_view title) {
    const std::string draft = network_.WriteDraft(
        "draft.md", absl::StrCat("+++\ntitle = \"", title,
                                 "\"\nkind = \"flash_alert\"\ntlp = \"TLP:AMBER+STRICT\"\n"
                                 "to = [\"org:hotel-astrid\"]\n+++\nBody.\n"));
    return network_.ShieldJson("analyst", {"bulletin", "publish", draft});
  }

  // A reader in the middle of its work: it has shown one bulletin and waits for the next.
  std::unique_ptr<Process> Watch(const std::string& member) {
    auto watch = std::make_unique<Process>(
        std::vector<std::string>{ShieldProgram(), "inbox", "watch", "--jsonl", "--home",
                                 network_.HomeOf(member), "--broker", network_.address()});
    const std::string id = Publish("Before")["id"];
    EXPECT_TRUE(watch->WaitForLine(id).has_value());
    return watch;
  }

  void ChangeState(const std::string& change, const std::string& member) {
    network_.ShieldJson("authority", {"member", change, member, "--reason", "left the hotel"});
    network_.PublishDirectory();
  }

  void ExpectShutOut(Process& watch, const std::string& member) {
    const absl::Time published = absl::Now();
    EXPECT_EQ(watch.Wait(), 4);
    EXPECT_LT(absl::Now() - published, kPromise);
    const std::string said = absl::StrJoin(watch.lines(), "\n");
    EXPECT_TRUE(absl::StrContains(said, "revoked") || absl::StrContains(said, "suspended")) << said;
    const ProcessResult again = network_.Shield(member, {"inbox", "ls"});
    EXPECT_EQ(again.exit_code, 4) << again.notes;
  }

  // Whom the source's board names as readers.
  std::vector<std::string> ReadersOf(const std::string& id) {
    std::vector<std::string> readers;
    const nlohmann::json status = network_.ShieldJson("analyst", {"bulletin", "status", id});
    for (const nlohmann::json& reader : status["recipients"]) readers.push_back(reader["member"]);
    std::sort(readers.begin(), readers.end());
    return readers;
  }

  std::vector<std::string> Titles(const std::string& member) {
    std::vector<std::string> titles;
    const nlohmann::json shown = network_.ShieldJson(member, {"inbox", "ls"});
    for (const nlohmann::json& entry : shown["entries"]) titles.push_back(entry["title"]);
    return titles;
  }

  RealNetwork network_;
};

TEST_F(Revocation, EndsTheWatchWithinASecondAndNothingIsSealedToItAfterwards) {
  const auto watch = Watch("astrid-desk");
  ChangeState("revoke", "astrid-desk");
  ExpectShutOut(*watch, "astrid-desk");

  const nlohmann::json after = Publish("After");
  EXPECT_EQ(after["recipients"], 2);
  EXPECT_EQ(ReadersOf(after["id"]), (std::vector<std::string>{"analyst", "astrid-night"}));
  EXPECT_EQ(Titles("astrid-night"), (std::vector<std::string>{"Before", "After"}));
  EXPECT_EQ(network_.Shield("astrid-desk", {"inbox", "watch", "--max", "1"}).exit_code, 4);
  // What it had, it has; it lies in its own home.
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"inbox", "ls", "--offline"})["entries"].size(), 1u);
  // Final: who is to come back is enrolled anew.
  EXPECT_NE(
      network_.Shield("authority", {"member", "reinstate", "astrid-desk", "--reason", "came back"})
          .exit_code,
      0);
}

TEST_F(Revocation, SuspensionDoesTheSameUntilTheMemberIsReinstated) {
  const auto watch = Watch("astrid-desk");
  ChangeState("suspend", "astrid-desk");
  ExpectShutOut(*watch, "astrid-desk");
  EXPECT_EQ(Publish("Meanwhile")["recipients"], 2);

  ChangeState("reinstate", "astrid-desk");
  EXPECT_EQ(Publish("Since")["recipients"], 3);
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before", "Since"}));
  EXPECT_EQ(Titles("astrid-night"), (std::vector<std::string>{"Before", "Meanwhile", "Since"}));
}

TEST_F(Revocation, ASuspendedMemberMayStillReport) {
  const std::string before = Publish("Before")["id"];
  EXPECT_EQ(Titles("astrid-desk"), (std::vector<std::string>{"Before"}));
  ChangeState("suspend", "astrid-desk");
  const std::string report =
      network_.WriteDraft("report.md",
                          "+++\ntitle = \"Seen again\"\nkind = \"suspicious_activity\"\ntlp = "
                          "\"TLP:AMBER\"\n+++\nBody.\n");
  EXPECT_EQ(network_.ShieldJson("astrid-desk", {"bulletin", "publish", report})["recipients"], 1);
  EXPECT_EQ(Titles("analyst"), (std::vector<std::string>{"Before", "Seen again"}));
  const std::string notice =
      network_.WriteDraft("message.md",
                          "+++\ntitle = \"Hello\"\nkind = \"message\"\ntlp = \"TLP:AMBER\"\n"
                          "to = [\"member:analyst\"]\n+++\nBody.\n");
  const ProcessResult refused = network_.Shield("astrid-desk", {"bulletin", "publish", notice});
  EXPECT_EQ(refused.exit_code, 5) << refused.notes;
  EXPECT_TRUE(absl::StrContains(refused.notes, "SUSPENDED")) << refused.notes;
  // What it has is closed to it, and that is no fault of the broker's.
  const ProcessResult closed =
      network_.Shield("astrid-desk", {"inbox", "show", before, "--offline"});
  EXPECT_EQ(closed.exit_code, 4) << closed.notes;
  EXPECT_TRUE(absl::StrContains(closed.notes, "SUSPENDED")) << closed.notes;
}

}  // namespace
}  // namespace shield::testing
