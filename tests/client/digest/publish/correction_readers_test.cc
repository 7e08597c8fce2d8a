// Whom a correction reaches: docs/spec/briefing.md section 4, rule 4.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/digest/publish/exclusions.h"
#include "client/digest/publish/revision.h"
#include "tests/client/digest/publish/editions_fixture.h"

namespace shield {
namespace {

class CorrectionReadersTest : public testing::EditionsTest {
 protected:
  static MemberId Id(absl::string_view member) { return *MemberId::Parse(member); }
  static AudienceToken Org(absl::string_view org) { return AudienceToken::Org(*OrgId::Parse(org)); }
  // For the hotel, and for the guard of the shop in person.
  BriefingRequest ForAstridAndTheGuard() const {
    BriefingRequest request = Request(Tier::kAmber);
    request.to = {Org("astrid"), AudienceToken::Member(Id("meir-guard"))};
    return request;
  }
  void SetState(absl::string_view member, AccountState state) {
    network_.Member(member).state = state;
    PublishToBoth();
  }
  void PublishToBoth() {
    network_.clock().Advance(absl::Minutes(1));
    network_.PublishDirectory();
    for (const char* seat : {"an-lise", "an-omar"}) {
      ASSERT_TRUE(network_.Open(seat).Sync().ok());
    }
  }
  bool IsReader(const PreparedEdition& prepared, absl::string_view member) {
    Client client = network_.Open("an-lise");
    const auto gathered = Gather(client, network_.HomeOf("an-lise"), GatheredFor::kOthers,
                                 Language::kEnglish, Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    const Directory& directory = gathered->directory->directory();
    return prepared.made.admission.readers.Contains(
        IndexOf(directory, *directory.FindMember(Id(member))));
  }
};

// AMBER for a person alone is no audience; beside an organisation it is one.
TEST_F(CorrectionReadersTest, WhoIsNamedInPersonIsSentEachAndReadsNothingThatIsForOthers) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", ForAstridAndTheGuard()).ok());
  Amber("Astrid only", "\"org:astrid\"");
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_TRUE(prepared->not_reached.empty());
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("meir-guard", sent->id), std::vector{wrong.ToHex()});
  const std::string content = ContentOf("meir-guard", sent->id);
  EXPECT_TRUE(absl::StrContains(content, "Stays true"));
  EXPECT_FALSE(absl::StrContains(content, "Astrid only"));
}

TEST_F(CorrectionReadersTest, WhoIsNamedAndLetInAgainIsSentTheNext) {
  Green("Stays true");
  const BulletinId first = Green("Turns out wrong");
  const BulletinId second = Green("Turns out wrong, too");
  ASSERT_TRUE(PublishAll("an-lise", ForAstridAndTheGuard()).ok());
  SetState("meir-guard", AccountState::kSuspended);
  Withdraw(first);
  ASSERT_TRUE(PublishAll("an-lise", Correcting(), EditionMode::kReplace).ok());
  SetState("meir-guard", AccountState::kActive);
  Withdraw(second);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_TRUE(IsReader(*prepared, "meir-guard"));
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("meir-guard", sent->id).size(), 2u);
}

TEST_F(CorrectionReadersTest, WhoIsVettedForLessThanTheAudienceAsksForHoldsUpNoCorrection) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {AudienceToken{AudienceToken::Kind::kVetting, "3"}, Org("astrid")};
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  network_.Org("astrid").vetting = 2;  // enough for AMBER
  PublishToBoth();
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("meir-guard", sent->id), std::vector{wrong.ToHex()});
  EXPECT_TRUE(LiveOf("astrid-guard").empty());
}

// What would be left has no audience that AMBER can have.
TEST_F(CorrectionReadersTest, WhereOnlyPersonsAreLeftItIsRefusedByTheRuleOfTheFirst) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", ForAstridAndTheGuard()).ok());
  network_.Org("astrid").vetting = 1;
  PublishToBoth();
  Withdraw(wrong);
  const size_t committed = network_.broker().committed();
  const auto refused = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  EXPECT_EQ(RuleOf(refused.status()), "VETTING_TOO_LOW") << refused.status();
  EXPECT_EQ(network_.broker().committed(), committed);
}

// The shop was brought up to date, the school was not: the school alone is left out.
TEST_F(CorrectionReadersTest, WhoJoinsLaterTakesTheCorrectionFromNobodyWhoWasBroughtUpToDate) {
  network_.Org("meir").vetting = 1;
  OrgRecord school = network_.Org("meir");
  school.id = *OrgId::Parse("school");
  network_.records().orgs.push_back(school);
  network_.AddMember("school-desk", "school", {Role::kReader});
  PublishToBoth();
  const BulletinId amber = Amber("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  network_.Org("meir").vetting = 3;
  PublishToBoth();
  Extend("an-lise", amber, ToVettedBut({"astrid-desk", "astrid-guard"}));
  network_.Org("school").vetting = 3;
  PublishToBoth();
  Withdraw(wrong);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  for (const char* reader : {"astrid-guard", "meir-guard"}) {
    EXPECT_TRUE(absl::StrContains(ContentOf(reader, sent->id), "Stays true")) << reader;
    EXPECT_EQ(EndedIn(reader, sent->id), std::vector{wrong.ToHex()}) << reader;
  }
  EXPECT_TRUE(LiveOf("school-desk").empty());
}

// An extension to those who came later says the same, and is for them alone.
TEST_F(CorrectionReadersTest, WhoHadTheEditionIsNotExcludedForTheSakeOfMoreWhoJoined) {
  const BulletinId amber = Amber("Stays true", "\"org:astrid\", \"org:meir\"");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {Org("astrid"), Org("meir")};
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  for (const char* late : {"meir-late-1", "meir-late-2", "meir-late-3"}) {
    network_.AddMember(late, "meir", {Role::kReader});
  }
  PublishToBoth();
  Extend("an-lise", amber, {Org("meir"), AudienceToken::NotMember(Id("meir-guard"))});
  Withdraw(wrong);
  for (int revision = 2; revision <= 3; ++revision) {
    const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
    ASSERT_TRUE(sent.ok()) << sent.status();
    for (const char* reader : {"astrid-guard", "meir-guard"}) {
      ASSERT_EQ(LiveOf(reader).size(), 1u) << reader << ", revision " << revision;
      EXPECT_TRUE(absl::StrContains(ContentOf(reader, sent->id), "Stays true")) << reader;
    }
    network_.clock().Advance(absl::Minutes(1));
  }
  EXPECT_TRUE(LiveOf("meir-late-1").empty());
}

// More joined than an audience has words for: then the fewest are excluded, and the source is told.
TEST_F(CorrectionReadersTest, WhereTooManyJoinedTheFewestAreExcludedAndNamed) {
  const BulletinId amber = Amber("Stays true", "\"org:astrid\", \"org:meir\"");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {Org("astrid"), Org("meir")};
  ASSERT_TRUE(PublishAll("an-lise", request).ok());
  for (size_t i = 0; i <= kMaxExcluded; ++i) {
    network_.AddMember(absl::StrCat("meir-late-", i), "meir", {Role::kReader});
  }
  PublishToBoth();
  Extend("an-lise", amber, {Org("meir"), AudienceToken::NotMember(Id("meir-guard"))});
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->not_reached,
            (std::vector<Unreached>{{Id("astrid-desk"), Unreached::Way::kAnotherWay},
                                    {Id("astrid-guard"), Unreached::Way::kAnotherWay}}));
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(EndedIn("meir-guard", sent->id), std::vector{wrong.ToHex()});
}

// Of a replaced edition nobody here knows any more what it told.
TEST_F(CorrectionReadersTest, WhatAnEditionToldIsToldToHaveEndedAlsoOnceThatWasReplaced) {
  network_.Org("meir").vetting = 1;
  PublishToBoth();
  const BulletinId amber = Amber("Turns out wrong");
  const BulletinId green = Green("Wrong before");
  ASSERT_TRUE(PublishAll("an-lise", Request(Tier::kAmber)).ok());
  network_.Org("meir").vetting = 3;
  PublishToBoth();
  const BulletinId extension =
      Extend("an-lise", amber, ToVettedBut({"astrid-desk", "astrid-guard"}));
  Withdraw(green);
  ASSERT_TRUE(PublishAll("an-lise", Correcting(), EditionMode::kReplace).ok());
  network_.Org("meir").vetting = 1;
  PublishToBoth();
  Withdraw(amber);
  Withdraw(extension);
  const auto sent = PublishAll("an-lise", Correcting(), EditionMode::kReplace);
  ASSERT_TRUE(sent.ok()) << sent.status();
  const std::vector<std::string> ended = EndedIn("astrid-guard", sent->id);
  for (const BulletinId& id : {amber, extension}) {
    EXPECT_NE(std::find(ended.begin(), ended.end(), id.ToHex()), ended.end()) << id.ToHex();
  }
}

// Its label, source and week decide whether a reader of this one knows what another told.
TEST_F(CorrectionReadersTest, WhatAnotherTierToldIsNoReasonToTellOfEachExtension) {
  const BulletinId green = Green("For all");
  network_.AddMember("meir-late", "meir", {Role::kReader});
  PublishToBoth();
  std::vector<AudienceToken> joiners = {AudienceToken::Community(*CommunityId::Parse("antwerp"))};
  for (const char* holder : {"astrid-desk", "astrid-guard", "meir-guard"}) {
    joiners.push_back(AudienceToken::NotMember(Id(holder)));
  }
  Withdraw(green);
  const BulletinId again = Green("For all, again");
  const BulletinId extension = Extend("an-lise", again, joiners);
  BriefingRequest amber = Request(Tier::kAmber);
  amber.to = {Org("meir")};
  ASSERT_TRUE(PublishAll("an-lise", amber).ok());
  Withdraw(again);
  Withdraw(extension);
  const auto prepared = PrepareAs("an-lise", Request(), EditionMode::kFirst);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  for (const auto& line : prepared->made.edition.withdrawn) EXPECT_NE(line.id, extension);
}

// What it carries may not reach everybody whom its label would let in.
TEST_F(CorrectionReadersTest, WhoMayNotHaveAllOfItIsNotSaidToBeReachedByExtending) {
  Green("Stays true");
  const BulletinId wrong = Green("Turns out wrong");
  BriefingRequest request = Request(Tier::kAmber);
  request.to = {Org("astrid")};
  const auto first = PublishAll("an-lise", request);
  ASSERT_TRUE(first.ok()) << first.status();
  Extend("an-lise", first->id, {Org("meir")});
  Amber("Astrid only", "\"org:astrid\"");
  Withdraw(wrong);
  const auto prepared = PrepareAs("an-lise", Correcting());
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->not_reached,
            (std::vector<Unreached>{{Id("meir-guard"), Unreached::Way::kAnotherWay}}));
}

// What does not stand in it keeps nobody from being sent it.
TEST_F(CorrectionReadersTest, WhoMayHaveAllThatStandsInItIsReachedByExtending) {
  const Week before = Week::Of(network_.clock().Now() - absl::Hours(24 * 7));
  Amber("Of this week", "\"org:astrid\"");
  BriefingRequest request = Request(Tier::kAmber);
  request.week = before;
  request.to = {Org("astrid")};
  const auto first = PublishAll("an-lise", request);
  ASSERT_TRUE(first.ok()) << first.status();
  Extend("an-lise", first->id, {Org("meir")});
  const auto prepared = PrepareAs("an-lise", request);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  EXPECT_EQ(prepared->not_reached,
            (std::vector<Unreached>{{Id("meir-guard"), Unreached::Way::kExtend}}));
}

}  // namespace
}  // namespace shield
