// What the vectors do not show one by one: the order of checks, and the edges of each.
#include "policy/decide.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "tests/policy/policy_vectors.h"

namespace shield::testing {
namespace {

class DecideTest : public ::testing::Test {
 protected:
  Terms Bulletin(Tlp tlp, std::vector<AudienceToken> audience = {}) const {
    Terms terms = VectorTerms(file_, "p1", tlp);
    terms.targets = TargetsOf(audience);
    return terms;
  }
  static AudienceToken Org(absl::string_view id) { return AudienceToken::Org(*OrgId::Parse(id)); }
  static AudienceToken Person(absl::string_view id) {
    return AudienceToken::Member(*MemberId::Parse(id));
  }
  Rule Read(const Terms& terms, absl::string_view member) const {
    return Decide(*file_.directory, terms, Reader::Holder(*MemberId::Parse(member)), terms.issued)
        .rule;
  }
  Rule Publish(const Terms& terms) const {
    return DecidePublish(*file_.directory, terms, terms.issued).rule;
  }

  const CaseFile file_ = PolicyVectors();
};

// A bulletin with everything wrong is refused for the first reason; as each is mended, for the
// next.
TEST_F(DecideTest, TheFirstCheckThatFailsGivesTheReason) {
  Terms terms = Bulletin(Tlp::kAmber, {Org("g"), AudienceToken::NotOrg(*OrgId::Parse("k"))});
  terms.signature_valid = false;
  terms.inner_label = Tlp::kRed;
  terms.author_standing = AuthorStanding::kKeyEnded;
  terms.state = BulletinState::kWithdrawn;
  terms.status = BulletinStatus::kExercise;
  EXPECT_EQ(Read(terms, "k1"), Rule::kBadSignature);
  terms.signature_valid = true;
  EXPECT_EQ(Read(terms, "k1"), Rule::kAmbiguousLabel);
  terms.inner_label = Tlp::kAmber;
  EXPECT_EQ(Read(terms, "k1"), Rule::kPublisherKeyRevoked);
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  EXPECT_EQ(Read(terms, "x1"), Rule::kRecipientRevoked);
  EXPECT_EQ(Read(terms, "k1"), Rule::kWithdrawn);
  terms.state = BulletinState::kLive;
  EXPECT_EQ(Read(terms, "k1"), Rule::kExerciseNonParticipant);
  terms.status = BulletinStatus::kTest;
  EXPECT_EQ(Read(terms, "k1"), Rule::kExcluded);
  terms.targets.not_orgs.clear();
  EXPECT_EQ(Read(terms, "k1"), Rule::kClientViaProviderOnly);
}

// A firm is shown a part of the directory, and cannot tell who is in the rest of it.
TEST_F(DecideTest, APartOfTheDirectoryDoesNotSayThatNobodyIsCalledThat) {
  const Directory& whole = *file_.directory;
  DirectoryNote note = whole.note();
  note.orgs += 1;
  const auto part = Directory::Create(note, {{whole.orgs().begin(), whole.orgs().end()},
                                             {whole.members().begin(), whole.members().end()},
                                             {whole.keys().begin(), whole.keys().end()}});
  ASSERT_TRUE(part.ok()) << part.status();
  const Terms terms = Bulletin(Tlp::kRed, {Person("nobody")});
  const Decision known = DecidePublish(whole, terms, terms.issued);
  const Decision unseen = DecidePublish(**part, terms, terms.issued);
  EXPECT_EQ(known.rule, Rule::kUnknownCode);
  EXPECT_EQ(unseen.rule, Rule::kUnknownCode);
  EXPECT_TRUE(absl::StrContains(known.sentence, "this network does not know")) << known.sentence;
  EXPECT_TRUE(absl::StrContains(unseen.sentence, "part of the directory")) << unseen.sentence;
}

TEST_F(DecideTest, ThoseWhoAreNamedAndRefusedAreAllFoundAndTheFirstGivesTheReason) {
  Terms terms = Bulletin(Tlp::kAmber, {Org("g"), Person("x1"), Person("g2"), Person("nobody")});
  const std::vector<RefusedName> refused = FindRefusedNames(*file_.directory, terms, terms.issued);
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].word, Person("nobody"));
  EXPECT_EQ(refused[0].rule, Rule::kUnknownCode);
  EXPECT_EQ(refused[1], (RefusedName{Person("x1"), Rule::kRecipientRevoked}));
  terms = Bulletin(Tlp::kAmber, {Org("g"), Person("x1"), Person("g2")});
  EXPECT_EQ(Publish(terms), Rule::kRecipientRevoked);
  terms = Bulletin(Tlp::kAmber, {Org("g"), Person("g2")});
  EXPECT_TRUE(FindRefusedNames(*file_.directory, terms, terms.issued).empty());
  EXPECT_EQ(Publish(terms), Rule::kAuthor);
}

TEST_F(DecideTest, TheAuthorPassesAnEmbargoAndAnExclusionButNotAWithdrawal) {
  Terms terms = Bulletin(Tlp::kGreen, {AudienceToken::NotMember(*MemberId::Parse("p1"))});
  terms.not_before = terms.issued + absl::Hours(1);
  EXPECT_EQ(Read(terms, "p1"), Rule::kAuthor);
  EXPECT_EQ(Read(terms, "p2"), Rule::kEmbargoed);
  terms.state = BulletinState::kWithdrawn;
  EXPECT_EQ(Read(terms, "p1"), Rule::kWithdrawn);
}

TEST_F(DecideTest, TheAuthorsColleaguesArePassedOverOnlyByNameOrVetting) {
  Terms terms = Bulletin(Tlp::kGreen, {Org("r")});
  EXPECT_EQ(Read(terms, "p2"), Rule::kSourceOrg);
  terms.targets = TargetsOf(
      std::vector<AudienceToken>{Org("r"), AudienceToken::NotMember(*MemberId::Parse("p2"))});
  EXPECT_EQ(Read(terms, "p2"), Rule::kExcluded);
}

TEST_F(DecideTest, AnAuthorWhoLeftTheSourceIsNoLongerItsAuthor) {
  Terms terms = Bulletin(Tlp::kRed, {Person("h1")});
  terms.author = *MemberId::Parse("g1");
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  EXPECT_EQ(Read(terms, "g1"), Rule::kAffiliationChanged);
}

TEST_F(DecideTest, AChangedRoleStopsOldBulletinsUnlessTheyAreProvenOlder) {
  Terms terms = Bulletin(Tlp::kGreen);
  terms.author = *MemberId::Parse("pa");
  EXPECT_EQ(Read(terms, "g1"), Rule::kPublisherNotAuthorised);
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  EXPECT_EQ(Read(terms, "g1"), Rule::kCommunity);
}

TEST_F(DecideTest, AVettingWordIsAFloorForThoseNamedToo) {
  Terms terms = Bulletin(Tlp::kGreen, {Org("g"), {AudienceToken::Kind::kVetting, "3"}});
  EXPECT_EQ(Read(terms, "g1"), Rule::kRecipientOrg);
  EXPECT_EQ(Read(terms, "g2"), Rule::kVettingTooLow);
}

TEST_F(DecideTest, AVettingWordSelectsTheCommunityFromThatLevelOn) {
  Terms terms = Bulletin(Tlp::kAmber, {{AudienceToken::Kind::kVetting, "3"}});
  EXPECT_EQ(Publish(terms), Rule::kAuthor);
  EXPECT_EQ(Read(terms, "h1"), Rule::kRecipientOrg);
  EXPECT_EQ(Read(terms, "h2"), Rule::kVettingTooLow);
  EXPECT_EQ(Read(terms, "b1"), Rule::kOutsideCommunity);
}

TEST_F(DecideTest, TheStricterOfOrganisationAndPersonIsTheVettingThatCounts) {
  Terms terms = Bulletin(Tlp::kAmber, {Org("r")});
  EXPECT_EQ(Publish(terms), Rule::kVettingTooLow);
  EXPECT_EQ(Read(terms, "r1"), Rule::kVettingTooLow);
}

TEST_F(DecideTest, GreenMayBeForAnotherCommunityIfItSaysSo) {
  Terms terms =
      Bulletin(Tlp::kGreen, {AudienceToken::Community(*CommunityId::Parse("shield-bilbao"))});
  EXPECT_EQ(Publish(terms), Rule::kAuthor);
  EXPECT_EQ(Read(terms, "b1"), Rule::kCommunity);
  EXPECT_EQ(Read(terms, "g1"), Rule::kOutsideCommunity);
  EXPECT_EQ(Read(terms, "p2"), Rule::kSourceOrg);
}

TEST_F(DecideTest, DirectMessagesReachPersonsNotTheirOrganisation) {
  Terms terms = Bulletin(Tlp::kAmber, {Person("g1")});
  terms.bulletin_class = BulletinClass::kDirect;
  EXPECT_EQ(Publish(terms), Rule::kAuthor);
  EXPECT_EQ(Read(terms, "g1"), Rule::kNamedPerson);
  EXPECT_EQ(Read(terms, "g2"), Rule::kNotRecipientNorClient);
}

TEST_F(DecideTest, AReportStaysWithTheAuthorityWhateverItsLabel) {
  Terms terms = Bulletin(Tlp::kClear, {Org("pol")});
  terms.bulletin_class = BulletinClass::kReport;
  terms.author = *MemberId::Parse("r1");
  terms.source = *OrgId::Parse("r");
  EXPECT_EQ(Read(terms, "p2"), Rule::kSarToAuthority);
  EXPECT_EQ(Read(terms, "g1"), Rule::kSarPrivate);
  EXPECT_EQ(Read(terms, "dg"), Rule::kSarPrivate);
  EXPECT_EQ(Read(terms, "q1"), Rule::kSarPrivate);
  EXPECT_EQ(Decide(*file_.directory, terms, Reader::Public(), terms.issued).rule,
            Rule::kSarPrivate);
}

TEST_F(DecideTest, AClientPublishesNothingButMayPassOn) {
  Terms terms = Bulletin(Tlp::kAmber, {Person("g1")});
  terms.author = *MemberId::Parse("k1");
  terms.source = *OrgId::Parse("k");
  terms.bulletin_class = BulletinClass::kDirect;
  EXPECT_EQ(Publish(terms), Rule::kPublisherNotAuthorised);
  terms.relations = {Relation::kShares};
  EXPECT_EQ(Publish(terms), Rule::kAuthor);
}

TEST_F(DecideTest, PublishRefusesWhatNobodyCouldEverRead) {
  Terms terms = Bulletin(Tlp::kGreen);
  terms.not_before = terms.issued - absl::Hours(2);
  terms.expires = terms.issued;
  EXPECT_EQ(Publish(terms), Rule::kBadWindow);
  terms.expires = terms.issued + absl::Seconds(1);
  EXPECT_EQ(Publish(terms), Rule::kAuthor);
}

TEST_F(DecideTest, PublishNamesThePersonWhoCouldNotReceive) {
  const Terms terms = Bulletin(Tlp::kRed, {Person("g1"), Person("g2")});
  const Decision decision = DecidePublish(*file_.directory, terms, terms.issued);
  EXPECT_EQ(decision.rule, Rule::kVettingTooLow);
  EXPECT_EQ(decision.sentence,
            "the vetting of `g2` or of its organisation is below what TLP:RED or the source asks");
}

TEST_F(DecideTest, ClearIsReadableByAllAndPushedToWhomItTargets) {
  const Terms terms = Bulletin(Tlp::kClear, {{AudienceToken::Kind::kSector, "retail"}});
  EXPECT_EQ(Read(terms, "h2"), Rule::kPublic);
  EXPECT_EQ(DecideDelivery(*file_.directory, terms, *MemberId::Parse("h2"), terms.issued).rule,
            Rule::kSectorMismatch);
  EXPECT_EQ(DecideDelivery(*file_.directory, terms, *MemberId::Parse("r1"), terms.issued).rule,
            Rule::kPublic);
}

TEST_F(DecideTest, AWithdrawalIsOnceAndForAll) {
  Terms terms = Bulletin(Tlp::kGreen);
  const RelationRequest withdraw{Relation::kWithdraws, *MemberId::Parse("p2"), Tlp::kGreen};
  terms.state = BulletinState::kSuperseded;
  EXPECT_EQ(DecideRelation(*file_.directory, terms, withdraw, terms.expires).rule,
            Rule::kSourceOrg);
  terms.state = BulletinState::kWithdrawn;
  EXPECT_EQ(DecideRelation(*file_.directory, terms, withdraw, terms.issued).rule, Rule::kWithdrawn);
}

TEST_F(DecideTest, ARedBulletinIsItsAuthorsToChange) {
  const Terms terms = Bulletin(Tlp::kRed, {Person("g1")});
  for (Relation relation :
       {Relation::kSupersedes, Relation::kRelabels, Relation::kExtends, Relation::kPermits}) {
    EXPECT_EQ(DecideRelation(*file_.directory, terms, {relation, *MemberId::Parse("p2"), Tlp::kRed},
                             terms.issued)
                  .rule,
              Rule::kNotSource);
  }
  EXPECT_TRUE(DecideRelation(*file_.directory, terms,
                             {Relation::kExtends, *MemberId::Parse("p1"), Tlp::kRed}, terms.issued)
                  .allowed);
}

}  // namespace
}  // namespace shield::testing
