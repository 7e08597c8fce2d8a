// Until when readers are asked to acknowledge a bulletin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "client/publish/deadline.h"
#include "client/publish/redraft.h"
#include "policy/audience_token.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

constexpr absl::string_view kAlert = R"(+++
title = "Pickpocket team around the Meir"
kind = "flash_alert"
tlp = "TLP:AMBER+STRICT"
to = ["org:astrid"]
acknowledge_within = "30m"
+++
Two men, grey van.
)";

class AcknowledgeByTest : public ::testing::Test {
 protected:
  absl::Time Now() { return absl::FromUnixSeconds(absl::ToUnixSeconds(network_.clock().Now())); }
  SampleNetwork network_;
};

TEST(AcknowledgeWithin, IsOneNumberAndOneUnit) {
  EXPECT_EQ(ParseAcknowledgeWithin("30s"), absl::Seconds(30));
  EXPECT_EQ(ParseAcknowledgeWithin("30m"), absl::Minutes(30));
  EXPECT_EQ(ParseAcknowledgeWithin("2h"), absl::Hours(2));
  EXPECT_EQ(ParseAcknowledgeWithin("1d"), absl::Hours(24));
  EXPECT_EQ(ParseAcknowledgeWithin("90d"), kLongestAcknowledgeWithin);
  for (const char* bad : {"", "30", "m", "0m", "030m", "-1m", "+1m", "1.5h", "1h30m", " 1h", "1h ",
                          "1H", "1w", "91d", "2161h", "99999999d", "999999999999s", "1ms"}) {
    EXPECT_EQ(ParseAcknowledgeWithin(bad), std::nullopt) << bad;
  }
}

TEST_F(AcknowledgeByTest, ReadersAndAuthorKnowIt) {
  Client analyst = network_.Open("an-lise");
  const absl::Time due = Now() + absl::Minutes(30);
  const absl::StatusOr<Published> published = analyst.Publish(network_.DraftOf(kAlert));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->acknowledge_by, due);
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Show(published->id)->content.acknowledge_by, due);
  EXPECT_EQ(analyst.Board(published->id)->acknowledge_by, due);
  // A colleague reads it in the bulletin.
  Client colleague = network_.Open("an-omar");
  ASSERT_TRUE(colleague.Sync().ok());
  EXPECT_EQ(colleague.Board(published->id)->acknowledge_by, due);
  network_.clock().Advance(absl::Minutes(30));
  EXPECT_EQ(analyst.Board(published->id)->counts.overdue, 2u);
  // The author knows it also when there is nothing left to read.
  ASSERT_TRUE(analyst.Sync().ok());
  ASSERT_TRUE(analyst.Withdraw(published->id).ok());
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_EQ(analyst.Board(published->id)->acknowledge_by, due);
}

TEST_F(AcknowledgeByTest, ItCountsFromWhenReadersCanOpenIt) {
  Client analyst = network_.Open("an-lise");
  Draft draft = network_.DraftOf(kAlert);
  draft.not_before = Now() + absl::Hours(2);
  EXPECT_EQ(analyst.Publish(draft)->acknowledge_by, Now() + absl::Hours(2) + absl::Minutes(30));
}

TEST_F(AcknowledgeByTest, OneBehindTheEndIsRefused) {
  Client analyst = network_.Open("an-lise");
  Draft draft = network_.DraftOf(kAlert);
  draft.expires = Now() + absl::Minutes(30);
  const absl::Status refused = analyst.Publish(draft).status();
  EXPECT_EQ(RuleOf(refused), "BAD_WINDOW") << refused;
  EXPECT_TRUE(absl::IsPermissionDenied(refused));
  EXPECT_EQ(network_.broker().committed(), 0u);
}

TEST_F(AcknowledgeByTest, AMomentThatIsGivenMustLieBetweenTheStartAndTheEnd) {
  Client analyst = network_.Open("an-lise");
  Draft draft = network_.DraftOf(kAlert);
  draft.acknowledge_within.reset();
  draft.expires = Now() + absl::Hours(2);
  const std::string members = draft.members_json;
  const auto ask = [&](absl::Time by) {
    draft.members_json =
        absl::StrCat(members.substr(0, members.size() - 1), ",\"acknowledge_by\":\"",
                     absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", by, absl::UTCTimeZone()), "\"}");
  };
  for (const absl::Duration after : {-absl::Hours(1), absl::ZeroDuration(), absl::Hours(2)}) {
    ask(Now() + after);
    EXPECT_EQ(RuleOf(analyst.Publish(draft).status()), "BAD_WINDOW") << after;
  }
  draft.members_json = absl::StrCat(members.substr(0, members.size() - 1),
                                    ",\"acknowledge_by\":\"infinite-future\"}");
  EXPECT_FALSE(analyst.Publish(draft).ok());
  EXPECT_EQ(network_.broker().committed(), 0u);
  ask(Now() + absl::Hours(1));
  const auto published = analyst.Publish(draft);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->acknowledge_by, Now() + absl::Hours(1));
}

TEST_F(AcknowledgeByTest, ContentThatIsSentOnceMoreAsksForNothingThatIsOver) {
  Client analyst = network_.Open("an-lise");
  const BulletinId id = analyst.Publish(network_.DraftOf(kAlert))->id;
  ASSERT_TRUE(analyst.Sync().ok());
  const OpenedBulletin opened = *analyst.Show(id);
  network_.clock().Advance(absl::Hours(1));
  const RedraftRequest later{Relation::kExtends, std::nullopt, {*ParseAudienceToken("org:meir")}};
  const auto published = analyst.Publish(*RedraftOf(opened, later, {}));
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->acknowledge_by, std::nullopt);
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_EQ(analyst.Show(published->id)->content.acknowledge_by, std::nullopt);
}

TEST_F(AcknowledgeByTest, ADraftThatAsksIsPublishedOnceToo) {
  const Draft draft = network_.DraftOf(kAlert);
  absl::Time due;
  {
    Client analyst = network_.Open("an-lise");
    network_.Script("an-lise").LoseNextReceipt();
    network_.Script("an-lise").BeforeNextFinish([this] {
      for (int i = 0; i < 50; ++i) {
        network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
      }
    });
    due = Now() + absl::Minutes(30);
    EXPECT_FALSE(analyst.Publish(draft).ok());
  }
  network_.clock().Advance(absl::Minutes(1));
  Client analyst = network_.Open("an-lise");
  const absl::StatusOr<Published> again = analyst.Publish(draft);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->acknowledge_by, due) << "as it was sealed";
  EXPECT_EQ(network_.broker().committed(), 1u);
}

TEST_F(AcknowledgeByTest, AFlagWinsAndTwoMomentsAreOneTooMany) {
  DraftFlags flags;
  flags.acknowledge_within = "2h";
  const absl::StatusOr<Draft> draft = ParseDraft(kAlert, "", flags);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->acknowledge_within, absl::Hours(2));
  const std::string twice =
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nacknowledge_within = \"30m\"\n"
      "acknowledge_by = 2030-01-01T00:00:00Z\n+++\n";
  EXPECT_EQ(RuleOf(ParseDraft(twice, "").status()), "BAD_WINDOW");
  EXPECT_TRUE(ParseDraft(twice, "", flags).ok());
  const std::string wrong =
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"GREEN\"\nacknowledge_within = "
      "\"soon\"\n+++\n";
  EXPECT_EQ(RuleOf(ParseDraft(wrong, "").status()), "BAD_WINDOW");
}

}  // namespace
}  // namespace shield::testing
