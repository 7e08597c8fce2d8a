#include "client/digest/publish/lift_extensions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "client/digest/publish/make_edition.h"
#include "tests/client/digest/town.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kAt = TownTime(7, 7);
const AudienceToken kHotels = {AudienceToken::Kind::kSector, "hotels-restaurants"};
const AudienceToken kEveryone = AudienceToken::Community(*CommunityId::Parse("antwerp"));
const AudienceToken kOrgA = AudienceToken::Org(*OrgId::Parse("a"));

MemberId Id(absl::string_view id) { return *MemberId::Parse(id); }

// A bulletin of the analyst's, and what extends it, as whoever makes an edition holds them.
class LiftExtensionsTest : public ::testing::Test {
 protected:
  // Number `number`, of so many hours after the others; what it says is what number 1 says.
  BriefingCandidate Candidate(int number, Tlp tlp, const std::vector<AudienceToken>& to,
                              const std::vector<std::string>& sent_to) const {
    BriefedBulletin bulletin = TownBulletin(number, TownTime(2) + absl::Hours(number));
    bulletin.tlp = tlp;
    bulletin.content = TownBulletin(1).content;
    BriefingCandidate candidate = TownCandidate(bulletin, *town_, to);
    std::vector<MemberId> members;
    for (const std::string& id : sent_to) members.push_back(Id(id));
    candidate.sent_to = std::make_shared<MemberSet>(MemberSet::Of(*town_, members));
    candidate.delivered = true;
    return candidate;
  }
  BriefingCandidate Extension(int number, int of, Tlp tlp, const std::vector<AudienceToken>& to,
                              const std::vector<std::string>& sent_to) const {
    BriefingCandidate candidate = Candidate(number, tlp, to, sent_to);
    candidate.extends = TownId(of);
    return candidate;
  }

  static BriefingCandidate Ended(BriefingCandidate candidate, InboxState state) {
    candidate.bulletin.state = state;
    if (state == InboxState::kWithdrawn) candidate.terms.state = BulletinState::kWithdrawn;
    if (state == InboxState::kSuperseded) candidate.terms.state = BulletinState::kSuperseded;
    if (state == InboxState::kExpired) candidate.terms.expires = kAt;
    candidate.bulletin.content = {};
    return candidate;
  }

  Admission Admitted(std::vector<BriefingCandidate> candidates, Tlp tlp,
                     std::vector<AudienceToken> to = {}, const ToldByEditions& told = {}) {
    LiftExtensions(*town_, candidates);
    candidates_ = std::move(candidates);
    return AdmitForOthers(*town_, TownEdition(tlp, std::move(to)), candidates_, kAt, told).value();
  }
  std::string RuleOf(const Admission& admission, int number) const {
    for (const Admission::Left& left : admission.left_out) {
      if (left.id == TownId(number)) return left.rule;
    }
    return "";
  }

  const std::shared_ptr<const Directory> town_ = Town();
  std::vector<BriefingCandidate> candidates_;
};

// GREEN to the hotels, and to everybody who is not one of them afterwards.
TEST_F(LiftExtensionsTest, GreenThatWasExtendedToAllEntersAndIsNotListedForAll) {
  const std::vector<std::string> hotels = {"analyst", "digest", "a1", "a2", "b1"};
  const Admission admission =
      Admitted({Candidate(1, Tlp::kGreen, {kEveryone, kHotels}, hotels),
                Extension(2, 1, Tlp::kGreen,
                          {kEveryone, AudienceToken::NotMember(Id("a1")),
                           AudienceToken::NotMember(Id("a2")), AudienceToken::NotMember(Id("b1"))},
                          {"analyst", "digest", "chief", "shop1"})},
               Tlp::kGreen);
  ASSERT_THAT(admission.bulletins, SizeIs(1));
  EXPECT_EQ(admission.bulletins[0].id, TownId(2));
  EXPECT_EQ(RuleOf(admission, 1), "AUDIENCE_NARROWED");
  // A reader who holds the first would miss the second, which was never sent to it.
  MadeEdition made{.edition = {.author = Id("digest"), .source = *OrgId::Parse("pol")},
                   .admission = admission,
                   .to = {}};
  made.edition.week = TownWeek();
  EXPECT_THAT(ForEveryone(*town_, candidates_, made), IsEmpty());
  EXPECT_THAT(candidates_[1].terms.targets.not_members, SizeIs(3));
}

TEST_F(LiftExtensionsTest, AmberThatWasExtendedToWhoJoinedEntersForAllOfThem) {
  const Admission admission =
      Admitted({Candidate(1, Tlp::kAmber, {kOrgA}, {"analyst", "digest", "a1"}),
                Extension(2, 1, Tlp::kAmber, {kOrgA, AudienceToken::NotMember(Id("a1"))},
                          {"analyst", "digest", "a2"})},
               Tlp::kAmber, {kOrgA});
  ASSERT_THAT(admission.bulletins, SizeIs(1));
  EXPECT_EQ(admission.bulletins[0].id, TownId(2));
  EXPECT_EQ(RuleOf(admission, 1), "NOT_IN_SNAPSHOT");
}

TEST_F(LiftExtensionsTest, WhomItExcludesAndWhoWasNotSentTheOtherKeepsItOut) {
  const Admission admission = Admitted(
      {Candidate(1, Tlp::kAmber, {kHotels}, {"analyst", "digest", "a1"}),
       Extension(2, 1, Tlp::kAmber,
                 {kHotels, AudienceToken::NotMember(Id("a1")), AudienceToken::NotMember(Id("b1"))},
                 {"analyst", "digest", "a2"})},
      Tlp::kAmber, {kHotels});
  EXPECT_THAT(admission.bulletins, IsEmpty());
  EXPECT_EQ(RuleOf(admission, 2), "EXCLUDED");
}

TEST_F(LiftExtensionsTest, WhoJoinsLaterStillIsLetInByASecondExtension) {
  const AudienceToken not_a1 = AudienceToken::NotMember(Id("a1"));
  const AudienceToken not_a2 = AudienceToken::NotMember(Id("a2"));
  const Admission admission = Admitted(
      {Candidate(1, Tlp::kAmber, {kHotels}, {"analyst", "digest", "a1"}),
       Extension(2, 1, Tlp::kAmber, {kHotels, not_a1}, {"analyst", "digest", "a2"}),
       Extension(3, 1, Tlp::kAmber, {kHotels, not_a1, not_a2}, {"analyst", "digest", "b1"})},
      Tlp::kAmber, {kHotels});
  ASSERT_THAT(admission.bulletins, SizeIs(1));
  EXPECT_EQ(admission.bulletins[0].id, TownId(2)) << "the first of those that say the same";
  EXPECT_EQ(RuleOf(admission, 3), "NOT_BRIEFED");
}

TEST_F(LiftExtensionsTest, WhereTheBulletinItselfEntersItsExtensionIsNotToldOnceMore) {
  const Admission admission =
      Admitted({Candidate(1, Tlp::kGreen, {kEveryone}, {"analyst", "digest", "a1"}),
                Extension(2, 1, Tlp::kGreen, {kEveryone, AudienceToken::NotMember(Id("a1"))},
                          {"analyst", "digest", "a2"})},
               Tlp::kGreen);
  ASSERT_THAT(admission.bulletins, SizeIs(1));
  EXPECT_EQ(admission.bulletins[0].id, TownId(1));
  EXPECT_EQ(RuleOf(admission, 2), "NOT_BRIEFED");
}

TEST_F(LiftExtensionsTest, NothingIsLiftedWhereItIsNotSureThatTheyHoldTheSame) {
  const BriefingCandidate original =
      Candidate(1, Tlp::kAmber, {kOrgA}, {"analyst", "digest", "a1"});
  const BriefingCandidate extension = Extension(
      2, 1, Tlp::kAmber, {kOrgA, AudienceToken::NotMember(Id("a1"))}, {"analyst", "digest", "a2"});
  const auto entered = [&](const BriefingCandidate& one, const BriefingCandidate& other) {
    return Admitted({one, other}, Tlp::kAmber, {kOrgA}).bulletins.size();
  };
  ASSERT_EQ(entered(original, extension), 1u);
  BriefingCandidate withdrawn = original;
  withdrawn.bulletin.state = InboxState::kWithdrawn;
  withdrawn.terms.state = BulletinState::kWithdrawn;
  EXPECT_EQ(entered(withdrawn, extension), 0u);
  BriefingCandidate unknown = original;
  unknown.sent_to = nullptr;
  EXPECT_EQ(entered(unknown, extension), 0u);
  BriefingCandidate of_others = original;
  of_others.terms.source = *OrgId::Parse("fire");
  EXPECT_EQ(entered(of_others, extension), 0u);
  BriefingCandidate says_more = extension;
  says_more.bulletin.content.summary += ", and who told us";
  EXPECT_EQ(entered(original, says_more), 0u);
  BriefingCandidate without_reply = extension;
  without_reply.bulletin.content.acknowledge_by = kAt;
  EXPECT_EQ(entered(original, without_reply), 1u) << "by when to answer may have been over";
}

// Nobody who holds the first ever had the id of the second but by an edition.
TEST_F(LiftExtensionsTest, OfAnExtensionThatEndedItIsToldToAllWhoHeldEitherThatItDid) {
  const std::vector<std::string> hotels = {"analyst", "digest", "a1", "a2", "b1"};
  const BriefingCandidate original = Candidate(1, Tlp::kGreen, {kEveryone, kHotels}, hotels);
  const BriefingCandidate extension =
      Extension(2, 1, Tlp::kGreen,
                {kEveryone, AudienceToken::NotMember(Id("a1")), AudienceToken::NotMember(Id("a2")),
                 AudienceToken::NotMember(Id("b1"))},
                {"analyst", "digest", "chief", "shop1"});
  for (const InboxState state :
       {InboxState::kWithdrawn, InboxState::kSuperseded, InboxState::kExpired}) {
    const Admission both = Admitted({Ended(original, state), Ended(extension, state)}, Tlp::kGreen);
    ASSERT_THAT(both.bulletins, SizeIs(1)) << PrintInboxState(state);
    EXPECT_EQ(both.bulletins[0].id, TownId(2));
    EXPECT_EQ(both.bulletins[0].state, state);
    EXPECT_THAT(Admitted({original, Ended(extension, state)}, Tlp::kGreen).bulletins, SizeIs(1))
        << "the bulletin itself holds on";
  }
  const std::vector<AudienceToken> not_a1 = {kOrgA, AudienceToken::NotMember(Id("a1"))};
  const Admission amber =
      Admitted({Ended(Candidate(1, Tlp::kAmber, {kOrgA}, {"analyst", "digest", "a1"}),
                      InboxState::kWithdrawn),
                Ended(Extension(2, 1, Tlp::kAmber, not_a1, {"analyst", "digest", "a2"}),
                      InboxState::kWithdrawn)},
               Tlp::kAmber, {kOrgA});
  ASSERT_THAT(amber.bulletins, SizeIs(1));
  EXPECT_EQ(amber.bulletins[0].id, TownId(2));
}

// The first where nobody was told of any: most readers hold no other.
TEST_F(LiftExtensionsTest, OfWhatSaidTheSameAndEndedEachIsToldThatAnEditionTold) {
  const AudienceToken not_a1 = AudienceToken::NotMember(Id("a1"));
  const AudienceToken not_a2 = AudienceToken::NotMember(Id("a2"));
  const auto told_to_be_over = [&](const ToldByEditions& told) {
    const Admission admission = Admitted(
        {Ended(Candidate(1, Tlp::kGreen, {kEveryone}, {"analyst", "digest", "a1"}),
               InboxState::kWithdrawn),
         Ended(Extension(2, 1, Tlp::kGreen, {kEveryone, not_a1}, {"analyst", "digest", "a2"}),
               InboxState::kWithdrawn),
         Ended(
             Extension(3, 1, Tlp::kGreen, {kEveryone, not_a1, not_a2}, {"analyst", "digest", "b1"}),
             InboxState::kWithdrawn)},
        Tlp::kGreen, {}, told);
    std::vector<BulletinId> ids;
    for (const BriefedBulletin& bulletin : admission.bulletins) ids.push_back(bulletin.id);
    return ids;
  };
  EXPECT_THAT(told_to_be_over({}), ElementsAre(TownId(1)));
  EXPECT_EQ(candidates_[2].original, TownId(1));
  EXPECT_THAT(told_to_be_over({TownId(3)}), ElementsAre(TownId(1), TownId(3)));
  EXPECT_THAT(told_to_be_over({TownId(2), TownId(3)}),
              ElementsAre(TownId(1), TownId(2), TownId(3)));
}

// What it said is not here any more.
TEST_F(LiftExtensionsTest, WhoHoldsAnEndedExtensionAloneIsToldNothingThatIsInForce) {
  const AudienceToken not_a1 = AudienceToken::NotMember(Id("a1"));
  const AudienceToken not_a2 = AudienceToken::NotMember(Id("a2"));
  const Admission admission = Admitted(
      {Candidate(1, Tlp::kAmber, {kHotels}, {"analyst", "digest", "a1"}),
       Ended(Extension(2, 1, Tlp::kAmber, {kHotels, not_a1}, {"analyst", "digest", "a2"}),
             InboxState::kWithdrawn),
       Extension(3, 1, Tlp::kAmber, {kHotels, not_a1, not_a2}, {"analyst", "digest", "b1"})},
      Tlp::kAmber, {kHotels});
  EXPECT_EQ(RuleOf(admission, 3), "EXCLUDED");
  ASSERT_THAT(admission.bulletins, SizeIs(1));
  EXPECT_EQ(admission.bulletins[0].id, TownId(2)) << "that it ended";
}

TEST_F(LiftExtensionsTest, AnExtensionOfAnExtensionIsOneOfTheFirst) {
  const Admission admission = Admitted(
      {Extension(3, 2, Tlp::kAmber,
                 {kHotels, AudienceToken::NotMember(Id("a1")), AudienceToken::NotMember(Id("a2"))},
                 {"analyst", "digest", "b1"}),
       Extension(2, 1, Tlp::kAmber, {kHotels, AudienceToken::NotMember(Id("a1"))},
                 {"analyst", "digest", "a2"}),
       Candidate(1, Tlp::kAmber, {kHotels}, {"analyst", "digest", "a1"})},
      Tlp::kAmber, {kHotels});
  ASSERT_THAT(admission.bulletins, SizeIs(1));
  EXPECT_EQ(admission.bulletins[0].id, TownId(2));
  EXPECT_EQ(candidates_[0].original, TownId(1));
}

}  // namespace
}  // namespace shield::testing
