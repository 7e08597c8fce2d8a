#include "policy/proof/shown_openings.h"

#include <gtest/gtest.h>

namespace shield {
namespace {

class ShownOpeningsTest : public ::testing::Test {
 protected:
  ShownOpeningsTest() {
    const AudienceToken tokens[] = {AudienceToken::Org(hotel_.id),
                                    AudienceToken::Org(*OrgId::Parse("zoo")),
                                    AudienceToken::NotMember(*MemberId::Parse("desk"))};
    for (const AudienceToken& token : tokens) openings_.push_back({{}, token});
  }

  size_t ShownTo(const OrgRecord& org, Role role, BulletinClass bulletin_class, Tlp tlp,
                 const char* source = "police") const {
    const MemberRecord member{.id = *MemberId::Parse("someone"), .org = org.id, .roles = {role}};
    return OpeningsShownTo({member, org}, {*OrgId::Parse(source), bulletin_class, tlp}, openings_)
        .size();
  }

  static OrgRecord Org(const char* id, OrgKind kind) {
    return {.id = *OrgId::Parse(id), .kind = kind, .community = *CommunityId::Parse("antwerp")};
  }

  const OrgRecord police_ = Org("police", OrgKind::kAuthority);
  const OrgRecord hotel_ = Org("hotel", OrgKind::kMember);
  std::vector<Opening> openings_;
};

TEST_F(ShownOpeningsTest, TheSourcesAnalystsAndDigestSeatKnowWhomItsContentIsFor) {
  for (const Tlp tlp : {Tlp::kGreen, Tlp::kAmber, Tlp::kAmberStrict}) {
    EXPECT_EQ(ShownTo(police_, Role::kAnalyst, BulletinClass::kContent, tlp), 3u);
    EXPECT_EQ(ShownTo(police_, Role::kDigest, BulletinClass::kContent, tlp), 3u);
  }
}

TEST_F(ShownOpeningsTest, OtherSeatsOfTheSourceAreShownTheirOwn) {
  for (const Role role : {Role::kReader, Role::kDesk, Role::kVetting}) {
    EXPECT_EQ(ShownTo(police_, role, BulletinClass::kContent, Tlp::kAmber), 0u);
  }
}

TEST_F(ShownOpeningsTest, AnotherForcesSeatsAreShownTheirOwn) {
  EXPECT_EQ(ShownTo(police_, Role::kAnalyst, BulletinClass::kContent, Tlp::kAmber, "zoo"), 0u);
  EXPECT_EQ(ShownTo(police_, Role::kDigest, BulletinClass::kContent, Tlp::kAmber, "zoo"), 0u);
  EXPECT_EQ(ShownTo(hotel_, Role::kReader, BulletinClass::kContent, Tlp::kAmber), 1u);
}

TEST_F(ShownOpeningsTest, ARoleThatItsOrganisationCannotGiveShowsNothing) {
  EXPECT_EQ(ShownTo(hotel_, Role::kAnalyst, BulletinClass::kContent, Tlp::kAmber, "hotel"), 1u);
}

TEST_F(ShownOpeningsTest, OfRedReportsMessagesAndRecallsNobodyIsShownMore) {
  EXPECT_EQ(ShownTo(police_, Role::kAnalyst, BulletinClass::kContent, Tlp::kRed), 0u);
  for (const BulletinClass other :
       {BulletinClass::kReport, BulletinClass::kDirect, BulletinClass::kControl}) {
    EXPECT_EQ(ShownTo(police_, Role::kAnalyst, other, Tlp::kAmber), 0u);
  }
}

}  // namespace
}  // namespace shield
