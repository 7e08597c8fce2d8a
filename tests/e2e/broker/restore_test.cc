// A broker put back from a backup: its readers go on where they stood, and are told when the backup
// is older than what they hold.

#include "base/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/broker/live_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;

class Restore : public ::testing::Test {
 protected:
  Restore() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("ann", "police", Role::kAnalyst);
    network_.AddOrg("astrid", OrgKind::kMember);
    network_.AddMember("reader", "astrid", Role::kReader);
    network_.PublishDirectory();
  }

  void Publish(const std::string& title) {
    const auto published =
        network_.Open("ann").Publish(network_.BulletinFor({"org:astrid"}, title, "body"));
    ASSERT_TRUE(published.ok()) << published.status();
  }

  // Fetches and acknowledges everything there is.
  void ReadAll() {
    Client reader = network_.Open("reader");
    const auto report = reader.Sync();
    ASSERT_TRUE(report.ok()) << report.status();
    const auto items = reader.Inbox();
    ASSERT_TRUE(items.ok()) << items.status();
    const auto cursor = reader.Acknowledge(items->back().seq);
    ASSERT_TRUE(cursor.ok()) << cursor;
  }

  std::vector<std::string> Titles() {
    std::vector<std::string> titles;
    Client reader = network_.Open("reader");
    const auto items = reader.Inbox();
    for (const InboxItem& item : *items) titles.push_back(item.title);
    return titles;
  }

  LiveNetwork network_;
};

TEST_F(Restore, AReaderResumesWithoutLossFromARestoredBroker) {
  Publish("one");
  ReadAll();
  Publish("two");
  network_.StopBroker();
  const std::string backup = network_.BackUpBroker();
  network_.RestoreBroker(backup);
  network_.StartBroker();
  ReadAll();
  EXPECT_THAT(Titles(), ElementsAre("one", "two"));
  Publish("three");
  ReadAll();
  EXPECT_THAT(Titles(), ElementsAre("one", "two", "three"));
}

TEST_F(Restore, AReaderAheadOfAnOlderBackupIsToldOfTheRollback) {
  Publish("one");
  ReadAll();
  network_.StopBroker();
  const std::string backup = network_.BackUpBroker();
  network_.StartBroker();
  Publish("two");
  ReadAll();
  network_.StopBroker();
  network_.RestoreBroker(backup);
  network_.StartBroker();
  const auto before = network_.Open("reader").Sync();
  EXPECT_EQ(before.status().code(), absl::StatusCode::kDataLoss) << before.status();
  EXPECT_EQ(RuleOf(before.status()), "ROLLBACK");
  // Nor when another bulletin has taken the number of the one that was lost; its author, who has
  // seen the log as it was, is told too.
  const auto three =
      network_.Open("ann").Publish(network_.BulletinFor({"org:astrid"}, "three", "body"));
  EXPECT_TRUE(absl::IsDataLoss(three.status())) << three.status();
  const auto after = network_.Open("reader").Sync();
  EXPECT_EQ(RuleOf(after.status()), "ROLLBACK") << after.status();
  EXPECT_THAT(Titles(), ElementsAre("one", "two"));
}

}  // namespace
}  // namespace shield::testing
