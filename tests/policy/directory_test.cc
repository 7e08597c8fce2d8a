#include "policy/directory.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/policy/sample_texts.h"

namespace shield {
namespace {

using ::shield::testing::SamplePin;
using ::shield::testing::SampleRecipient;
using ::shield::testing::SampleVerifierKey;

constexpr absl::string_view kNetwork = "shield.example";

absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(seconds); }

OrgRecord Org(absl::string_view id, std::vector<std::string> regions, uint64_t own_lines) {
  OrgRecord org{.id = *OrgId::Parse(id),
                .kind = OrgKind::kMember,
                .community = *CommunityId::Parse("shield-antwerp")};
  org.sectors = {"health"};
  org.regions = std::move(regions);
  org.state = AccountState::kActive;
  org.own_lines = own_lines;
  return org;
}

MemberRecord Member(absl::string_view id, absl::string_view org) {
  return {.id = *MemberId::Parse(id),
          .org = *OrgId::Parse(org),
          .roles = {Role::kReader},
          .state = AccountState::kActive};
}

KeyRecord Key(absl::string_view member, KeyUse use, std::string value, Period period = {}) {
  return {
      .member = *MemberId::Parse(member), .use = use, .value = std::move(value), .period = period};
}

DirectoryNote Note(uint64_t orgs) {
  DirectoryNote note{.network = *Origin::Parse(kNetwork)};
  note.version = 3;
  note.orgs = orgs;
  return note;
}

// Two organisations; a1 and a2 at alpha, b1 at beta.
DirectoryRecords Records() {
  return {{Org("beta", {"BE234", "GR"}, 1), Org("alpha", {"BE21"}, 5)},
          {Member("b1", "beta"), Member("a2", "alpha"), Member("a1", "alpha")},
          {Key("a1", KeyUse::kTls, SamplePin(1), {At(10), At(20)}),
           Key("a1", KeyUse::kSeal, SampleRecipient(1), {At(10), At(40)}),
           Key("a1", KeyUse::kSeal, SampleRecipient(2), {At(20), At(40)})}};
}

std::shared_ptr<const Directory> Made() { return *Directory::Create(Note(2), Records()); }

std::vector<std::string> Ids(const std::vector<const OrgRecord*>& orgs) {
  std::vector<std::string> ids;
  for (const OrgRecord* org : orgs) ids.push_back(org->id.str());
  return ids;
}

void ExpectRefused(DirectoryRecords records, absl::string_view why, uint64_t orgs = 2) {
  const auto directory = Directory::Create(Note(orgs), std::move(records));
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(RuleOf(directory.status()), "DIRECTORY_MALFORMED");
  EXPECT_TRUE(absl::StrContains(directory.status().message(), why)) << directory.status();
}

TEST(Directory, FindsByIdAndBelonging) {
  const auto directory = Made();
  EXPECT_EQ(directory->version(), 3u);
  EXPECT_TRUE(directory->complete());
  EXPECT_EQ(directory->FindOrg(*OrgId::Parse("alpha"))->own_lines, 5u);
  EXPECT_EQ(directory->FindOrg(*OrgId::Parse("gamma")), nullptr);
  const MemberRecord* a2 = directory->FindMember(*MemberId::Parse("a2"));
  ASSERT_NE(a2, nullptr);
  EXPECT_EQ(directory->OrgOf(*a2).id.text(), "alpha");
  EXPECT_EQ(directory->FindMember(*MemberId::Parse("c1")), nullptr);
  ASSERT_EQ(directory->MembersOf(*OrgId::Parse("alpha")).size(), 2u);
  EXPECT_EQ(directory->MembersOf(*OrgId::Parse("alpha"))[0].id.text(), "a1");
  EXPECT_EQ(directory->MembersOf(*OrgId::Parse("beta")).size(), 1u);
  EXPECT_TRUE(directory->MembersOf(*OrgId::Parse("gamma")).empty());
  EXPECT_EQ(directory->KeysOf(*MemberId::Parse("a1")).size(), 3u);
  EXPECT_TRUE(directory->KeysOf(*MemberId::Parse("b1")).empty());
}

TEST(Directory, KnowsWhenItIsAPart) {
  EXPECT_FALSE((*Directory::Create(Note(3), Records()))->complete());
}

TEST(Directory, SelectsOrganisations) {
  const auto directory = Made();
  using Expected = std::vector<std::string>;
  EXPECT_EQ(Ids(directory->OrgsInSector("health")), (Expected{"alpha", "beta"}));
  EXPECT_EQ(Ids(directory->OrgsInSector("retail")), Expected());
  EXPECT_EQ(Ids(directory->OrgsInCommunity(*CommunityId::Parse("shield-antwerp"))),
            (Expected{"alpha", "beta"}));
  EXPECT_EQ(Ids(directory->OrgsInCommunity(*CommunityId::Parse("other"))), Expected());
  EXPECT_EQ(Ids(directory->OrgsOfKind(OrgKind::kMember)), (Expected{"alpha", "beta"}));
  EXPECT_EQ(Ids(directory->OrgsOfKind(OrgKind::kAuthority)), Expected());
}

TEST(Directory, SelectsByOverlappingRegion) {
  const auto directory = Made();
  using Expected = std::vector<std::string>;
  EXPECT_EQ(Ids(directory->OrgsInRegion("BE")), (Expected{"alpha", "beta"}));
  EXPECT_EQ(Ids(directory->OrgsInRegion("BE2")), (Expected{"alpha", "beta"}));
  EXPECT_EQ(Ids(directory->OrgsInRegion("BE211")), (Expected{"alpha"}));
  EXPECT_EQ(Ids(directory->OrgsInRegion("BE21")), (Expected{"alpha"}));
  EXPECT_EQ(Ids(directory->OrgsInRegion("BE234")), (Expected{"beta"}));
  EXPECT_EQ(Ids(directory->OrgsInRegion("EL30")), (Expected{"beta"}));
  EXPECT_EQ(Ids(directory->OrgsInRegion("NL")), Expected());
}

TEST(Directory, ActiveKeyIsTheLatestThatHoldsTheMoment) {
  const auto directory = Made();
  const auto active = [&directory](int64_t seconds) -> std::string {
    const KeyRecord* key = directory->ActiveKey(*MemberId::Parse("a1"), KeyUse::kSeal, At(seconds));
    return key == nullptr ? "none" : key->value;
  };
  EXPECT_EQ(active(9), "none");
  EXPECT_EQ(active(10), SampleRecipient(1));
  EXPECT_EQ(active(20), SampleRecipient(2));
  EXPECT_EQ(active(40), "none");
}

TEST(Directory, ActiveKeyBreaksATieByTheLargestValue) {
  DirectoryRecords records = Records();
  records.keys[1].period = records.keys[2].period;
  const auto directory = *Directory::Create(Note(2), std::move(records));
  EXPECT_EQ(directory->ActiveKey(*MemberId::Parse("a1"), KeyUse::kSeal, At(30))->value,
            std::max(SampleRecipient(1), SampleRecipient(2)));
}

TEST(Directory, FindsTheCallerByAnActivePin) {
  const auto directory = Made();
  const Digest pin = *ParseDigest(SamplePin(1));
  ASSERT_NE(directory->MemberByTlsPin(pin, At(10)), nullptr);
  EXPECT_EQ(directory->MemberByTlsPin(pin, At(10))->id.text(), "a1");
  EXPECT_EQ(directory->MemberByTlsPin(pin, At(9)), nullptr);
  EXPECT_EQ(directory->MemberByTlsPin(pin, At(20)), nullptr);
  EXPECT_EQ(directory->MemberByTlsPin(*ParseDigest(SamplePin(2)), At(10)), nullptr);
}

// The clock of who asks may be behind that of the authority, which ended the key.
TEST(Directory, FindsNobodyByAPinThatHadEndedWhenItWasIssued) {
  DirectoryNote note = Note(2);
  note.issued = At(20);
  const auto directory = *Directory::Create(std::move(note), Records());
  EXPECT_EQ(directory->MemberByTlsPin(*ParseDigest(SamplePin(1)), At(19)), nullptr);
}

TEST(Directory, RefusesWhatDoesNotFitTogether) {
  DirectoryRecords records = Records();
  records.orgs.push_back(records.orgs[0]);
  ExpectRefused(records, "organisation `beta` stands twice", 3);
  ExpectRefused(records, "its note says 2");

  records = Records();
  records.members.push_back(Member("b1", "alpha"));
  ExpectRefused(records, "member `b1` stands twice");

  records = Records();
  records.members.push_back(Member("c1", "gamma"));
  ExpectRefused(records, "`gamma`, which is not in it");

  records = Records();
  records.keys.push_back(Key("c1", KeyUse::kTls, SamplePin(3)));
  ExpectRefused(records, "`c1`, who is not in it");

  records = Records();
  records.keys.push_back(Key("b1", KeyUse::kTls, SamplePin(1)));
  ExpectRefused(records, "stands twice");

  records = Records();
  records.members.pop_back();
  ExpectRefused(records, "who is not in it");

  records = Records();
  records.keys.pop_back();
  ExpectRefused(records, "has 4 lines of its own, and its line says 5");
}

TEST(Directory, SignKeysAreNamedForNetworkAndMember) {
  DirectoryRecords records = Records();
  records.orgs[0].own_lines = 2;
  records.keys.push_back(Key("b1", KeyUse::kSign, SampleVerifierKey("shield.example/b1", 1)));
  EXPECT_TRUE(Directory::Create(Note(2), records).ok());
  records.keys.back().value = SampleVerifierKey("other.example/b1", 1);
  ExpectRefused(records, "another name than theirs");
}

TEST(Directory, ServesAHundredThousandMembers) {
  constexpr uint32_t kOrgs = 1000;
  constexpr uint32_t kMembersOfEach = 100;
  DirectoryRecords records;
  uint32_t number = 0;
  for (uint32_t o = 0; o < kOrgs; ++o) {
    const std::string org = absl::StrCat("org-", o);
    records.orgs.push_back(Org(org, {"BE211"}, 2 * kMembersOfEach));
    for (uint32_t m = 0; m < kMembersOfEach; ++m) {
      const std::string member = absl::StrCat("m-", o, "-", m);
      records.members.push_back(Member(member, org));
      records.keys.push_back(Key(member, KeyUse::kTls, SamplePin(++number)));
    }
  }
  const auto directory = Directory::Create(Note(kOrgs), std::move(records));
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ((*directory)->members().size(), kOrgs * kMembersOfEach);
  EXPECT_EQ((*directory)->OrgsInRegion("BE2").size(), kOrgs);
  EXPECT_EQ((*directory)->MembersOf(*OrgId::Parse("org-999")).size(), kMembersOfEach);
  EXPECT_NE((*directory)->MemberByTlsPin(*ParseDigest(SamplePin(number)), At(1)), nullptr);
}

}  // namespace
}  // namespace shield
