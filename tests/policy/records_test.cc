#include "policy/records.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "tests/policy/mutations.h"
#include "tests/policy/sample_texts.h"

namespace shield {
namespace {

using ::shield::testing::ForEachMutation;
using ::shield::testing::SampleDigest;
using ::shield::testing::SampleMember;
using ::shield::testing::SampleOrg;
using ::shield::testing::SamplePin;
using ::shield::testing::SampleRecipient;
using ::shield::testing::SampleVerifierKey;

KeyRecord SampleKey(KeyUse use, std::string value) {
  return {.member = *MemberId::Parse("astrid-desk"),
          .use = use,
          .value = std::move(value),
          .period = {absl::FromUnixSeconds(5), absl::FromUnixSeconds(10)}};
}

template <typename Record>
void ExpectRefused(const absl::StatusOr<Record>& record, absl::string_view why,
                   absl::string_view rule = "DIRECTORY_MALFORMED") {
  ASSERT_FALSE(record.ok());
  EXPECT_EQ(RuleOf(record.status()), rule) << record.status();
  EXPECT_TRUE(absl::StrContains(record.status().message(), why)) << record.status();
}

TEST(OrgRecord, IsOneLineInThePrintedOrder) {
  EXPECT_EQ(PrintOrgRecord(SampleOrg()),
            absl::StrCat("org hotel-astrid kind=member community=shield-antwerp "
                         "sectors=hotels-restaurants,major-events regions=BE211 vetting=2 "
                         "state=active from=0 until=9007199254740991 "
                         "clients=linen-service:1000-2000 members=4:",
                         PrintDigest(SampleDigest(9))));
  EXPECT_EQ(*ParseOrgRecord(PrintOrgRecord(SampleOrg())), SampleOrg());
}

TEST(OrgRecord, EmptyListsAreNothingAfterTheSign) {
  OrgRecord org = SampleOrg();
  org.sectors.clear();
  org.regions.clear();
  org.clients.clear();
  const std::string line = PrintOrgRecord(org);
  EXPECT_TRUE(absl::StrContains(line, " sectors= regions= vetting="));
  EXPECT_EQ(*ParseOrgRecord(line), org);
}

TEST(OrgRecord, RefusesWhatTheSpecificationForbids) {
  const std::string line = PrintOrgRecord(SampleOrg());
  const auto edited = [&line](absl::string_view from, absl::string_view to) {
    EXPECT_TRUE(absl::StrContains(line, from)) << from;
    return ParseOrgRecord(absl::StrReplaceAll(line, {{from, to}}));
  };
  ExpectRefused(edited("hotels-restaurants,major-events", "major-events,hotels-restaurants"),
                "not sorted");
  ExpectRefused(edited("BE211", "BE211,BE211"), "not sorted");
  ExpectRefused(edited("BE211", "BE211,"), "not sorted");
  ExpectRefused(edited("BE211", "BE9"), "no such region", "UNKNOWN_CODE");
  ExpectRefused(edited("major-events", "spa"), "no such sector", "UNKNOWN_CODE");
  ExpectRefused(edited("vetting=2", "vetting=4"), "0 to 3");
  ExpectRefused(edited("vetting=2 ", ""), "`vetting=` must stand where");
  ExpectRefused(edited("state=active", "state=unspecified"), "no such state");
  ExpectRefused(edited("kind=member", "kind=vendor"), "no such kind");
  ExpectRefused(edited("linen-service", "hotel-astrid"), "not its own client");
  ExpectRefused(edited(":1000-2000", ":2000-1000"), "is not <id>:<from>-<until>");
  ExpectRefused(edited("from=0", "from=00"), "two moments in order");
  ExpectRefused(edited("members=4:", "members=0:"), "SHA-256 of nothing");
  ExpectRefused(ParseOrgRecord(line + " "), "nothing may follow");
  ExpectRefused(ParseOrgRecord("member x"), "does not begin with `org`");
  ExpectRefused(ParseOrgRecord(line + std::string(kMaxRecordBytes, 'x')), "longer than");
}

TEST(MemberRecord, ReadsBack) {
  EXPECT_EQ(PrintMemberRecord(SampleMember()),
            "member astrid-desk org=hotel-astrid roles=desk,reader vetting=1 state=active "
            "from=1700000000 until=9007199254740991 exercise=no");
  EXPECT_EQ(*ParseMemberRecord(PrintMemberRecord(SampleMember())), SampleMember());
  EXPECT_TRUE(SampleMember().Has(Role::kDesk));
  EXPECT_FALSE(SampleMember().Has(Role::kAnalyst));
}

TEST(MemberRecord, RefusesWhatTheSpecificationForbids) {
  const std::string line = PrintMemberRecord(SampleMember());
  const auto edited = [&line](absl::string_view from, absl::string_view to) {
    return ParseMemberRecord(absl::StrReplaceAll(line, {{from, to}}));
  };
  ExpectRefused(edited("desk,reader", "reader,desk"), "not sorted");
  ExpectRefused(edited("desk,reader", "boss"), "no such role");
  ExpectRefused(edited("exercise=no", "exercise=maybe"), "yes or no");
  ExpectRefused(edited("member astrid-desk", "member Astrid"), "not a member's id");
  ExpectRefused(edited(" org=hotel-astrid", " org="), "not an id");
  ExpectRefused(edited(" exercise=no", ""), "exercise is missing");
}

TEST(KeyRecord, ReadsBackEachUse) {
  for (const KeyRecord& key :
       {SampleKey(KeyUse::kSeal, SampleRecipient(7)),
        SampleKey(KeyUse::kSign, SampleVerifierKey("shield.example/astrid-desk", 7)),
        SampleKey(KeyUse::kTls, SamplePin(7))}) {
    const absl::StatusOr<KeyRecord> read = ParseKeyRecord(PrintKeyRecord(key));
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, key);
  }
}

TEST(KeyRecord, RefusesAValueOfAnotherForm) {
  const std::string seal = SampleRecipient(7);
  for (const std::string& value :
       {SamplePin(1), seal + "q", seal.substr(0, 61), "age1" + std::string(58, 'b'),
        absl::StrReplaceAll(seal, {{"age1", "AGE1"}})}) {
    ExpectRefused(ParseKeyRecord(PrintKeyRecord(SampleKey(KeyUse::kSeal, value))), "not this");
  }
  for (const std::string& value : {SampleVerifierKey("shield.example/other", 7), SamplePin(1)}) {
    ExpectRefused(ParseKeyRecord(PrintKeyRecord(SampleKey(KeyUse::kSign, value))), "not this");
  }
  ExpectRefused(ParseKeyRecord(PrintKeyRecord(SampleKey(KeyUse::kTls, seal))), "not this");
  ExpectRefused(ParseKeyRecord("key astrid-desk ssh x from=0 until=0"), "seal, sign or tls");
}

TEST(Records, AnyChangedByteIsRefusedOrPrintsBackExactly) {
  ForEachMutation(PrintOrgRecord(SampleOrg()), [](const std::string& line) {
    const absl::StatusOr<OrgRecord> org = ParseOrgRecord(line);
    if (!org.ok()) return;
    EXPECT_EQ(PrintOrgRecord(*org), line);
  });
  ForEachMutation(PrintMemberRecord(SampleMember()), [](const std::string& line) {
    const absl::StatusOr<MemberRecord> member = ParseMemberRecord(line);
    if (!member.ok()) return;
    EXPECT_EQ(PrintMemberRecord(*member), line);
  });
  for (const KeyRecord& record :
       {SampleKey(KeyUse::kSeal, SampleRecipient(7)),
        SampleKey(KeyUse::kSign, SampleVerifierKey("shield.example/astrid-desk", 7)),
        SampleKey(KeyUse::kTls, SamplePin(7))}) {
    ForEachMutation(PrintKeyRecord(record), [](const std::string& line) {
      const absl::StatusOr<KeyRecord> key = ParseKeyRecord(line);
      if (!key.ok()) return;
      EXPECT_EQ(PrintKeyRecord(*key), line);
    });
  }
}

OrgLines SampleOrgLines() {
  OrgRecord org = SampleOrg();
  org.own_lines = 2;
  return {
      PrintOrgRecord(org),
      {PrintKeyRecord(SampleKey(KeyUse::kTls, SamplePin(7))), PrintMemberRecord(SampleMember())}};
}

TEST(OrgLines, AreReadWhole) {
  const absl::StatusOr<DirectoryRecords> records = ParseOrgLines(SampleOrgLines());
  ASSERT_TRUE(records.ok()) << records.status();
  EXPECT_EQ(records->orgs.size(), 1u);
  EXPECT_EQ(records->members.size(), 1u);
  EXPECT_EQ(records->keys.size(), 1u);
}

TEST(OrgLines, RefuseWhatDoesNotBelongTogether) {
  OrgLines lines = SampleOrgLines();
  lines.own_lines.pop_back();
  ExpectRefused(ParseOrgLines(lines), "1 lines follow it, not 2");

  lines = SampleOrgLines();
  std::swap(lines.own_lines[0], lines.own_lines[1]);
  ExpectRefused(ParseOrgLines(lines), "not sorted");

  lines = SampleOrgLines();
  lines.own_lines[1] = lines.own_lines[0];
  ExpectRefused(ParseOrgLines(lines), "not sorted");

  lines = SampleOrgLines();
  lines.own_lines[1] = absl::StrReplaceAll(lines.own_lines[1], {{"org=hotel-astrid", "org=x"}});
  ExpectRefused(ParseOrgLines(lines), "stands under the organisation");

  lines = SampleOrgLines();
  lines.own_lines[1] = absl::StrReplaceAll(lines.own_lines[1], {{"member astrid", "member a"}});
  ExpectRefused(ParseOrgLines(lines), "not in the same organisation");
}

}  // namespace
}  // namespace shield
