#include "client/digest/publish/publish_edition.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "base/status.h"
#include "client/digest/show/markdown.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

class PublishEditionTest : public ::testing::Test {
 protected:
  PublishEditionTest() : week_(Week::Of(network_.clock().Now())) {
    for (const char* seat : {"an-lise", "an-omar"}) {
      EXPECT_TRUE(network_.Open(seat).Sync().ok());
    }
  }

  BulletinId Green(absl::string_view title, absl::string_view seat = "an-lise") {
    network_.clock().Advance(absl::Minutes(1));
    const auto published = network_.Open(seat).Publish(network_.Green(title));
    EXPECT_TRUE(published.ok()) << published.status();
    network_.clock().Advance(absl::Minutes(1));
    return published->id;
  }

  BriefingRequest Request(Tier tier = Tier::kGreen) const {
    return {.week = week_, .tier = tier, .generator = "shield test"};
  }

  absl::StatusOr<PreparedEdition> Prepare(Client& client, EditionMode mode = EditionMode::kFirst,
                                          Tier tier = Tier::kGreen) {
    EXPECT_TRUE(client.Sync().ok());
    return PrepareEdition(client, Request(tier), mode, network_.clock().Now());
  }

  absl::StatusOr<Published> Send(absl::string_view seat, EditionMode mode = EditionMode::kFirst) {
    Client client = network_.Open(seat);
    absl::StatusOr<PreparedEdition> prepared = Prepare(client, mode);
    if (!prepared.ok()) return prepared.status();
    return SendEdition(client, network_.HomeOf(seat), *prepared, network_.clock());
  }

  // The editions that a reader holds.
  std::vector<HeldEdition> EditionsOf(absl::string_view member) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    auto gathered = Gather(client, GatheredFor::kMine, Language::kEnglish, Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    return gathered->editions;
  }

  EditionStanding Standing(absl::string_view member) {
    Client client = network_.Open(member);
    EXPECT_TRUE(client.Sync().ok());
    auto gathered = Gather(client, GatheredFor::kOthers, Language::kEnglish, Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    return StandingOf(*gathered, week_, Tier::kGreen, network_.clock().Now());
  }

  ::shield::testing::SampleNetwork network_;
  const Week week_;
};

TEST_F(PublishEditionTest, AnEditionReachesItsReadersAsABulletinOfItsKind) {
  const BulletinId id = Green("Bag snatchers at the station");
  const auto published = Send("an-lise");
  ASSERT_TRUE(published.ok()) << published.status();
  Client reader = network_.Open("meir-guard");
  ASSERT_TRUE(reader.Sync().ok());
  const auto opened = reader.Show(published->id);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->content.kind, kEditionKind);
  EXPECT_EQ(opened->item.tlp, Tlp::kGreen);
  EXPECT_TRUE(absl::EndsWith(opened->content.title, ", TLP:GREEN")) << opened->content.title;
  EXPECT_NE(opened->content.body.find("Bag snatchers at the station"), std::string::npos);
  const auto details = nlohmann::json::parse(opened->content.json)["details"];
  EXPECT_EQ(details["week"], week_.Print());
  EXPECT_EQ(details["tier"], "green");
  ASSERT_EQ(details["items"].size(), 1u);
  EXPECT_EQ(details["items"][0]["id"], id.ToHex());
  EXPECT_EQ(details["contains"], nlohmann::json({id.ToHex()}));
}

TEST_F(PublishEditionTest, ThereIsOneEditionOfATierAndAWeek) {
  Green("One");
  const auto first = Send("an-lise");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(RuleOf(Send("an-lise").status()), "EDITION_PUBLISHED");
  EXPECT_EQ(RuleOf(Send("an-omar").status()), "EDITION_PUBLISHED");
  EXPECT_EQ(EditionsOf("meir-guard").size(), 1u);
}

TEST_F(PublishEditionTest, AnEditionIsNotBriefedInTheNext) {
  Green("One");
  const auto first = Send("an-lise");
  ASSERT_TRUE(first.ok()) << first.status();
  network_.clock().Advance(absl::Minutes(1));
  Client client = network_.Open("an-lise");
  const auto again = Prepare(client, EditionMode::kReplace);
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_EQ(again->made.edition.items.size(), 1u);
  EXPECT_NE(again->made.edition.items.front().bulletin.id, first->id);
}

TEST_F(PublishEditionTest, ReplacingSendsTheNextRevisionInItsPlace) {
  Green("One");
  EXPECT_EQ(RuleOf(Send("an-lise", EditionMode::kReplace).status()), "EDITION_NOT_PUBLISHED");
  const auto first = Send("an-lise");
  ASSERT_TRUE(first.ok()) << first.status();
  Green("Two");
  const auto second = Send("an-omar", EditionMode::kReplace);
  ASSERT_TRUE(second.ok()) << second.status();
  for (const HeldEdition& edition : EditionsOf("meir-guard")) {
    if (edition.id == first->id) {
      EXPECT_EQ(edition.state, InboxState::kSuperseded);
    } else {
      EXPECT_EQ(edition.id, second->id);
      EXPECT_EQ(edition.revision, 2);
      EXPECT_EQ(edition.state, InboxState::kLive);
    }
  }
}

TEST_F(PublishEditionTest, ALostAnswerMakesNoSecondEditionWhateverCameSince) {
  Green("One");
  Client client = network_.Open("an-lise");
  auto prepared = Prepare(client);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  network_.Script("an-lise").LoseNextReceipt();
  network_.Script("an-lise").BeforeNextFinish([this] {
    for (int i = 0; i < 50; ++i) {
      network_.Script("an-lise").FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  });
  const Home home = network_.HomeOf("an-lise");
  ASSERT_FALSE(SendEdition(client, home, *prepared, network_.clock()).ok());
  // Another program run, and another bulletin: the draft would not be the same.
  Green("Two", "an-omar");
  Client later = network_.Open("an-lise");
  const auto resumed = ResumeEdition(later, home, week_, Tier::kGreen);
  ASSERT_TRUE(resumed.ok()) << resumed.status();
  ASSERT_TRUE(resumed->has_value());
  EXPECT_TRUE((*resumed)->replayed);
  EXPECT_EQ(EditionsOf("meir-guard").size(), 1u);
  // It is over.
  const auto nothing = ResumeEdition(later, home, week_, Tier::kGreen);
  ASSERT_TRUE(nothing.ok()) << nothing.status();
  EXPECT_FALSE(nothing->has_value());
}

TEST_F(PublishEditionTest, WhatWasWithdrawnSinceItWasBuiltMakesItStale) {
  const BulletinId id = Green("One");
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  ASSERT_TRUE(network_.Open("an-omar").Withdraw(id).ok());
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  EXPECT_EQ(RuleOf(sent.status()), "DIGEST_STALE");
  EXPECT_TRUE(EditionsOf("meir-guard").empty());
}

TEST_F(PublishEditionTest, OfTwoSeatsAtOnceTheLaterIsTold) {
  Green("One");
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  absl::StatusOr<Published> quicker = absl::InternalError("not sent");
  network_.Script("an-lise").BeforeNextFinish([&] { quicker = Send("an-omar"); });
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  ASSERT_TRUE(quicker.ok()) << quicker.status();
  EXPECT_EQ(RuleOf(sent.status()), "EDITION_TWICE");
}

TEST_F(PublishEditionTest, OnlyWhoMayPublishMakesOneForOthers) {
  Client reader = network_.Open("meir-guard");
  const auto prepared = Prepare(reader);
  EXPECT_FALSE(prepared.ok());
  EXPECT_FALSE(RuleOf(prepared.status()).empty()) << prepared.status();
}

TEST_F(PublishEditionTest, AStricterBulletinChangesNoByteOfALaxerEdition) {
  Green("One");
  const absl::Time now = network_.clock().Now();
  Client client = network_.Open("an-lise");
  BriefingRequest request = Request();
  request.as_of = now;
  ASSERT_TRUE(client.Sync().ok());
  const auto before = PrepareEdition(client, request, EditionMode::kFirst, now);
  ASSERT_TRUE(before.ok()) << before.status();
  const Draft stricter = network_.DraftOf(
      "+++\ntitle = \"Strict\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = [\"vetting:2\"]\n+++\n"
      "Body.\n");
  ASSERT_TRUE(network_.Open("an-omar").Publish(stricter).ok());
  ASSERT_TRUE(client.Sync().ok());
  const auto after = PrepareEdition(client, request, EditionMode::kFirst, now);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->draft.members_json, before->draft.members_json);
  request.tier = Tier::kAmber;
  const auto amber = PrepareEdition(client, request, EditionMode::kFirst, now);
  ASSERT_TRUE(amber.ok()) << amber.status();
  EXPECT_EQ(amber->made.edition.items.size(), 2u) << "it is there for those who may have it";
}

TEST_F(PublishEditionTest, WhatIsDueIsSaidFromMondayMorningOn) {
  const BulletinId id = Green("One");
  EXPECT_EQ(Standing("an-lise").kind, EditionStanding::Kind::kNotDue);
  network_.clock().Set(week_.due());
  network_.PublishDirectory();
  EXPECT_EQ(Standing("an-lise").kind, EditionStanding::Kind::kMissing);
  const auto published = Send("an-lise");
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(Standing("an-omar").kind, EditionStanding::Kind::kStands);
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(id).ok());
  const EditionStanding stale = Standing("an-omar");
  EXPECT_EQ(stale.kind, EditionStanding::Kind::kStale);
  EXPECT_EQ(stale.changed, std::vector<BulletinId>{id});
  ASSERT_TRUE(Send("an-omar", EditionMode::kReplace).ok());
  EXPECT_EQ(Standing("an-lise").kind, EditionStanding::Kind::kStands);
}

TEST_F(PublishEditionTest, AMomentThatLiesAheadIsRefused) {
  Client client = network_.Open("an-lise");
  ASSERT_TRUE(client.Sync().ok());
  BriefingRequest request = Request();
  request.as_of = network_.clock().Now() + absl::Seconds(1);
  EXPECT_EQ(
      PrepareEdition(client, request, EditionMode::kFirst, network_.clock().Now()).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace shield
