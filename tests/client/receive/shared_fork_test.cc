// What a share brings along of its original counts as if it had come by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "client/client.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/proof/verified_statement.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(SharedOriginal, AnOriginalThatComesWithAShareIsHeldAgainstTheOneThatIsHere) {
  SampleNetwork network;
  Client analyst = network.Open("an-lise");
  const Published published = *analyst.Publish(network.Green("one"));
  Client guard = network.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const std::string first = guard.Show(published.id)->statement;
  // The author signs another text under the id; a colleague of hers passes that one on.
  Statement other = *ReadClaimedStatement(first);
  other.priority = Priority::kFlash;
  const std::string second = *SignStatement(other, network.SignKeyOf("an-lise"));
  Statement share = other;
  share.id = *BulletinId::Parse(std::string(32, 'b'));
  share.author = *MemberId::Parse("an-omar");
  share.author_key = network.SignKeyOf("an-omar").Verifier("antwerp.example/an-omar")->ToString();
  share.bulletin_class = BulletinClass::kDirect;
  share.references = {{Relation::kShares, other.id, Sha256(ParseNote(second)->text)}};
  DeliveredEntry entry;
  entry.statement = *SignStatement(share, network.SignKeyOf("an-omar"));
  entry.shared_original = second;
  entry.log_index = 7;
  entry.slot = Bytes(kSlotSize, 's');
  entry.slot_hash = Sha256(entry.slot);
  network.broker().Forge(*MemberId::Parse("meir-guard"), entry);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->at(1).fault, "BULLETIN_FORK");
  const auto alarms = guard.Alarms();
  ASSERT_THAT(*alarms, SizeIs(1));
  EXPECT_EQ(alarms->front().subject, published.id.ToHex());
  EXPECT_EQ(alarms->front().first, first);
  EXPECT_EQ(alarms->front().second, second);
}

TEST(SharedOriginal, AReportThatIsPassedOnKeepsItsMark) {
  SampleNetwork network;
  network.Member("astrid-desk").state = AccountState::kSuspended;
  network.PublishDirectory();
  Client desk = network.Open("astrid-desk");
  const auto report = desk.Publish(network.DraftOf(
      "+++\ntitle = \"Seen\"\nkind = \"suspicious_activity\"\ntlp = \"AMBER\"\n"
      "to = [\"org:ocad\"]\n[details]\nbehaviour = \"surveillance\"\n+++\nBody.\n"));
  ASSERT_TRUE(report.ok()) << report.status();
  network.AddMember("an-new", "ocad", {Role::kAnalyst});
  network.PublishDirectory();
  Client analyst = network.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_THAT(analyst.Inbox()->front().warnings, ElementsAre("UNTRUSTED_SOURCE"));
  const auto shared = analyst.Share({report->id, {*ParseAudienceToken("member:an-new")}, ""});
  ASSERT_TRUE(shared.ok()) << shared.status();
  Client colleague = network.Open("an-new");
  ASSERT_TRUE(colleague.Sync().ok());
  const auto items = colleague.Inbox();
  ASSERT_THAT(*items, SizeIs(1));
  EXPECT_EQ(items->front().state, InboxState::kLive) << items->front().fault_sentence;
  EXPECT_THAT(items->front().warnings, ElementsAre("UNTRUSTED_SOURCE"));
}

}  // namespace
}  // namespace shield::testing
