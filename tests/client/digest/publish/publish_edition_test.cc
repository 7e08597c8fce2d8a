#include "client/digest/publish/publish_edition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/digest/publish/exclusions.h"
#include "tests/client/digest/publish/editions_fixture.h"

namespace shield {
namespace {

class PublishEditionTest : public testing::EditionsTest {};

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
  SendUnheard(/*committed=*/true);
  // Another program run, and another bulletin: the draft would not be the same.
  Green("Two", "an-omar");
  const auto again = PublishAll("an-lise", Request());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->replayed);
  ASSERT_EQ(EditionsOf("meir-guard").size(), 1u);
  // It is over.
  EXPECT_EQ(RuleOf(PublishAll("an-lise", Request()).status()), "EDITION_PUBLISHED");
}

TEST_F(PublishEditionTest, WhatIsAskedForAnewIsNotAnsweredWithWhatWasSentBefore) {
  Green("One");
  SendUnheard(/*committed=*/true);
  BriefingRequest dutch = Request();
  dutch.language = Language::kDutch;
  EXPECT_EQ(RuleOf(PublishAll("an-lise", dutch).status()), "EDITION_PUBLISHED");
  const auto replaced = PublishAll("an-lise", dutch, EditionMode::kReplace);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  const std::vector<HeldEdition> live = LiveOf("meir-guard");
  ASSERT_EQ(live.size(), 1u);
  EXPECT_EQ(live.front().id, replaced->id);
  EXPECT_EQ(live.front().language, Language::kDutch);
}

TEST_F(PublishEditionTest, WhatTheBrokerNeverTookIsMadeAnewUnderItsId) {
  const BulletinId withdrawn = Green("Withdrawn since");
  Green("Still so");
  SendUnheard(/*committed=*/false);
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  ASSERT_TRUE(network_.Open("an-omar").Withdraw(withdrawn).ok());
  const auto sent = PublishAll("an-lise", Request());
  ASSERT_TRUE(sent.ok()) << sent.status();
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  const std::string content = ContentOf("meir-guard", sent->id);
  EXPECT_EQ(content.find("Withdrawn since"), std::string::npos);
  EXPECT_NE(content.find("Still so"), std::string::npos);
}

TEST_F(PublishEditionTest, WhatTheBrokerNeverTookIsNotSentAfterAnotherSeatsEdition) {
  const BulletinId withdrawn = Green("Withdrawn since");
  SendUnheard(/*committed=*/false);
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  ASSERT_TRUE(network_.Open("an-omar").Withdraw(withdrawn).ok());
  ASSERT_TRUE(Send("an-omar").ok());
  EXPECT_EQ(RuleOf(PublishAll("an-lise", Request()).status()), "EDITION_PUBLISHED");
  EXPECT_EQ(EditionsOf("meir-guard").size(), 1u);
}

TEST_F(PublishEditionTest, WhatTheBrokerTookAfterAllIsTheEditionThoughAnotherWasMadeInItsPlace) {
  Green("One");
  SendUnheard(/*committed=*/false);
  const std::function<void()> later = Later();
  ASSERT_TRUE(network_.Open("an-omar").Publish(network_.Green("Two")).ok());
  {
    Client client = network_.Open("an-lise");
    ASSERT_TRUE(client.Sync().ok());
    const auto unheard =
        PublishEdition(client, network_.HomeOf("an-lise"), Request(), EditionMode::kFirst,
                       network_.clock(), [this](const PreparedEdition&) {
                         CutOff("an-lise");
                         return absl::OkStatus();
                       });
    ASSERT_TRUE(absl::IsUnavailable(unheard.status())) << unheard.status();
  }
  later();
  EXPECT_EQ(RuleOf(PublishAll("an-lise", Request()).status()), "EDITION_PUBLISHED");
  const auto replaced = PublishAll("an-lise", Request(), EditionMode::kReplace);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  EXPECT_EQ(LiveOf("meir-guard").front().id, replaced->id);
}

TEST_F(PublishEditionTest, WhatTheBrokerTakesMeanwhileIsTheEdition) {
  Green("One");
  SendUnheard(/*committed=*/false);
  const std::function<void()> later = Later();
  ASSERT_TRUE(network_.Open("an-omar").Publish(network_.Green("Two")).ok());
  Client client = network_.Open("an-lise");
  ASSERT_TRUE(client.Sync().ok());
  const auto second =
      PublishEdition(client, network_.HomeOf("an-lise"), Request(), EditionMode::kFirst,
                     network_.clock(), [&](const PreparedEdition& prepared) {
                       if (prepared.instead_of.has_value()) {
                         network_.Script("an-lise").BeforeNext("Publish", later);
                       }
                       return absl::OkStatus();
                     });
  EXPECT_EQ(RuleOf(second.status()), "EDITION_PUBLISHED") << second.status();
  EXPECT_EQ(LiveOf("meir-guard").size(), 1u);
}

TEST_F(PublishEditionTest, WhileTheBrokerDoesNotAnswerNothingIsSent) {
  Green("One");
  SendUnheard(/*committed=*/true);
  Client client = network_.Open("an-lise");
  for (int i = 0; i < 50; ++i) {
    network_.Script("an-lise").FailNext("GetDirectory", absl::UnavailableError("the link is dead"));
  }
  const auto earlier =
      FindEarlierEdition(client, network_.HomeOf("an-lise"), Request(), EditionMode::kFirst);
  EXPECT_TRUE(absl::IsUnavailable(earlier.status())) << earlier.status();
}

TEST_F(PublishEditionTest, NothingOfWhatIsUnderEmbargoStandsInTheSealedContent) {
  Green("One");
  const Draft draft = network_.DraftOf(absl::StrCat(
      "+++\ntitle = \"Raid on Thursday\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\nnot_before = ",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", network_.clock().Now() + absl::Hours(48),
                       absl::UTCTimeZone()),
      "\n+++\nBody.\n"));
  const auto embargoed = network_.Open("an-lise").Publish(draft);
  ASSERT_TRUE(embargoed.ok()) << embargoed.status();
  network_.clock().Advance(absl::Minutes(1));
  const auto sent = Send("an-lise");
  ASSERT_TRUE(sent.ok()) << sent.status();
  const std::string content = ContentOf("meir-guard", sent->id);
  EXPECT_EQ(content.find("Raid on Thursday"), std::string::npos);
  EXPECT_EQ(content.find(embargoed->id.ToHex()), std::string::npos);
  EXPECT_NE(content.find("One"), std::string::npos);
}

TEST_F(PublishEditionTest, NothingOfOneCommunityIsListedForReadersOfAnother) {
  const BulletinId green = Green("For Antwerp alone");
  network_.Org("meir").community = *CommunityId::Parse("ghent");
  network_.PublishDirectory();
  Client client = network_.Open("an-lise");
  ASSERT_TRUE(client.Sync().ok());
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("meir"))};
  const auto prepared = PrepareEdition(client, network_.HomeOf("an-lise"), request,
                                       EditionMode::kFirst, network_.clock().Now());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->draft.members_json.find("For Antwerp alone"), std::string::npos);
  EXPECT_EQ(prepared->draft.members_json.find(green.ToHex()), std::string::npos);
  // For readers who may have it, it is there.
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto own = PrepareEdition(client, network_.HomeOf("an-lise"), request, EditionMode::kFirst,
                                  network_.clock().Now());
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_NE(own->draft.members_json.find(green.ToHex()), std::string::npos);
}

TEST_F(PublishEditionTest, WhatNamedOrganisationsWereSentIsBriefedToThemByTheDigestSeat) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  for (const char* seat : {"an-lise", "an-digest"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  const Draft amber = network_.DraftOf(
      "+++\ntitle = \"Informant seen\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = "
      "[\"org:astrid\", \"org:meir\"]\n+++\nBody.\n");
  ASSERT_TRUE(network_.Open("an-lise").Publish(amber).ok());
  network_.clock().Advance(absl::Minutes(1));
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto sent = PublishAll("an-digest", request);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_NE(ContentOf("astrid-guard", sent->id).find("Informant seen"), std::string::npos);
}

TEST_F(PublishEditionTest, WhoJoinsBetweenTheCheckAndTheSealIsNotSentIt) {
  const Draft amber = network_.DraftOf(
      "+++\ntitle = \"Informant seen\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = "
      "[\"vetting:2\"]\n+++\nBody.\n");
  ASSERT_TRUE(network_.Open("an-lise").Publish(amber).ok());
  network_.clock().Advance(absl::Minutes(1));
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client, EditionMode::kFirst, Tier::kAmber);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  ASSERT_EQ(prepared->made.edition.items.size(), 1u);
  const size_t committed = network_.broker().committed();
  const auto join = [this](absl::string_view member) {
    network_.AddMember(member, "meir", {Role::kReader});
    network_.PublishDirectory();
  };
  // The directory moves when it has been sealed already …
  network_.Script("an-lise").BeforeNext("Publish", [&] { join("meir-late"); });
  const Home home = network_.HomeOf("an-lise");
  const auto sent = SendEdition(client, home, *prepared, network_.clock());
  EXPECT_EQ(RuleOf(sent.status()), "DIGEST_STALE") << sent.status();
  EXPECT_EQ(network_.broker().committed(), committed);
  EXPECT_TRUE(EditionsOf("meir-late").empty());
  // … and what is sent then holds nothing that the new one may not have.
  BriefingRequest request = Request(Tier::kAmber);
  const auto again = PublishAll("an-lise", request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(ContentOf("meir-late", again->id).find("Informant seen"), std::string::npos);
}

TEST_F(PublishEditionTest, OfTwoThatHoldReplacingLeavesOne) {
  Green("One");
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  network_.Script("an-lise").BeforeNextFinish([&] { EXPECT_TRUE(Send("an-omar").ok()); });
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  ASSERT_EQ(RuleOf(sent.status()), "EDITION_TWICE");
  const EditionStanding twice = Standing("an-omar");
  EXPECT_EQ(twice.kind, EditionStanding::Kind::kTwice);
  EXPECT_EQ(twice.editions.size(), 2u);
  const auto replaced = Send("an-omar", EditionMode::kReplace);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  const std::vector<HeldEdition> live = LiveOf("meir-guard");
  ASSERT_EQ(live.size(), 1u);
  EXPECT_EQ(live.front().id, replaced->id);
  EXPECT_NE(Standing("an-lise").kind, EditionStanding::Kind::kTwice);
}

TEST_F(PublishEditionTest, AWeekThatHasNotBegunIsRefused) {
  BriefingRequest next = Request();
  next.week = week_.Plus(1);
  EXPECT_TRUE(absl::IsInvalidArgument(PublishAll("an-lise", next).status()));
  network_.clock().Set(next.week.begin());
  network_.PublishDirectory();
  const auto sent = PublishAll("an-lise", next);
  EXPECT_TRUE(sent.ok()) << sent.status();
}

TEST_F(PublishEditionTest, OneOfARunningWeekIsReplacedOnceTheWeekIsOver) {
  Green("One");
  const auto early = PublishAll("an-lise", Request(), EditionMode::kOnce);
  ASSERT_TRUE(early.ok()) << early.status();
  EXPECT_EQ(Standing("an-omar").kind, EditionStanding::Kind::kProvisional);
  EXPECT_EQ(RuleOf(PublishAll("an-lise", Request(), EditionMode::kOnce).status()),
            "EDITION_PUBLISHED");
  network_.clock().Set(week_.end() - absl::Hours(1));
  network_.PublishDirectory();
  Green("On Sunday evening");
  network_.clock().Set(week_.due());
  network_.PublishDirectory();
  EXPECT_EQ(RuleOf(PublishAll("an-lise", Request()).status()), "EDITION_PUBLISHED");
  const auto whole = PublishAll("an-lise", Request(), EditionMode::kOnce);
  ASSERT_TRUE(whole.ok()) << whole.status();
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  EXPECT_EQ(LiveOf("meir-guard").front().id, whole->id);
  EXPECT_NE(ContentOf("meir-guard", whole->id).find("On Sunday evening"), std::string::npos);
  EXPECT_EQ(Standing("an-omar").kind, EditionStanding::Kind::kStands);
  EXPECT_EQ(RuleOf(PublishAll("an-lise", Request(), EditionMode::kOnce).status()),
            "EDITION_PUBLISHED");
}

TEST_F(PublishEditionTest, AWithdrawalInTheSameSecondMakesItStale) {
  const BulletinId id = Green("One");
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  // It is sealed already when the other seat withdraws, and committed afterwards.
  network_.Script("an-lise").BeforeNextFinish(
      [&] { EXPECT_TRUE(network_.Open("an-omar").Withdraw(id).ok()); });
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  ASSERT_TRUE(sent.ok()) << sent.status();
  const EditionStanding stale = Standing("an-omar");
  EXPECT_EQ(stale.kind, EditionStanding::Kind::kStale);
  EXPECT_EQ(stale.changed, std::vector<BulletinId>{id});
}

TEST_F(PublishEditionTest, ACorrectionNobodyLooksAtKeepsAudienceAndLanguage) {
  const BulletinId id = Green("One");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  request.language = Language::kFrench;
  request.foreword = "A word on One.";
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  const auto gathered = [&] {
    Client client = network_.Open("an-omar");
    EXPECT_TRUE(client.Sync().ok());
    return *Gather(client, network_.HomeOf("an-omar"), GatheredFor::kOthers, Language::kEnglish,
                   Fetching::kAllowed);
  };
  const absl::Time now = network_.clock().Now();
  EXPECT_TRUE(EditionsToCorrect(gathered(), Tier::kAmber, now).empty());
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(id).ok());
  EXPECT_TRUE(EditionsToCorrect(gathered(), Tier::kGreen, now).empty());
  const std::vector<HeldEdition> stale = EditionsToCorrect(gathered(), Tier::kAmber, now);
  ASSERT_EQ(stale.size(), 1u);
  const auto correction = CorrectionOf(stale.front());
  ASSERT_TRUE(correction.ok()) << correction.status();
  EXPECT_EQ(correction->to, request.to);
  EXPECT_EQ(correction->language, Language::kFrench);
  EXPECT_TRUE(correction->foreword.empty()) << "it may speak of what was withdrawn";
  const auto sent = PublishAll("an-omar", *correction, EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(EditionsToCorrect(gathered(), Tier::kAmber, now).empty());
  EXPECT_EQ(EditionsOf("meir-guard").size(), 0u) << "it was never for them";
  HeldEdition unreadable = stale.front();
  unreadable.to.clear();
  EXPECT_EQ(RuleOf(CorrectionOf(unreadable).status()), "AUDIENCE_UNKNOWN");
}

TEST_F(PublishEditionTest, AWithdrawnEditionIsRememberedAndBriefedInNone) {
  Green("One");
  ASSERT_TRUE(Send("an-lise").ok());
  const auto second = Send("an-lise", EditionMode::kReplace);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(second->id).ok());
  network_.clock().Advance(absl::Minutes(1));
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->made.admission.bulletins.size(), 1u) << "only what it tells of";
  EXPECT_TRUE(prepared->made.edition.withdrawn.empty());
  EXPECT_EQ(prepared->made.edition.revision, 3) << "no revision is given twice";
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
  const Home home = network_.HomeOf("an-lise");
  const auto before = PrepareEdition(client, home, request, EditionMode::kFirst, now);
  ASSERT_TRUE(before.ok()) << before.status();
  const Draft stricter = network_.DraftOf(
      "+++\ntitle = \"Strict\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = [\"vetting:2\"]\n+++\n"
      "Body.\n");
  ASSERT_TRUE(network_.Open("an-omar").Publish(stricter).ok());
  ASSERT_TRUE(client.Sync().ok());
  const auto after = PrepareEdition(client, home, request, EditionMode::kFirst, now);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->draft.members_json, before->draft.members_json);
  request.tier = Tier::kAmber;
  const auto amber = PrepareEdition(client, home, request, EditionMode::kFirst, now);
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
  EXPECT_EQ(PrepareEdition(client, network_.HomeOf("an-lise"), request, EditionMode::kFirst,
                           network_.clock().Now())
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(PublishEditionTest, ASeatThatMayNotReplaceAnEditionIsToldWhoMayBeforeAnythingIsSealed) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  Green("One");
  ASSERT_TRUE(PublishAll("an-lise", Request(), EditionMode::kOnce).ok());
  const size_t committed = network_.broker().committed();
  const auto replaced = PublishAll("an-digest", Request(), EditionMode::kReplace);
  EXPECT_EQ(RuleOf(replaced.status()), "EDITION_OF_ANOTHER") << replaced.status();
  EXPECT_TRUE(absl::StrContains(replaced.status().message(), "an-lise")) << replaced.status();
  EXPECT_TRUE(absl::StrContains(HintOf(replaced.status()), "--replace")) << replaced.status();
  const auto again = PublishAll("an-digest", Request());
  EXPECT_EQ(RuleOf(again.status()), "EDITION_PUBLISHED");
  EXPECT_FALSE(absl::StrContains(HintOf(again.status()), "--replace")) << again.status();
  // Nor does the timer, when the week is over.
  network_.clock().Set(week_.due());
  network_.PublishDirectory();
  EXPECT_EQ(RuleOf(PublishAll("an-digest", Request(), EditionMode::kOnce).status()),
            "EDITION_OF_ANOTHER");
  EXPECT_EQ(network_.broker().committed(), committed);
  // Any analyst of the force can.
  const auto by_omar = PublishAll("an-omar", Request(), EditionMode::kReplace);
  EXPECT_TRUE(by_omar.ok()) << by_omar.status();
}

TEST_F(PublishEditionTest, WhatTheDigestSeatPublishedItReplacesItself) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  Green("One");
  ASSERT_TRUE(PublishAll("an-digest", Request()).ok());
  network_.clock().Advance(absl::Minutes(1));
  const auto replaced = PublishAll("an-digest", Request(), EditionMode::kReplace);
  EXPECT_TRUE(replaced.ok()) << replaced.status();
}

TEST_F(PublishEditionTest, ACorrectionIsForThoseWhoHadTheEditionAndLosesNothingToJoiners) {
  std::vector<BulletinId> ids;
  for (const char* title : {"Stays true", "Turns out wrong"}) {
    const Draft amber = network_.DraftOf(absl::StrCat(
        "+++\ntitle = \"", title,
        "\"\nkind = \"notice\"\ntlp = \"TLP:AMBER\"\nto = [\"vetting:2\"]\n+++\nBody.\n"));
    const auto published = network_.Open("an-lise").Publish(amber);
    ASSERT_TRUE(published.ok()) << published.status();
    ids.push_back(published->id);
    network_.clock().Advance(absl::Minutes(1));
  }
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  network_.AddMember("meir-late", "meir", {Role::kReader});
  network_.PublishDirectory();
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(network_.Open("an-lise").Withdraw(ids[1]).ok());
  // By another seat, which has not published it.
  Client client = network_.Open("an-omar");
  ASSERT_TRUE(client.Sync().ok());
  const auto gathered = Gather(client, network_.HomeOf("an-omar"), GatheredFor::kOthers,
                               Language::kEnglish, Fetching::kAllowed);
  ASSERT_TRUE(gathered.ok()) << gathered.status();
  const auto stale = EditionsToCorrect(*gathered, Tier::kAmber, network_.clock().Now());
  ASSERT_EQ(stale.size(), 1u);
  const auto correction = CorrectionOf(stale.front());
  ASSERT_TRUE(correction.ok()) << correction.status();
  const auto sent = PublishAll("an-omar", *correction, EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  const std::string content = ContentOf("meir-guard", sent->id);
  EXPECT_TRUE(absl::StrContains(content, "Stays true")) << content;
  EXPECT_FALSE(absl::StrContains(content, "Turns out wrong"));
  EXPECT_FALSE(absl::StrContains(content, "meir-late")) << "whom it is not for is nobody's to know";
  EXPECT_TRUE(EditionsOf("meir-late").empty());
}

TEST_F(PublishEditionTest, ANewSeatOfTheSourceHoldsTheCorrectionAndSendsNoSecondEdition) {
  Amber("Stays true");
  const BulletinId wrong = Amber("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.AddMember("an-nele", "ocad", {Role::kAnalyst});
  network_.PublishDirectory();
  Withdraw(wrong);
  const auto sent = PublishAll("an-omar", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("meir-guard", sent->id), "Stays true"));
  const size_t committed = network_.broker().committed();
  for (const char* seat : {"an-digest", "an-nele"}) {
    ASSERT_EQ(LiveOf(seat).size(), 1u) << seat;
    EXPECT_EQ(LiveOf(seat).front().id, sent->id) << seat;
    const auto timer = PublishAll(seat, Request(Tier::kAmber), EditionMode::kOnce);
    EXPECT_EQ(RuleOf(timer.status()), "EDITION_PUBLISHED") << seat << timer.status();
  }
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(PublishEditionTest, WhoMissedARevisionIsSentTheNext) {
  Amber("Stays true");
  const BulletinId wrong = Amber("Turns out wrong");
  const auto first = PublishAll("an-lise", Request(Tier::kAmber));
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  network_.Member("meir-guard").state = AccountState::kSuspended;
  network_.PublishDirectory();
  Withdraw(wrong);
  const auto second = PublishAll("an-omar", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(second.ok()) << second.status();
  network_.Member("meir-guard").state = AccountState::kActive;
  network_.PublishDirectory();
  network_.clock().Advance(absl::Minutes(1));
  const auto third = PublishAll("an-omar", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(third.ok()) << third.status();
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  EXPECT_EQ(LiveOf("meir-guard").front().id, third->id);
  EXPECT_TRUE(absl::StrContains(ContentOf("meir-guard", third->id), "Stays true"));
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", third->id), "Stays true"));
}

TEST_F(PublishEditionTest, WhoJoinedMakesACorrectionSilentAboutNoWithdrawal) {
  Green("For all");
  const BulletinId wrong = Amber("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  network_.AddMember("meir-late", "meir", {Role::kReader});
  network_.PublishDirectory();
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("meir-guard", sent->id), std::vector{wrong.ToHex()});
  EXPECT_TRUE(EditionsOf("meir-late").empty());
  // What a correction says to be over the next one says as well, to whom it was for.
  network_.AddMember("meir-later", "meir", {Role::kReader});
  network_.PublishDirectory();
  network_.clock().Advance(absl::Minutes(1));
  const auto next = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(EndedIn("meir-guard", next->id), std::vector{wrong.ToHex()});
}

TEST_F(PublishEditionTest, WhereEveryReaderMayHaveAllOfItNobodyIsExcluded) {
  const BulletinId wrong = Green("Turns out wrong");
  Green("For all");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  network_.AddMember("meir-late", "meir", {Role::kReader});
  network_.PublishDirectory();
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("meir-late", sent->id), "For all"));
  EXPECT_EQ(EndedIn("meir-late", sent->id), std::vector{wrong.ToHex()});
}

TEST_F(PublishEditionTest, AnExtensionThatAnEditionToldIsToldToBeWithdrawn) {
  network_.clock().Advance(absl::Minutes(1));
  const auto narrow = network_.Open("an-lise").Publish(network_.DraftOf(
      "+++\ntitle = \"First for the shops\"\nkind = \"notice\"\ntlp = \"TLP:GREEN\"\nto = "
      "[\"sector:retail\"]\n+++\nBody.\n"));
  ASSERT_TRUE(narrow.ok()) << narrow.status();
  network_.clock().Advance(absl::Minutes(1));
  const BulletinId extension = Extend("an-lise", narrow->id,
                                      {AudienceToken::Community(*CommunityId::Parse("antwerp")),
                                       AudienceToken::NotMember(*MemberId::Parse("meir-guard"))});
  const auto first = PublishAll("an-lise", Request());
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("meir-guard", first->id), extension.ToHex()));
  Withdraw(narrow->id);
  Withdraw(extension);
  const auto sent = PublishAll("an-lise", Correcting(Tier::kGreen), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  for (const char* reader : {"meir-guard", "astrid-guard"}) {
    EXPECT_EQ(EndedIn(reader, sent->id), std::vector{extension.ToHex()}) << reader;
  }
}

TEST_F(PublishEditionTest, WhatWasExtendedAndEndedIsToldAndCountedOnce) {
  const BulletinId green = Green("For all");
  const AudienceToken all = AudienceToken::Community(*CommunityId::Parse("antwerp"));
  std::vector<AudienceToken> joiners = {all};
  for (const char* holder : {"astrid-desk", "astrid-guard", "meir-guard"}) {
    joiners.push_back(AudienceToken::NotMember(*MemberId::Parse(holder)));
  }
  network_.AddMember("meir-late", "meir", {Role::kReader});
  network_.PublishDirectory();
  const BulletinId extension = Extend("an-lise", green, joiners);
  const auto live = PrepareAs("an-lise", Request(), EditionMode::kFirst);
  ASSERT_TRUE(live.ok()) << live.status();
  EXPECT_EQ(live->made.edition.trend.back().published, 1u);
  ASSERT_EQ(live->made.edition.items.size(), 1u);
  Withdraw(green);
  Withdraw(extension);
  const auto ended = PrepareAs("an-lise", Request(), EditionMode::kFirst);
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->made.edition.trend.back().published, 1u);
  ASSERT_EQ(ended->made.edition.withdrawn.size(), 1u);
  EXPECT_EQ(ended->made.edition.withdrawn.front().id, green);
}

TEST_F(PublishEditionTest, WhoHasAnEditionByAnExtensionWithinItsAudienceLosesNothingToTheOthers) {
  network_.Org("meir").vetting = 1;
  network_.PublishDirectory();
  for (const char* seat : {"an-lise", "an-omar"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  Amber("Stays true");
  const BulletinId wrong = Amber("Turns out wrong");
  const auto first = PublishAll("an-lise", Request(Tier::kAmber));
  ASSERT_TRUE(first.ok()) << first.status();
  network_.Org("meir").vetting = 3;
  network_.PublishDirectory();
  Extend("an-lise", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(
      prepared->not_reached,
      (std::vector<Unreached>{{*MemberId::Parse("meir-guard"), Unreached::Way::kAnotherWay}}));
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", sent->id), "Stays true"));
  EXPECT_EQ(EndedIn("astrid-guard", sent->id), std::vector{wrong.ToHex()});
}

TEST_F(PublishEditionTest, WhoWasBroughtUpToDateByAnExtensionIsNotExcluded) {
  network_.Org("meir").vetting = 1;
  network_.PublishDirectory();
  for (const char* seat : {"an-lise", "an-omar"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  const BulletinId amber = Amber("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  network_.Org("meir").vetting = 3;
  network_.PublishDirectory();
  Extend("an-lise", amber, ToVettedBut({"astrid-desk", "astrid-guard"}));
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  for (const char* reader : {"astrid-guard", "meir-guard"}) {
    EXPECT_TRUE(absl::StrContains(ContentOf(reader, sent->id), "Stays true")) << reader;
    EXPECT_EQ(EndedIn(reader, sent->id), std::vector{wrong.ToHex()}) << reader;
  }
}

// It is for the next edition: this one would lose what it carries.
TEST_F(PublishEditionTest, AnExtensionOfALaterWeekKeepsNobodyFromBeingExcluded) {
  network_.Org("meir").vetting = 1;
  network_.PublishDirectory();
  for (const char* seat : {"an-lise", "an-omar"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  const BulletinId amber = Amber("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  network_.clock().Set(week_.end() + absl::Hours(1));
  network_.Org("meir").vetting = 3;
  network_.PublishDirectory();
  Extend("an-lise", amber, ToVettedBut({"astrid-desk", "astrid-guard"}));
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", sent->id), "Stays true"));
  EXPECT_TRUE(LiveOf("meir-guard").empty());
}

TEST_F(PublishEditionTest, WhoHasAnEditionAndWhatItTellsByExtensionsIsNamed) {
  const BulletinId amber = Amber("Stays true", "\"org:astrid\"");
  BriefingRequest for_astrid = Request(Tier::kAmber);
  for_astrid.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto first = PublishAll("an-lise", for_astrid);
  ASSERT_TRUE(first.ok()) << first.status();
  Extend("an-lise", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  std::vector<AudienceToken> both = {AudienceToken::Org(*OrgId::Parse("astrid")),
                                     AudienceToken::Org(*OrgId::Parse("meir"))};
  for (const char* holder : {"astrid-desk", "astrid-guard"}) {
    both.push_back(AudienceToken::NotMember(*MemberId::Parse(holder)));
  }
  Extend("an-lise", amber, both);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  for (const char* reader : {"astrid-guard", "meir-guard"}) {
    EXPECT_TRUE(absl::StrContains(ContentOf(reader, sent->id), "Stays true")) << reader;
  }
}

TEST_F(PublishEditionTest, WhoHasMovedSinceTakesNothingFromTheOthersAndIsNamed) {
  AddPort();
  Amber("Stays true", "\"org:astrid\"");
  const BulletinId wrong = Amber("Turns out wrong", "\"org:astrid\"");
  ASSERT_TRUE(PublishAll("an-lise", ForAstridAndPort()).ok());
  network_.Member("astrid-guard").org = *OrgId::Parse("port");
  network_.PublishDirectory();
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(
      prepared->not_reached,
      (std::vector<Unreached>{{*MemberId::Parse("astrid-guard"), Unreached::Way::kAnotherWay}}));
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-desk", sent->id), "Stays true"));
  EXPECT_EQ(EndedIn("astrid-desk", sent->id), std::vector{wrong.ToHex()});
  EXPECT_TRUE(LiveOf("astrid-guard").empty());
}

TEST_F(PublishEditionTest, WhatNobodyWhoHadItMayHaveAnyMoreExcludesNobody) {
  AddPort();
  Green("For all");
  Amber("For Astrid", "\"org:astrid\"");
  ASSERT_TRUE(PublishAll("an-lise", ForAstridAndPort()).ok());
  for (const char* seat : {"astrid-desk", "astrid-guard"}) {
    network_.Member(seat).org = *OrgId::Parse("port");
  }
  network_.AddMember("astrid-new", "astrid", {Role::kReader});
  network_.PublishDirectory();
  network_.clock().Advance(absl::Minutes(1));
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  for (const char* reader : {"astrid-desk", "astrid-guard", "astrid-new"}) {
    EXPECT_TRUE(absl::StrContains(ContentOf(reader, sent->id), "For all")) << reader;
  }
}

TEST_F(PublishEditionTest, OfTwoThatHoldNobodyIsExcludedForWhatTheOtherTells) {
  Amber("For Astrid", "\"org:astrid\"");
  Amber("For Meir", "\"org:meir\"", "an-omar");
  const auto for_org = [this](absl::string_view org) {
    BriefingRequest request = Request(Tier::kAmber);
    request.to = {AudienceToken::Org(*OrgId::Parse(org))};
    return request;
  };
  Client client = network_.Open("an-lise");
  ASSERT_TRUE(client.Sync().ok());
  const Home home = network_.HomeOf("an-lise");
  const auto first =
      PrepareEdition(client, home, for_org("astrid"), EditionMode::kFirst, network_.clock().Now());
  ASSERT_TRUE(first.ok()) << first.status();
  network_.Script("an-lise").BeforeNextFinish(
      [&] { EXPECT_TRUE(PublishAll("an-omar", for_org("meir")).ok()); });
  ASSERT_EQ(RuleOf(SendEdition(client, home, *first, network_.clock()).status()), "EDITION_TWICE");
  network_.clock().Advance(absl::Minutes(1));
  const auto prepared = PrepareAs("an-omar", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(
      prepared->not_reached,
      (std::vector<Unreached>{{*MemberId::Parse("meir-guard"), Unreached::Way::kAnotherWay}}));
  const auto sent = PublishAll("an-omar", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", sent->id), "For Astrid"));
}

TEST_F(PublishEditionTest, ACorrectionBesideAnExtensionOfAnotherSeatsIsNoSecondEdition) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  network_.PublishDirectory();
  for (const char* seat : {"an-lise", "an-digest"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto first = PublishAll("an-digest", request);
  ASSERT_TRUE(first.ok()) << first.status();
  const BulletinId extension =
      Extend("an-lise", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-digest", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  ASSERT_EQ(prepared->replaced.standing.size(), 1u);
  EXPECT_EQ(prepared->replaced.standing.front().id, extension);
  const auto sent = PublishAll("an-digest", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  // Who has the extension is told all the same, and an analyst ends it.
  EXPECT_EQ(EndedIn("meir-guard", sent->id), std::vector{wrong.ToHex()});
  EXPECT_EQ(LiveOf("meir-guard").size(), 2u);
  EXPECT_EQ(Standing("an-lise", Tier::kAmber).kind, EditionStanding::Kind::kTwice);
  ASSERT_TRUE(PublishAll("an-lise", Correcting(), EditionMode::kReplace).ok());
  EXPECT_EQ(LiveOf("meir-guard").size(), 1u);
  EXPECT_EQ(LiveOf("astrid-guard").size(), 1u);
}

TEST_F(PublishEditionTest, MoreExtensionsThanAreReplacedAtOnceMakeNoSecondEdition) {
  Green("One");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto first = PublishAll("an-lise", request);
  ASSERT_TRUE(first.ok()) << first.status();
  for (size_t i = 0; i < kMaxReplaced; ++i) {
    Extend("an-lise", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  }
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->replaced.Ended().size(), kMaxReplaced);
  EXPECT_EQ(prepared->replaced.standing.size(), 1u);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  network_.clock().Advance(absl::Minutes(1));
  ASSERT_TRUE(PublishAll("an-lise", Correcting(), EditionMode::kReplace).ok());
  EXPECT_EQ(LiveOf("meir-guard").size(), 1u);
}

TEST_F(PublishEditionTest, WhoIsNamedAndHasNoKeyHoldsUpNoCorrection) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  const AudienceToken guard = AudienceToken::Member(*MemberId::Parse("meir-guard"));
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid")), guard};
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  EndKeysOf("meir-guard");
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->not_reached,
            (std::vector<Unreached>{{*MemberId::Parse("meir-guard"), Unreached::Way::kNewKeys}}));
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("astrid-guard", sent->id), std::vector{wrong.ToHex()});
  const std::vector<HeldEdition> live = LiveOf("astrid-guard");
  ASSERT_EQ(live.size(), 1u);
  EXPECT_NE(std::find(live.front().to.begin(), live.front().to.end(), guard), live.front().to.end())
      << "the next one is for the guard again";
}

TEST_F(PublishEditionTest, WhoIsNamedAndIsNotLetInAnyMoreHoldsUpNoCorrection) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid")),
                AudienceToken::Member(*MemberId::Parse("meir-guard"))};
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  for (const AccountState state : {AccountState::kSuspended, AccountState::kRevoked}) {
    SCOPED_TRACE(static_cast<int>(state));
    network_.Member("meir-guard").state = state;
    network_.PublishDirectory();
    ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
    const auto prepared = PrepareAs("an-lise", Correcting());
    ASSERT_TRUE(prepared.ok()) << prepared.status();
    EXPECT_TRUE(prepared->not_reached.empty()) << "nobody is to tell whom the network shuts out";
  }
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("astrid-guard", sent->id), std::vector{wrong.ToHex()});
}

TEST_F(PublishEditionTest, AnOrganisationVettedForLessByNowHoldsUpNoCorrection) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid")),
                AudienceToken::Org(*OrgId::Parse("meir"))};
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  network_.Org("meir").vetting = 1;
  network_.PublishDirectory();
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("astrid-guard", sent->id), std::vector{wrong.ToHex()});
}

TEST_F(PublishEditionTest, ACorrectionForNobodyElseThanOneWithoutAKeyIsRefused) {
  Green("One");
  BriefingRequest request = Request();
  request.to = {AudienceToken::Member(*MemberId::Parse("meir-guard"))};
  const auto first = PublishAll("an-lise", request);
  ASSERT_TRUE(first.ok()) << first.status();
  EndKeysOf("meir-guard");
  const size_t committed = network_.broker().committed();
  const auto refused = PublishAll("an-lise", Correcting(Tier::kGreen), EditionMode::kReplace);
  EXPECT_EQ(RuleOf(refused.status()), "RECIPIENT_WITHOUT_KEY") << refused.status();
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(PublishEditionTest, AReaderWithoutKeysKeepsNothingOutForTheOthers) {
  network_.AddMember("an-digest", "ocad", {Role::kDigest});
  EndKeysOf("meir-guard");
  for (const char* seat : {"an-digest", "an-omar"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  Amber("Informant seen");
  const auto sent = PublishAll("an-digest", Request(Tier::kAmber));
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", sent->id), "Informant seen"));
  network_.clock().Advance(absl::Minutes(1));
  const auto replaced = PublishAll("an-omar", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", replaced->id), "Informant seen"));
}

TEST_F(PublishEditionTest, MoreWhoJoinedThanAnAudienceHasWordsForAreRefused) {
  Amber("Stays true");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  const auto join = [this](size_t first, size_t last) {
    for (size_t i = first; i <= last; ++i) {
      network_.AddMember(absl::StrCat("meir-late-", i), "meir", {Role::kReader});
    }
    network_.PublishDirectory();
    network_.clock().Advance(absl::Minutes(1));
  };
  join(1, kMaxExcluded);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(EditionsOf("meir-late-1").empty());
  join(kMaxExcluded + 1, kMaxExcluded + 1);
  const size_t committed = network_.broker().committed();
  const auto refused = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  EXPECT_EQ(RuleOf(refused.status()), "TOO_MANY_JOINED") << refused.status();
  EXPECT_TRUE(absl::StrContains(HintOf(refused.status()), "--to")) << refused.status();
  EXPECT_EQ(network_.broker().committed(), committed);
}

TEST_F(PublishEditionTest, WhatCarriesAnEditionToMoreReadersIsThatEditionAndIsReplacedWithIt) {
  Green("One");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto first = PublishAll("an-lise", request);
  ASSERT_TRUE(first.ok()) << first.status();
  const BulletinId extension =
      Extend("an-omar", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  const EditionStanding standing = Standing("an-lise", Tier::kAmber);
  EXPECT_EQ(standing.kind, EditionStanding::Kind::kProvisional);
  ASSERT_EQ(standing.editions.size(), 1u);
  EXPECT_EQ(standing.editions.front().id, first->id);
  const auto replaced = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(replaced.ok()) << replaced.status();
  for (const char* reader : {"astrid-guard", "meir-guard"}) {
    ASSERT_EQ(LiveOf(reader).size(), 1u) << reader;
    EXPECT_EQ(LiveOf(reader).front().id, replaced->id) << reader;
  }
  const std::string content = ContentOf("astrid-guard", replaced->id);
  EXPECT_FALSE(absl::StrContains(content, "meir")) << "for whom else it is, it does not tell";
  // It is so of the next revision, too.
  network_.clock().Advance(absl::Minutes(1));
  const auto third = PublishAll("an-omar", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(third.ok()) << third.status();
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  EXPECT_EQ(LiveOf("meir-guard").front().id, third->id);
  EXPECT_NE(extension, third->id);
}

TEST_F(PublishEditionTest, ForWhoeverHasAnEditionByAnExtensionNothingIsKeptFromItsReaders) {
  Amber("For Astrid", "\"org:astrid\"");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
  const auto first = PublishAll("an-lise", request);
  ASSERT_TRUE(first.ok()) << first.status();
  Extend("an-lise", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  Client client = network_.Open("an-lise");
  ASSERT_TRUE(client.Sync().ok());
  const auto prepared = PrepareEdition(client, network_.HomeOf("an-lise"), Correcting(),
                                       EditionMode::kReplace, network_.clock().Now());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(
      prepared->not_reached,
      (std::vector<Unreached>{{*MemberId::Parse("meir-guard"), Unreached::Way::kAnotherWay}}));
  EXPECT_EQ(prepared->replaced.carriers.size(), 1u);
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_TRUE(absl::StrContains(ContentOf("astrid-guard", sent->id), "For Astrid"));
  EXPECT_TRUE(LiveOf("meir-guard").empty()) << "what it had is replaced";
}

TEST_F(PublishEditionTest, AnExtensionThatComesWhileItsEditionIsReplacedMakesThatStale) {
  Green("One");
  const auto first = PublishAll("an-lise", Request());
  ASSERT_TRUE(first.ok()) << first.status();
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client, EditionMode::kReplace);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const BulletinId extension =
      Extend("an-omar", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))});
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  EXPECT_EQ(RuleOf(sent.status()), "DIGEST_STALE") << sent.status();
  // Built anew it takes the place of both.
  ASSERT_TRUE(PublishAll("an-lise", Request(), EditionMode::kReplace).ok());
  for (const HeldEdition& edition : LiveOf("meir-guard")) EXPECT_NE(edition.id, extension);
}

TEST_F(PublishEditionTest, AnExtensionThatComesWhileItIsSentIsToldToWhoeverSendsIt) {
  Green("One");
  const auto first = PublishAll("an-lise", Request());
  ASSERT_TRUE(first.ok()) << first.status();
  Client client = network_.Open("an-lise");
  const auto prepared = Prepare(client, EditionMode::kReplace);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  network_.Script("an-lise").BeforeNextFinish(
      [&] { Extend("an-omar", first->id, {AudienceToken::Org(*OrgId::Parse("meir"))}); });
  const auto sent = SendEdition(client, network_.HomeOf("an-lise"), *prepared, network_.clock());
  EXPECT_EQ(RuleOf(sent.status()), "EDITION_TWICE") << sent.status();
  EXPECT_TRUE(absl::StrContains(sent.status().message(), "extended what it replaces meanwhile"));
  ASSERT_TRUE(PublishAll("an-lise", Request(), EditionMode::kReplace).ok());
  EXPECT_EQ(LiveOf("meir-guard").size(), 1u);
}

TEST_F(PublishEditionTest, WhatReplacesAnEditionIsInItsLanguageUnlessAnotherIsAskedFor) {
  Green("One");
  BriefingRequest dutch = Request();
  dutch.language = Language::kDutch;
  ASSERT_TRUE(PublishAll("an-lise", dutch).ok());
  network_.clock().Advance(absl::Minutes(1));
  const auto kept = PublishAll("an-omar", Correcting(Tier::kGreen), EditionMode::kReplace);
  ASSERT_TRUE(kept.ok()) << kept.status();
  ASSERT_EQ(LiveOf("meir-guard").size(), 1u);
  EXPECT_EQ(LiveOf("meir-guard").front().language, Language::kDutch);
  network_.clock().Advance(absl::Minutes(1));
  BriefingRequest french = Correcting(Tier::kGreen);
  french.keeps_language = false;
  french.language = Language::kFrench;
  ASSERT_TRUE(PublishAll("an-omar", french, EditionMode::kReplace).ok());
  EXPECT_EQ(LiveOf("meir-guard").front().language, Language::kFrench);
}

TEST_F(PublishEditionTest, WhereItIsNotKnownWhoHadAnEditionItsCorrectionIsRefused) {
  network_.AddMember("an-third", "ocad", {Role::kAnalyst});
  network_.PublishDirectory();
  Green("One");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  // Another version is the first that this seat sees.
  network_.PublishDirectory();
  BriefingRequest request = Request(Tier::kAmber);
  request.for_their_readers = true;
  const size_t committed = network_.broker().committed();
  const auto refused = PublishAll("an-third", request, EditionMode::kReplace);
  EXPECT_EQ(RuleOf(refused.status()), "EDITION_READERS_UNKNOWN") << refused.status();
  EXPECT_EQ(network_.broker().committed(), committed);
  // GREEN is for all, whoever had it.
  ASSERT_TRUE(PublishAll("an-lise", Request()).ok());
  network_.PublishDirectory();
  request.tier = Tier::kGreen;
  network_.clock().Advance(absl::Minutes(1));
  const auto green = PublishAll("an-third", request, EditionMode::kReplace);
  EXPECT_TRUE(green.ok()) << green.status();
}

TEST_F(PublishEditionTest, ARevisionIsMadeForTheMomentItIsMade) {
  Green("One");
  network_.clock().Set(week_.due() + absl::Hours(30));
  network_.PublishDirectory();
  ASSERT_TRUE(PublishAll("an-lise", Request()).ok());
  network_.clock().Advance(absl::Hours(3));
  Client client = network_.Open("an-lise");
  const auto revision = Prepare(client, EditionMode::kReplace);
  ASSERT_TRUE(revision.ok()) << revision.status();
  EXPECT_EQ(revision->made.edition.as_of, network_.clock().Now());
}

}  // namespace
}  // namespace shield
