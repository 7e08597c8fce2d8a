#include "client/authority/authority.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SampleAuthority;
using ::shield::testing::SamplePlan;
using ::shield::testing::SeededRandom;

MemberId Id(absl::string_view text) { return *MemberId::Parse(text); }

const MemberRecord* Find(const DirectoryDraft& draft, absl::string_view id) {
  for (const MemberRecord& member : draft.records.members) {
    if (member.id.text() == id) return &member;
  }
  return nullptr;
}

TEST(NetworkCommunity, IsTheOriginAsAnIdentifier) {
  EXPECT_EQ(NetworkCommunity(*Origin::Parse("antwerp.example")).text(), "antwerp-example");
  const std::string longest = std::string(63, 'a') + "." + std::string(40, 'b');
  EXPECT_EQ(NetworkCommunity(*Origin::Parse(longest)).text(), std::string(63, 'a'));
}

TEST(Authority, OpensOnlyItsOwnHomeAndOnlyOnce) {
  SampleAuthority authority;
  EXPECT_EQ(RuleOf(Authority::Open(authority.folder()).status()), "HOME_IN_USE");
  EXPECT_FALSE(Authority::Open(authority.folder() + "-elsewhere").ok());
}

TEST(Authority, ChangesSurviveReopening) {
  SampleAuthority authority;
  authority.Fill();
  const size_t members = authority->draft().records.members.size();
  authority.Reopen();
  EXPECT_EQ(authority->draft().records.members.size(), members);
  EXPECT_EQ(authority->draft().broker_key, authority.BrokerKey());
  EXPECT_EQ(authority->draft().changes.size(), 5u);
}

TEST(AddOrg, FirstAuthorityBringsTheVettingSeat) {
  SampleAuthority authority;
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("hotel", OrgKind::kMember), kNow).ok());
  EXPECT_EQ(Find(authority->draft(), "vetting"), nullptr);
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("pol", OrgKind::kAuthority), kNow).ok());
  const MemberRecord* seat = Find(authority->draft(), "vetting");
  ASSERT_NE(seat, nullptr);
  EXPECT_EQ(seat->org.text(), "pol");
  EXPECT_EQ(seat->roles, std::vector<Role>{Role::kVetting});
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("pol2", OrgKind::kAuthority), kNow).ok());
  EXPECT_EQ(authority->draft().records.members.size(), 1u);
}

TEST(AddOrg, FillsInTheNetworksCommunity) {
  SampleAuthority authority;
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("hotel", OrgKind::kMember), kNow).ok());
  EXPECT_EQ(authority->draft().records.orgs[0].community.text(), "antwerp-example");
  EXPECT_EQ(authority->draft().records.orgs[0].sectors,
            (std::vector<std::string>{"health", "retail"}));
}

TEST(AddOrg, RefusesWhatMakesNoSense) {
  SampleAuthority authority;
  const auto refusal = [&authority](const NewOrg& org) { return authority->AddOrg(org, kNow); };
  NewOrg org = SampleAuthority::Org("hotel", OrgKind::kMember);
  org.sectors = {"spa"};
  EXPECT_EQ(RuleOf(refusal(org)), "UNKNOWN_CODE");
  org = SampleAuthority::Org("hotel", OrgKind::kMember);
  org.regions = {"XX1"};
  EXPECT_EQ(RuleOf(refusal(org)), "UNKNOWN_CODE");
  org = SampleAuthority::Org("hotel", OrgKind::kMember);
  org.vetting = 4;
  EXPECT_TRUE(absl::StrContains(refusal(org).message(), "0 to 3"));
  org = SampleAuthority::Org("hotel", OrgKind::kMember);
  org.until = kNow;
  EXPECT_TRUE(absl::StrContains(refusal(org).message(), "over already"));
  org = SampleAuthority::Org("hotel", OrgKind::kMember);
  ASSERT_TRUE(refusal(org).ok());
  EXPECT_EQ(RuleOf(refusal(org)), "ID_TAKEN");
}

TEST(AddOrg, ClientStandsOnItsProvidersLine) {
  SampleAuthority authority;
  NewOrg client = SampleAuthority::Org("linen", OrgKind::kClient);
  client.client_of = OrgId::Parse("hotel");
  EXPECT_EQ(authority->AddOrg(client, kNow).code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("hotel", OrgKind::kMember), kNow).ok());
  client.client_from = kNow - absl::Hours(1);
  client.until = kNow + absl::Hours(1);
  ASSERT_TRUE(authority->AddOrg(client, kNow).ok());
  const OrgRecord& hotel = authority->draft().records.orgs[0];
  ASSERT_EQ(hotel.clients.size(), 1u);
  EXPECT_EQ(hotel.clients[0].client.text(), "linen");
  EXPECT_EQ(hotel.clients[0].period.until, client.until);
  client = SampleAuthority::Org("shop", OrgKind::kMember);
  client.client_of = OrgId::Parse("hotel");
  EXPECT_TRUE(absl::StrContains(authority->AddOrg(client, kNow).message(), "kind client"));
}

TEST(AddMember, TakesTheKeysOfTheRequest) {
  SampleAuthority authority;
  authority.Fill();
  const MemberRecord* member = Find(authority->draft(), "h1");
  ASSERT_NE(member, nullptr);
  EXPECT_EQ(member->state, AccountState::kActive);
  EXPECT_EQ(member->period.from, kNow);
  EXPECT_EQ(
      std::count_if(authority->draft().records.keys.begin(), authority->draft().records.keys.end(),
                    [](const KeyRecord& key) { return key.member.text() == "h1"; }),
      3);
}

TEST(AddMember, RefusesAnotherNetworksRequest) {
  SampleAuthority authority;
  authority.Fill();
  NetworkFile other = authority->network();
  other.broker_address = "elsewhere:1";
  NewMember member = authority.Member("h2", "hotel");
  member.request = authority.Request("h2", other);
  EXPECT_EQ(RuleOf(authority->AddMember(member, kNow)), "NETWORK_MISMATCH");
}

TEST(AddMember, RefusesIdsAndKeysThatAreTaken) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(RuleOf(authority->AddMember(authority.Member("h1", "hotel"), kNow)), "ID_TAKEN");

  MemberKeys first =
      *MemberKeys::Generate(Id("h2"), authority->network().network, authority.random());
  MemberKeys second =
      *MemberKeys::Generate(Id("h3"), authority->network().network, authority.random());
  NewMember member = authority.Member("x", "hotel");
  member.request = SignEnrolmentRequest(*RequestFor(first, authority->network()), first.sign);
  ASSERT_TRUE(authority->AddMember(member, kNow).ok());
  second.tls = first.tls;
  member.request = SignEnrolmentRequest(*RequestFor(second, authority->network()), second.sign);
  EXPECT_EQ(RuleOf(authority->AddMember(member, kNow)), "KEY_TAKEN");
}

TEST(AddMember, RefusesChangedRequestsAndTheSeatsOwnId) {
  SampleAuthority authority;
  authority.Fill();
  NewMember member = authority.Member("h2", "hotel");
  member.request[member.request.find("h2")] = 'k';
  EXPECT_FALSE(authority->AddMember(member, kNow).ok());
  EXPECT_FALSE(authority->AddMember(authority.Member("vetting", "hotel"), kNow).ok());
  EXPECT_EQ(Find(authority->draft(), "h2"), nullptr);
}

TEST(AddMember, RefusesUnknownOrganisationsAndMisplacedRoles) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(authority->AddMember(authority.Member("x1", "nobody"), kNow).code(),
            absl::StatusCode::kNotFound);
  for (Role role : {Role::kAnalyst, Role::kDigest, Role::kVetting}) {
    EXPECT_TRUE(absl::StrContains(
        authority->AddMember(authority.Member("x1", "hotel", role), kNow).message(),
        "is for authorities"));
  }
  NewMember member = authority.Member("x1", "hotel");
  member.roles.clear();
  EXPECT_TRUE(absl::StrContains(authority->AddMember(member, kNow).message(), "no role"));
}

TEST(AddMembers, AreAllOrNone) {
  SampleAuthority authority;
  authority.Fill();
  const size_t before = authority->draft().records.members.size();
  const std::vector<NewMember> twice = {authority.Member("h2", "hotel"),
                                        authority.Member("h2", "hotel")};
  EXPECT_FALSE(authority->AddMembers(twice, kNow).ok());
  EXPECT_EQ(authority->draft().records.members.size(), before);
  const std::vector<NewMember> both = {authority.Member("h2", "hotel"),
                                       authority.Member("h3", "hotel")};
  EXPECT_TRUE(authority->AddMembers(both, kNow).ok());
  authority.Reopen();
  EXPECT_EQ(authority->draft().records.members.size(), before + 2);
}

OrgRecord OrgIn(const DirectoryDraft& draft, absl::string_view id) {
  DirectoryDraft copy = draft;
  return *copy.FindOrg(*OrgId::Parse(id));
}

TEST(SetOrg, ChangesWhatIsSaidAndNothingElse) {
  SampleAuthority authority;
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("hotel", OrgKind::kMember), kNow).ok());
  OrgRecord expected = OrgIn(authority->draft(), "hotel");
  const OrgChange change{
      .sectors = std::vector<std::string>{"retail", "hotels-restaurants", "retail"}, .vetting = 3};
  ASSERT_TRUE(authority->SetOrg(*OrgId::Parse("hotel"), change, kNow).ok());
  expected.sectors = {"hotels-restaurants", "retail"};
  expected.vetting = 3;
  EXPECT_EQ(OrgIn(authority->draft(), "hotel"), expected);
  authority.Reopen();
  EXPECT_EQ(OrgIn(authority->draft(), "hotel").vetting, 3);
  EXPECT_EQ(authority->draft().changes.back().deed, DraftDeed::kSetOrg);
}

TEST(SetOrg, AClientThatIsProlongedStaysAClientAsLong) {
  SampleAuthority authority;
  authority.Fill();
  NewOrg laundry = SampleAuthority::Org("laundry", OrgKind::kClient);
  laundry.client_of = *OrgId::Parse("hotel");
  laundry.until = kNow + absl::Hours(24);
  ASSERT_TRUE(authority->AddOrg(laundry, kNow).ok());
  const absl::Time until = kNow + absl::Hours(48);
  ASSERT_TRUE(authority->SetOrg(laundry.id, {.until = until}, kNow).ok());
  const OrgRecord hotel = OrgIn(authority->draft(), "hotel");
  ASSERT_EQ(hotel.clients.size(), 1u);
  EXPECT_EQ(hotel.clients.front().period.until, until);
}

TEST(SetOrg, RefusesWhatCouldNotHaveBeenAddedAndLeavesTheDraft) {
  SampleAuthority authority;
  authority.Fill();
  const DirectoryRecords before = authority->draft().records;
  const OrgId police = *OrgId::Parse("pol");
  EXPECT_TRUE(absl::IsNotFound(authority->SetOrg(*OrgId::Parse("nobody"), {}, kNow)));
  EXPECT_EQ(
      RuleOf(authority->SetOrg(police, {.sectors = std::vector<std::string>{"casinos"}}, kNow)),
      "UNKNOWN_CODE");
  EXPECT_TRUE(absl::IsInvalidArgument(authority->SetOrg(police, {.vetting = 4}, kNow)));
  EXPECT_TRUE(absl::IsInvalidArgument(authority->SetOrg(police, {.until = kNow}, kNow)));
  EXPECT_TRUE(
      absl::IsFailedPrecondition(authority->SetOrg(police, {.kind = OrgKind::kMember}, kNow)))
      << "its seats are those of an authority";
  EXPECT_EQ(authority->draft().records.orgs, before.orgs);
}

TEST(SetMember, ChangesWhatIsSaidAndItsKeysEndWithIt) {
  SampleAuthority authority;
  authority.Fill();
  const MemberId id = Id("h1");
  MemberRecord expected = *Find(authority->draft(), id.text());
  const absl::Time until = kNow + absl::Hours(24 * 30);
  ASSERT_TRUE(authority->SetMember(id, {.vetting = 1, .until = until}, kNow).ok());
  expected.vetting = 1;
  expected.period.until = until;
  EXPECT_EQ(*Find(authority->draft(), id.text()), expected);
  for (const KeyRecord& key : authority->draft().records.keys) {
    if (key.member == id) {
      EXPECT_EQ(key.period.until, until);
    }
  }
}

TEST(SetMember, RefusesTheOwnSeatMisplacedRolesAndWhoIsRevoked) {
  SampleAuthority authority;
  authority.Fill();
  const MemberId id = Id("h1");
  EXPECT_EQ(RuleOf(authority->SetMember(Id("vetting"), {.vetting = 1}, kNow)), "OWN_SEAT");
  EXPECT_TRUE(absl::IsNotFound(authority->SetMember(Id("nobody"), {.vetting = 1}, kNow)));
  EXPECT_TRUE(absl::IsInvalidArgument(
      authority->SetMember(id, {.roles = std::vector<Role>{Role::kAnalyst}}, kNow)));
  EXPECT_TRUE(absl::IsNotFound(authority->SetMember(id, {.org = *OrgId::Parse("nowhere")}, kNow)));
  ASSERT_TRUE(authority->Revoke(id, "left", kNow).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(authority->SetMember(id, {.vetting = 1}, kNow)));
}

// What an analyst signed is judged by the organisation it sits in.
TEST(SetMember, ASeatOfAnAuthorityIsNotMoved) {
  SampleAuthority authority;
  authority.Fill();
  ASSERT_TRUE(authority->AddOrg(SampleAuthority::Org("fed", OrgKind::kAuthority), kNow).ok());
  for (const std::vector<Role>& roles : {std::vector{Role::kAnalyst}, std::vector{Role::kReader}}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(
        authority->SetMember(Id("p1"), {.org = *OrgId::Parse("fed"), .roles = roles}, kNow)));
  }
  EXPECT_EQ(Find(authority->draft(), "p1")->org.text(), "pol");
}

TEST(ChangeState, SuspendsReinstatesAndKeepsTheReason) {
  SampleAuthority authority;
  authority.Fill();
  ASSERT_TRUE(authority->Suspend(Id("h1"), "laptop missing", kNow).ok());
  EXPECT_EQ(Find(authority->draft(), "h1")->state, AccountState::kSuspended);
  EXPECT_EQ(authority->Suspend(Id("h1"), "again", kNow).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(authority->Reinstate(Id("h1"), "laptop found", kNow).ok());
  authority.Reopen();
  EXPECT_EQ(Find(authority->draft(), "h1")->state, AccountState::kActive);
  const Change& last = authority->draft().changes.back();
  EXPECT_EQ(last.deed, DraftDeed::kReinstate);
  EXPECT_EQ(last.reason, "laptop found");
}

TEST(ChangeState, RevokingEndsEveryKeyForGood) {
  SampleAuthority authority;
  authority.Fill();
  const absl::Time later = kNow + absl::Hours(1);
  ASSERT_TRUE(authority->Revoke(Id("h1"), "left the firm", later).ok());
  for (const KeyRecord& key : authority->draft().records.keys) {
    EXPECT_EQ(key.period.until == later, key.member.text() == "h1");
  }
  const absl::Status back = authority->Reinstate(Id("h1"), "sorry", later);
  EXPECT_TRUE(absl::StrContains(back.message(), "final")) << back;
  EXPECT_EQ(RuleOf(authority->AddMember(authority.Member("h1", "hotel"), later)), "ID_TAKEN");
}

TEST(ChangeState, OwnSeatIsNeitherSuspendedNorRevoked) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(RuleOf(authority->Suspend(Id("vetting"), "x", kNow)), "OWN_SEAT");
  EXPECT_EQ(RuleOf(authority->Revoke(Id("vetting"), "x", kNow)), "OWN_SEAT");
  EXPECT_EQ(Find(authority->draft(), "vetting")->state, AccountState::kActive);
}

TEST(ChangeState, NeedsAMemberAndAReason) {
  SampleAuthority authority;
  authority.Fill();
  EXPECT_EQ(authority->Revoke(Id("nobody"), "x", kNow).code(), absl::StatusCode::kNotFound);
  for (const std::string& reason :
       {std::string(), std::string("two\nlines"), std::string(kMaxReasonBytes + 1, 'x')}) {
    EXPECT_TRUE(absl::StrContains(authority->Revoke(Id("h1"), reason, kNow).message(), "reason"));
  }
  EXPECT_TRUE(authority->Revoke(Id("h1"), std::string(kMaxReasonBytes, 'x'), kNow).ok());
}

}  // namespace
}  // namespace shield
