// Passing a bulletin on, as a publish: to whom a share is sealed, and who has the original by it.
#include "policy/share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/policy/policy_vectors.h"

namespace shield::testing {
namespace {

using ::testing::ElementsAre;

MemberId Member(absl::string_view id) { return *MemberId::Parse(id); }

// In the network of the vectors: AMBER by the police's p1 to the guarding firm g, of which k is a
// client and kk a client's client.
class ShareDecisions : public ::testing::Test {
 protected:
  const Directory& directory() const { return *file_.directory; }
  absl::Time now() const { return original_.issued; }

  Terms ShareBy(absl::string_view sharer, const std::vector<std::string>& words) const {
    Terms share = VectorTerms(file_, sharer, original_.tlp);
    share.bulletin_class = BulletinClass::kDirect;
    share.relations = {Relation::kShares};
    std::vector<AudienceToken> tokens;
    for (const std::string& word : words) tokens.push_back(*ParseAudienceToken(word));
    share.targets = TargetsOf(tokens);
    return share;
  }

  absl::StatusOr<std::vector<Chosen>> Resolve(absl::string_view sharer,
                                              const std::vector<std::string>& words,
                                              bool by_share = false, bool reason = true) const {
    const Terms share = ShareBy(sharer, words);
    const Reader from =
        by_share ? Reader::WithoutEntry(share.author) : Reader::Holder(share.author);
    return ResolveShare(directory(), {original_, share, from, by_share, reason}, now());
  }
  std::string Refused(absl::string_view sharer, const std::vector<std::string>& words,
                      bool by_share = false, bool reason = true) const {
    return RuleOf(Resolve(sharer, words, by_share, reason).status());
  }
  std::string PassedOnTo(const Reader& reader, absl::Time at) const {
    return std::string(RuleName(DecidePassedOn(directory(), original_, reader, at).rule));
  }

  const CaseFile file_ = PolicyVectors();
  Terms original_ = [this] {
    Terms terms = VectorTerms(file_, "p1", Tlp::kAmber);
    terms.targets = TargetsOf(std::vector<AudienceToken>{AudienceToken::Org(*OrgId::Parse("g"))});
    return terms;
  }();
};

TEST_F(ShareDecisions, IsForThoseNamedAndTheSharer) {
  const auto readers = Resolve("g2", {"member:k1", "member:g1"});
  ASSERT_TRUE(readers.ok()) << readers.status();
  std::vector<std::string> said;
  for (const Chosen& each : *readers) {
    said.push_back(absl::StrCat(each.member.text(), " ", RuleName(each.rule)));
  }
  EXPECT_THAT(said, ElementsAre("g1 OWN_ORG", "g2 AUTHOR", "k1 CLIENT_OF_RECIPIENT"));
}

TEST_F(ShareDecisions, NamesMembersAlone) {
  EXPECT_EQ(Refused("g2", {"org:k"}), "AUDIENCE_REQUIRED");
  EXPECT_EQ(Refused("g2", {"member:k1", "sector:retail"}), "AUDIENCE_REQUIRED");
  EXPECT_EQ(Refused("g2", {"member:k1", "not-member:k1"}), "AUDIENCE_REQUIRED");
  EXPECT_EQ(Refused("g2", {"member:g2"}), "AUDIENCE_REQUIRED");
  EXPECT_EQ(Refused("g2", {"member:nobody"}), "UNKNOWN_CODE");
}

TEST_F(ShareDecisions, OneWhoMayNotHaveItRefusesTheShare) {
  EXPECT_EQ(Refused("g2", {"member:k1", "member:k2"}), "CLIENT_NOT_TRANSITIVE");
  EXPECT_EQ(Refused("g2", {"member:h1"}), "NOT_RECIPIENT_NOR_CLIENT");
  EXPECT_EQ(Refused("k1", {"member:k2"}, /*by_share=*/true), "CLIENT_NOT_TRANSITIVE");
}

TEST_F(ShareDecisions, AClientAsksForTheReasonTheBrokerDoesNot) {
  EXPECT_EQ(Refused("g2", {"member:k1"}, false, /*reason=*/false), "NEED_TO_KNOW_MISSING");
  EXPECT_TRUE(Resolve("g2", {"member:k1"}).ok());
  EXPECT_TRUE(Resolve("g2", {"member:g1"}, false, /*reason=*/false).ok());
}

TEST_F(ShareDecisions, TheSharerMustHaveItAndASeatThatSendsMessages) {
  EXPECT_EQ(Refused("h1", {"member:h2"}), "NOT_RECIPIENT_NOR_CLIENT");
  EXPECT_EQ(Refused("ga", {"member:g1"}), "PUBLISHER_NOT_AUTHORISED");
}

TEST_F(ShareDecisions, AWindowThatIsNoneIsRefused) {
  Terms share = ShareBy("g2", {"member:k1"});
  share.expires = share.issued;
  const Reader from = Reader::Holder(share.author);
  EXPECT_EQ(RuleOf(ResolveShare(directory(), {original_, share, from}, now()).status()),
            "BAD_WINDOW");
}

TEST_F(ShareDecisions, WhoHasItByAShareStillPassesAccountAndVetting) {
  Reader client = Reader::WithoutEntry(Member("k1"));
  EXPECT_EQ(PassedOnTo(client, now()), "NAMED_PERSON");
  EXPECT_EQ(PassedOnTo(Reader::WithoutEntry(Member("ka")), now()), "NEED_TO_KNOW_MISSING");
  EXPECT_EQ(PassedOnTo(Reader::WithoutEntry(Member("r1")), now()), "VETTING_TOO_LOW");
  EXPECT_EQ(PassedOnTo(Reader::WithoutEntry(Member("x1")), now()), "RECIPIENT_REVOKED");
  EXPECT_EQ(PassedOnTo(Reader::WithoutEntry(Member("nobody")), now()), "UNKNOWN_CALLER");
  EXPECT_EQ(PassedOnTo(client, original_.expires), "EXPIRED");
  client.org_at_publish = *OrgId::Parse("kk");
  EXPECT_EQ(PassedOnTo(client, now()), "AFFILIATION_CHANGED");
}

TEST_F(ShareDecisions, NothingIsHeldByAShareOfWhatHasEndedOrIsRed) {
  original_.state = BulletinState::kWithdrawn;
  EXPECT_EQ(PassedOnTo(Reader::WithoutEntry(Member("k1")), now()), "WITHDRAWN");
  original_.state = BulletinState::kLive;
  original_.tlp = Tlp::kRed;
  original_.targets = TargetsOf(std::vector<AudienceToken>{AudienceToken::Member(Member("g1"))});
  EXPECT_EQ(PassedOnTo(Reader::WithoutEntry(Member("h1")), now()), "RED_NOT_NAMED");
  EXPECT_EQ(Refused("g1", {"member:h1"}), "RED_NOT_NAMED");
}

TEST_F(ShareDecisions, RedIsPassedOnToNobodyNotEvenToWhoHasIt) {
  original_.tlp = Tlp::kRed;
  original_.targets = TargetsOf(std::vector<AudienceToken>{AudienceToken::Member(Member("g1")),
                                                           AudienceToken::Member(Member("h1"))});
  EXPECT_EQ(Refused("g1", {"member:h1"}), "RED_NOT_NAMED");
  EXPECT_EQ(Refused("g1", {"member:p1"}), "RED_NOT_NAMED") << "its author";
}

}  // namespace
}  // namespace shield::testing
