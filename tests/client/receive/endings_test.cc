// A newer version takes the older one's local copy away; whoever is not its source cannot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/state/state.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::IsEmpty;

class EndingsTest : public ::testing::Test {
 protected:
  Draft Superseding(const BulletinId& id) {
    return network_.DraftOf(absl::StrCat(
        "+++\ntitle = \"new\"\nkind = \"notice\"\ntlp = \"GREEN\"\nrefs = [\"supersedes:",
        id.ToHex(), "\"]\n+++\nBody.\n"));
  }
  SampleNetwork network_;
};

TEST_F(EndingsTest, ANewerVersionOfTheSourceEndsTheOlderOne) {
  Client analyst = network_.Open("an-lise");
  const Published old = *analyst.Publish(network_.Green("old"));
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Client colleague = network_.Open("an-omar");
  ASSERT_TRUE(colleague.Sync().ok());
  const auto published = colleague.Publish(Superseding(old.id));
  ASSERT_TRUE(published.ok()) << published.status();

  ASSERT_TRUE(guard.Sync().ok());
  const auto items = guard.Inbox();
  EXPECT_EQ((*items)[0].state, InboxState::kSuperseded);
  EXPECT_EQ((*items)[0].title, "");
  EXPECT_EQ((*items)[1].title, "new");
  EXPECT_EQ(RuleOf(guard.Show(old.id).status()), "SUPERSEDED");
  const auto state = ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                       "antwerp.example/meir-guard");
  const KeptEntry kept = **(*state)->FindBulletin(old.id);
  EXPECT_THAT(kept.delivered.payload, IsEmpty());
  EXPECT_THAT(kept.delivered.slot, IsEmpty());
}

TEST_F(EndingsTest, ATombstoneIsBelievedWithTheStatementThatEndedIt) {
  Client analyst = network_.Open("an-lise");
  const Published old = *analyst.Publish(network_.Green("old"));
  ASSERT_TRUE(analyst.Sync().ok());
  const Published published = *analyst.Publish(Superseding(old.id));
  ASSERT_TRUE(analyst.Sync().ok());
  const std::string ending = analyst.Show(published.id)->statement;
  Client guard = network_.Open("meir-guard");
  network_.Script("meir-guard").AlterMessages([&](SubscriptionMessage& message) {
    for (DeliveredEntry& entry : message.entries) {
      if (entry.seq != 1) continue;
      entry.state = DeliveryState::kSuperseded;
      entry.ended_by = ending;
      entry.slot.clear();
      entry.payload.clear();
    }
  });
  const auto report = guard.Sync();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->refused, 0u);
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kSuperseded);
}

TEST_F(EndingsTest, AReferenceToWhatIsNotHereIsRefusedBeforeAnythingIsSealed) {
  Client analyst = network_.Open("an-lise");
  const auto published = analyst.Publish(Superseding(*BulletinId::Parse(std::string(32, '1'))));
  EXPECT_TRUE(absl::IsNotFound(published.status()));
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 0);
}

}  // namespace
}  // namespace shield::testing
