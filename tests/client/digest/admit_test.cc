#include "client/digest/admit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/status.h"
#include "tests/client/digest/town.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kAt = TownTime(7, 7);
const AudienceToken kHotels = {AudienceToken::Kind::kSector, "hotels-restaurants"};

Admission Admitted(const Directory& directory, const std::vector<BriefingCandidate>& candidates,
                   absl::Time at = kAt) {
  return AdmitForOthers(directory, TownEdition(Tlp::kGreen), candidates, at).value();
}

TEST(AdmitTest, WhatIsForAllEntersInTheOrderOfIds) {
  const auto town = Town();
  const Admission admission = Admitted(
      *town, {TownCandidate(TownBulletin(2), *town), TownCandidate(TownBulletin(1), *town)});
  ASSERT_THAT(admission.bulletins, SizeIs(2));
  EXPECT_EQ(admission.bulletins[0].id, TownId(1));
  EXPECT_EQ(admission.bulletins[0].content.title, "Title 1");
  EXPECT_EQ(admission.bulletins[1].id, TownId(2));
  EXPECT_THAT(admission.left_out, IsEmpty());
}

TEST(AdmitTest, WhoeverMakesItIsToldWhatStaysOutAndWhy) {
  const auto town = Town();
  BriefedBulletin amber = TownBulletin(2);
  amber.tlp = Tlp::kAmber;
  const Admission admission = Admitted(
      *town, {TownCandidate(amber, *town, {kHotels}),
              TownCandidate(TownBulletin(1), *town, {AudienceToken::Org(*OrgId::Parse("a"))})});
  EXPECT_THAT(admission.bulletins, IsEmpty());
  ASSERT_THAT(admission.left_out, SizeIs(2));
  EXPECT_EQ(admission.left_out[0].id, TownId(1));
  EXPECT_EQ(admission.left_out[0].rule, "AUDIENCE_NARROWED");
  EXPECT_EQ(admission.left_out[1].rule, "LABEL_ABOVE_TIER");
}

TEST(AdmitTest, OneReaderWhoMayNotHaveItIsNamedToWhoeverMakesIt) {
  const auto town = Town();
  BriefedBulletin amber = TownBulletin(1);
  amber.tlp = Tlp::kAmber;
  const Admission admission =
      AdmitForOthers(
          *town, TownEdition(Tlp::kAmber, {kHotels}),
          std::vector{TownCandidate(amber, *town, {AudienceToken::Org(*OrgId::Parse("a"))})}, kAt)
          .value();
  ASSERT_THAT(admission.left_out, SizeIs(1));
  EXPECT_EQ(admission.left_out[0].rule, "NOT_RECIPIENT_NOR_CLIENT");
  EXPECT_EQ(admission.left_out[0].reader, MemberId::Parse("b1"));
}

TEST(AdmitTest, OfWhatEndedNoContentIsLeft) {
  const auto town = Town();
  std::vector<BriefingCandidate> candidates;
  for (int i = 1; i <= 4; ++i) candidates.push_back(TownCandidate(TownBulletin(i), *town));
  candidates[0].terms.state = BulletinState::kWithdrawn;
  candidates[1].terms.state = BulletinState::kSuperseded;
  candidates[2].terms.expires = kAt;
  candidates[3].bulletin.state = InboxState::kWithdrawn;  // known here, whatever the terms say
  const Admission admission = Admitted(*town, candidates);
  ASSERT_THAT(admission.bulletins, SizeIs(4));
  EXPECT_EQ(admission.bulletins[0].state, InboxState::kWithdrawn);
  EXPECT_EQ(admission.bulletins[1].state, InboxState::kSuperseded);
  EXPECT_EQ(admission.bulletins[2].state, InboxState::kExpired);
  EXPECT_EQ(admission.bulletins[3].state, InboxState::kWithdrawn);
  for (const BriefedBulletin& bulletin : admission.bulletins) {
    EXPECT_EQ(bulletin.content, BriefedContent());
  }
}

TEST(AdmitTest, ABriefingIsNotBriefed) {
  const auto town = Town();
  BriefedBulletin briefing = TownBulletin(1);
  briefing.content.kind = "weekly_briefing";
  std::vector<BriefingCandidate> candidates = {TownCandidate(briefing, *town),
                                               TownCandidate(TownBulletin(2), *town)};
  candidates[1].is_edition = true;
  candidates[1].terms.state = BulletinState::kWithdrawn;
  const Admission admission = Admitted(*town, candidates);
  EXPECT_THAT(admission.bulletins, IsEmpty());
  ASSERT_THAT(admission.left_out, SizeIs(2));
  EXPECT_EQ(admission.left_out[0].rule, "NOT_BRIEFED");
  EXPECT_EQ(admission.left_out[1].rule, "NOT_BRIEFED");
}

TEST(AdmitTest, WhatCouldNotBeReadIsNotToldOf) {
  const auto town = Town();
  std::vector<BriefingCandidate> candidates = {TownCandidate(TownBulletin(1), *town),
                                               TownCandidate(TownBulletin(2), *town)};
  candidates[0].bulletin.state = InboxState::kRefused;
  candidates[1].bulletin.state = InboxState::kEmbargoed;
  const Admission admission = Admitted(*town, candidates);
  EXPECT_THAT(admission.bulletins, IsEmpty());
  EXPECT_EQ(admission.left_out[0].rule, "NOT_READABLE");
  EXPECT_EQ(admission.left_out[1].rule, "NOT_READABLE");
}

TEST(AdmitTest, OthersDoNotLearnWhatItsMakerDidWithABulletin) {
  const auto town = Town();
  BriefedBulletin bulletin = TownBulletin(1);
  bulletin.acknowledged = true;
  bulletin.shared_by = *MemberId::Parse("chief");
  const std::vector<BriefingCandidate> candidates = {TownCandidate(bulletin, *town)};
  const Admission others = Admitted(*town, candidates);
  EXPECT_FALSE(others.bulletins[0].acknowledged);
  EXPECT_EQ(others.bulletins[0].shared_by, std::nullopt);
  const Admission own = AdmitForMember(*town, *MemberId::Parse("a1"), candidates, kAt).value();
  EXPECT_TRUE(own.bulletins[0].acknowledged);
  EXPECT_EQ(own.bulletins[0].shared_by, MemberId::Parse("chief"));
}

TEST(AdmitTest, TheTermsCountWhereTheBulletinSaysOtherwise) {
  const auto town = Town();
  std::vector<BriefingCandidate> candidates = {TownCandidate(TownBulletin(1), *town)};
  candidates[0].bulletin.tlp = Tlp::kClear;
  candidates[0].bulletin.status = BulletinStatus::kTest;
  const Admission admission = Admitted(*town, candidates);
  EXPECT_EQ(admission.bulletins[0].tlp, Tlp::kGreen);
  EXPECT_EQ(admission.bulletins[0].status, BulletinStatus::kActual);
}

TEST(AdmitTest, OfRedNothingButIdAndTimeIsLeft) {
  const auto town = Town();
  BriefedBulletin red = TownBulletin(1);
  red.tlp = Tlp::kRed;
  const std::vector<BriefingCandidate> candidates = {
      TownCandidate(red, *town, {AudienceToken::Member(*MemberId::Parse("a1"))})};
  const Admission own = AdmitForMember(*town, *MemberId::Parse("a1"), candidates, kAt).value();
  EXPECT_THAT(own.bulletins, IsEmpty());
  ASSERT_THAT(own.red, SizeIs(1));
  EXPECT_EQ(own.red[0].content, BriefedContent());
  EXPECT_THAT(Admitted(*town, candidates).red, IsEmpty());
}

TEST(AdmitTest, AnIdThatStandsTwiceIsRefused) {
  const auto town = Town();
  const std::vector<BriefingCandidate> twice = {TownCandidate(TownBulletin(1), *town),
                                                TownCandidate(TownBulletin(1), *town)};
  EXPECT_EQ(AdmitForOthers(*town, TownEdition(Tlp::kGreen), twice, kAt).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(AdmitForMember(*town, *MemberId::Parse("a1"), twice, kAt).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(AdmitTest, AnEditionForOthersNeedsAnAuthorWhoMayPublishIt) {
  const auto town = Town();
  EditionTerms edition = TownEdition(Tlp::kGreen);
  edition.author = *MemberId::Parse("a1");
  const absl::Status refused = AdmitForOthers(*town, edition, {}, kAt).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(RuleOf(refused), "PUBLISHER_NOT_AUTHORISED");
}

TEST(AdmitTest, WhatChangedSinceMakesItStale) {
  const auto town = Town();
  std::vector<BriefingCandidate> candidates = {TownCandidate(TownBulletin(1), *town),
                                               TownCandidate(TownBulletin(2), *town)};
  const Admission built = Admitted(*town, candidates);
  EXPECT_TRUE(DecideStillAdmitted(built, built).allowed);

  candidates.push_back(TownCandidate(TownBulletin(3), *town));
  EXPECT_TRUE(DecideStillAdmitted(built, Admitted(*town, candidates)).allowed);

  candidates[0].terms.state = BulletinState::kWithdrawn;
  EXPECT_EQ(DecideStillAdmitted(built, Admitted(*town, candidates)).rule, Rule::kDigestStale);

  candidates.erase(candidates.begin());
  EXPECT_EQ(DecideStillAdmitted(built, Admitted(*town, candidates)).rule, Rule::kDigestStale);
}

TEST(AdmitTest, AReaderWhoJoinedSinceMakesItStale) {
  const auto town = Town();
  BriefedBulletin amber = TownBulletin(1);
  amber.tlp = Tlp::kAmber;
  const EditionTerms edition = TownEdition(Tlp::kAmber, {kHotels});
  std::vector<BriefingCandidate> candidates = {TownCandidate(amber, *town, {kHotels})};
  const Admission built = AdmitForOthers(*town, edition, candidates, kAt).value();
  ASSERT_THAT(built.bulletins, SizeIs(1));
  DirectoryRecords records = TownRecords();
  records.members.push_back(TownSeat("b2", "b", Role::kReader));
  const auto later = Town(records);
  std::vector<MemberId> before;
  for (const MemberRecord& member : town->members()) before.push_back(member.id);
  candidates[0].sent_to = std::make_shared<MemberSet>(MemberSet::Of(*later, before));
  const Admission again = AdmitForOthers(*later, edition, candidates, kAt).value();
  EXPECT_EQ(DecideStillAdmitted(built, again).rule, Rule::kDigestStale);
}

}  // namespace
}  // namespace shield::testing
