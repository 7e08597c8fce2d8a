#include "client/digest/publish/edition_holds.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/client/digest/publish/editions_fixture.h"

namespace shield {
namespace {

class EditionHoldsTest : public testing::EditionsTest {
 protected:
  // Asked at the home of an-lise.
  absl::Status Check(const BulletinId& id, Relation relation, absl::string_view reader,
                     Tlp tlp = Tlp::kAmber) {
    Client client = network_.Open("an-lise");
    EXPECT_TRUE(client.Sync().ok());
    const auto gathered = Gather(client, network_.HomeOf("an-lise"), GatheredFor::kOthers,
                                 Language::kEnglish, Fetching::kAllowed);
    EXPECT_TRUE(gathered.ok()) << gathered.status();
    const MemberId member = *MemberId::Parse(reader);
    return CheckMayHave(*gathered, id, {relation, tlp}, {&member, 1}, network_.clock().Now());
  }
  BulletinId ForAstrid() {
    BriefingRequest request = Request(Tier::kAmber);
    request.to = {AudienceToken::Org(*OrgId::Parse("astrid"))};
    const auto sent = PublishAll("an-lise", request);
    EXPECT_TRUE(sent.ok()) << sent.status();
    return sent->id;
  }
};

TEST_F(EditionHoldsTest, WhatAllMayHaveMayBeSentOn) {
  Green("For all");
  const BulletinId edition = ForAstrid();
  EXPECT_TRUE(Check(edition, Relation::kExtends, "meir-guard").ok());
  EXPECT_TRUE(Check(edition, Relation::kPermits, "meir-guard").ok());
  EXPECT_TRUE(Check(edition, Relation::kRelabels, "meir-guard", Tlp::kGreen).ok());
}

TEST_F(EditionHoldsTest, WhatIsForOthersIsNotSentOnInsideAnEdition) {
  Amber("For Astrid", "\"org:astrid\"");
  const BulletinId edition = ForAstrid();
  const absl::Status refused = Check(edition, Relation::kExtends, "meir-guard");
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(RuleOf(refused), "EDITION_HOLDS_MORE") << refused;
  EXPECT_TRUE(Check(edition, Relation::kExtends, "astrid-guard").ok());
  // Under a wider label not even its readers may have it.
  EXPECT_EQ(RuleOf(Check(edition, Relation::kRelabels, "astrid-guard", Tlp::kGreen)),
            "EDITION_HOLDS_MORE");
}

TEST_F(EditionHoldsTest, WhoWasNotSentAPartIsNotSentItInsideAnEdition) {
  network_.Org("meir").vetting = 1;
  network_.PublishDirectory();
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  const BulletinId amber = Amber("For the vetted");
  const BulletinId edition = ForAstrid();
  network_.Org("meir").vetting = 3;
  network_.PublishDirectory();
  EXPECT_EQ(RuleOf(Check(edition, Relation::kExtends, "meir-guard")), "EDITION_HOLDS_MORE");
  Extend("an-lise", amber, ToVettedBut({"astrid-desk", "astrid-guard"}));
  EXPECT_TRUE(Check(edition, Relation::kExtends, "meir-guard").ok()) << "it holds the same by then";
}

// Whose content it is may be permitted by its source alone.
TEST_F(EditionHoldsTest, APermitIsForWhatIsOfTheSourceItself) {
  Amber("For Astrid", "\"org:astrid\"");
  const BulletinId edition = ForAstrid();
  EXPECT_TRUE(Check(edition, Relation::kPermits, "meir-guard").ok());
}

TEST_F(EditionHoldsTest, APermitIsNotForWhatIsOfAnotherSource) {
  OrgRecord fire = network_.Org("ocad");
  fire.id = *OrgId::Parse("fire");
  network_.records().orgs.push_back(fire);
  network_.AddMember("fire-an", "fire", {Role::kAnalyst});
  network_.PublishDirectory();
  for (const char* seat : {"fire-an", "an-lise"}) ASSERT_TRUE(network_.Open(seat).Sync().ok());
  const BulletinId theirs = Amber("Of the fire brigade", "\"vetting:2\"", "fire-an");
  const BulletinId edition = ForAstrid();
  ASSERT_TRUE(absl::StrContains(ContentOf("astrid-guard", edition), theirs.ToHex()));
  network_.AddMember("meir-late", "meir", {Role::kReader});
  network_.PublishDirectory();
  EXPECT_EQ(RuleOf(Check(edition, Relation::kPermits, "meir-late")), "EDITION_HOLDS_MORE");
  EXPECT_TRUE(Check(edition, Relation::kPermits, "meir-guard").ok()) << "who was sent it";
}

TEST_F(EditionHoldsTest, WhatItSaysToBeOverIsAskedAsWell) {
  Withdraw(Amber("For Astrid", "\"org:astrid\""));
  const BulletinId edition = ForAstrid();
  EXPECT_EQ(RuleOf(Check(edition, Relation::kExtends, "meir-guard")), "EDITION_HOLDS_MORE");
  EXPECT_TRUE(Check(edition, Relation::kExtends, "astrid-guard").ok());
}

// A seat that came later holds the edition and not what stands in it: it would not be told of a
// withdrawal.
TEST_F(EditionHoldsTest, WhatStandsInItAndIsNotHereIsSentOnToNobody) {
  const BulletinId wrong = Green("Turns out wrong");
  network_.AddMember("an-new", "ocad", {Role::kAnalyst});
  network_.PublishDirectory();
  ASSERT_TRUE(network_.Open("an-lise").Sync().ok());
  const auto sent = PublishAll("an-lise", Request());
  ASSERT_TRUE(sent.ok()) << sent.status();
  Withdraw(wrong);
  Client client = network_.Open("an-new");
  ASSERT_TRUE(client.Sync().ok());
  const auto gathered = Gather(client, network_.HomeOf("an-new"), GatheredFor::kOthers,
                               Language::kEnglish, Fetching::kAllowed);
  ASSERT_TRUE(gathered.ok()) << gathered.status();
  const MemberId guard = *MemberId::Parse("meir-guard");
  for (const SentAgain& again :
       {SentAgain{Relation::kExtends, Tlp::kGreen}, SentAgain{Relation::kRelabels, Tlp::kClear}}) {
    const absl::Status refused =
        CheckMayHave(*gathered, sent->id, again, {&guard, 1}, network_.clock().Now());
    EXPECT_EQ(RuleOf(refused), "EDITION_HOLDS_MORE");
    EXPECT_TRUE(absl::StrContains(refused.message(), "is not in this home")) << refused;
  }
}

TEST_F(EditionHoldsTest, WhatHasEndedSinceIsNotSentOnAsIfItHeld) {
  const BulletinId wrong = Green("Turns out wrong");
  const BulletinId edition = ForAstrid();
  Withdraw(wrong);
  const absl::Status stale = Check(edition, Relation::kExtends, "meir-guard");
  EXPECT_EQ(RuleOf(stale), "DIGEST_STALE") << stale;
  EXPECT_NE(HintOf(stale).find("--replace"), std::string::npos);
}

TEST_F(EditionHoldsTest, WhatIsNotHereIsSentOnToNobody) {
  const BulletinId amber = Amber("For Astrid", "\"org:astrid\"");
  EXPECT_EQ(RuleOf(Check(amber, Relation::kExtends, "meir-guard")), "EDITION_HOLDS_MORE")
      << "it is no edition that this home knows";
}

// The kind is one of those that anybody writes.
TEST_F(EditionHoldsTest, WhatIsOfTheKindAndWasWrittenByHandHoldsNothing) {
  const auto written = network_.Open("an-lise").Publish(network_.DraftOf(
      "+++\ntitle = \"By hand\"\nkind = \"weekly_briefing\"\ntlp = \"TLP:AMBER\"\nto = "
      "[\"org:astrid\"]\n+++\nBody.\n"));
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_TRUE(Check(written->id, Relation::kExtends, "meir-guard").ok());
}

// Of a later form, say.
TEST_F(EditionHoldsTest, WhatCannotBeReadIsSentOnToNobody) {
  Green("For all");
  const BulletinId edition = ForAstrid();
  Client client = network_.Open("an-lise");
  ASSERT_TRUE(client.Sync().ok());
  auto gathered = Gather(client, network_.HomeOf("an-lise"), GatheredFor::kOthers,
                         Language::kEnglish, Fetching::kAllowed);
  ASSERT_TRUE(gathered.ok()) << gathered.status();
  const MemberId guard = *MemberId::Parse("meir-guard");
  const auto check = [&] {
    return CheckMayHave(*gathered, edition, {Relation::kExtends, Tlp::kAmber}, {&guard, 1},
                        network_.clock().Now());
  };
  EXPECT_TRUE(check().ok()) << check();
  for (HeldEdition& held : gathered->editions) held.readable = false;
  EXPECT_EQ(RuleOf(check()), "EDITION_HOLDS_MORE");
}

TEST_F(EditionHoldsTest, WhetherItsPartsCanBeReadIsSaidOfEveryForm) {
  const std::string id(32, 'a');
  const auto with = [&](absl::string_view details) {
    return CanReadParts(absl::StrCat(R"({"kind":"weekly_briefing")", details, "}"));
  };
  const std::string week = R"("week":"2026-W48","tier":"amber")";
  EXPECT_TRUE(with(""));
  EXPECT_TRUE(with(absl::StrCat(R"(,"details":{)", week, "}")));
  EXPECT_TRUE(with(absl::StrCat(R"(,"details":{)", week, R"(,"contains":[")", id, R"("]})")));
  EXPECT_FALSE(with(absl::StrCat(R"(,"details":{)", week, R"(,"contains":[")", id, R"(","x"]})")));
  EXPECT_FALSE(with(absl::StrCat(R"(,"details":{)", week, R"(,"ended":{}})")));
  EXPECT_FALSE(with(R"(,"details":{"week":"2026-W99","tier":"amber"})"));
  EXPECT_FALSE(with(R"(,"details":[])"));
  EXPECT_FALSE(CanReadParts(""));
}

}  // namespace
}  // namespace shield
