// What a folder that is to be carried holds, and what it does not tell.
#include "client/export/verify_export.h"
#include "client/receive/openings.h"
#include "policy/proof/verified_statement.h"
#include "tests/client/export/carriage_fixture.h"

namespace shield::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class CarryTest : public CarriageTest {
 protected:
  absl::StatusOr<VerifiedExport> Verify(const std::string& folder,
                                        std::span<const X25519Identity> identities = {}) {
    return VerifyExport(
        folder, network_.network(),
        {network_.clock().Now(), *network_.Open("an-lise").SyncDirectory(), identities});
  }
  std::string RuleOfExport(absl::string_view member, const BulletinId& id,
                           absl::string_view reader) {
    return RuleOf(TryExport(member, id, {"", true, *MemberId::Parse(reader)}).status());
  }
  // A share by the guard to a colleague.
  BulletinId Share() {
    const BulletinId original = Publish("", "AMBER");
    Client guard = network_.Open("astrid-guard");
    EXPECT_TRUE(guard.Sync().ok());
    const auto shared = guard.Share({original, {*ParseAudienceToken("member:astrid-night")}, ""});
    EXPECT_TRUE(shared.ok()) << shared.status();
    return shared->share.id;
  }
};

TEST_F(CarryTest, WhatIsCarriedSealedHoldsNothingInClear) {
  const BulletinId id = PublishAttached();
  for (const std::string& folder :
       {*TryExport("astrid-guard", id, {"", true}), CarryFor("astrid-desk", id)}) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      names.push_back(std::filesystem::relative(entry.path(), folder).string());
      if (!entry.is_regular_file()) continue;
      const std::string text = *ReadSmallFile(entry.path().string());
      for (const char* clear : {"Body.", "secret-plan", "not really a plan", "\"title\""}) {
        EXPECT_THAT(text, Not(HasSubstr(clear))) << entry.path();
      }
    }
    EXPECT_THAT(names, UnorderedElementsAre("statement.txt", "directory.txt", "proof.txt",
                                            "bulletin.age", "attachments", "attachments/1.age"));
  }
}

TEST_F(CarryTest, WhatAnAnalystCarriesNamesNobodyWhomItIsFor) {
  const BulletinId id = PublishAttached();
  ASSERT_TRUE(network_.Open("an-omar").Sync().ok());
  for (const char* analyst : {"an-lise", "an-omar"}) {
    const std::string folder = *TryExport(analyst, id, {"", true});
    EXPECT_THAT(Text(folder, "proof.txt"), Not(HasSubstr("astrid"))) << analyst;
    EXPECT_TRUE(Verify(folder).ok()) << analyst;
  }
}

TEST_F(CarryTest, TheDirectoryThatTravelsShowsNoOtherFirm) {
  const std::string folder = CarryFor("astrid-guard", Publish());
  const std::string directory = Text(folder, "directory.txt");
  EXPECT_THAT(directory, HasSubstr("org astrid "));
  EXPECT_THAT(directory, HasSubstr("org ocad "));
  EXPECT_THAT(directory, Not(HasSubstr("meir")));
}

TEST_F(CarryTest, AnExportForAReaderOpensInItsHome) {
  const std::string folder = CarryFor("astrid-guard", PublishAttached());
  EXPECT_THAT(Text(folder, "proof.txt"), HasSubstr("recipient astrid-guard "));
  EXPECT_THAT(Text(folder, "proof.txt"), Not(HasSubstr("astrid-desk")));
  const MemberKeys keys = *network_.HomeOf("astrid-guard").ReadKeys(std::nullopt);
  const auto opened = Verify(folder, keys.seal);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(opened->content_checked);
  EXPECT_THAT(opened->checked, Contains(HasSubstr("sealed it to `astrid-guard`")));
  const auto closed = Verify(folder);
  ASSERT_TRUE(closed.ok()) << closed.status();
  EXPECT_FALSE(closed->content_checked);
}

TEST_F(CarryTest, WhoWasNoReaderIsNotExportedFor) {
  const BulletinId id = Publish();
  EXPECT_EQ(RuleOfExport("an-lise", id, "meir-guard"), "NOT_IN_SNAPSHOT");
  EXPECT_EQ(RuleOfExport("an-lise", id, "nobody"), "NOT_IN_SNAPSHOT");
  // Who did not seal it has the slots of no other.
  EXPECT_EQ(RuleOfExport("an-omar", id, "astrid-guard"), "NOT_SOURCE");
  EXPECT_EQ(RuleOfExport("astrid-desk", id, "astrid-guard"), "NOT_SOURCE");
}

TEST_F(CarryTest, ARevokedReaderIsNotExportedFor) {
  const BulletinId id = Publish();
  network_.Member("astrid-guard").state = AccountState::kRevoked;
  network_.PublishDirectory();
  EXPECT_EQ(RuleOfExport("an-lise", id, "astrid-guard"), "RECIPIENT_REVOKED");
  EXPECT_EQ(RuleOfExport("an-lise", id, "astrid-desk"), "");
}

// A reader who has gone elsewhere would take it there.
TEST_F(CarryTest, AReaderWhoHasMovedIsNotExportedFor) {
  Client analyst = network_.Open("an-lise");
  const auto red =
      analyst.Publish(network_.DraftOf("+++\ntitle = \"Meir\"\nkind = \"notice\"\ntlp = \"RED\"\n"
                                       "to = [\"member:astrid-guard\"]\n+++\nBody.\n"));
  ASSERT_TRUE(red.ok()) << red.status();
  EXPECT_EQ(RuleOfExport("an-lise", red->id, "astrid-guard"), "");
  network_.Member("astrid-guard").org = *OrgId::Parse("meir");
  network_.PublishDirectory();
  EXPECT_EQ(RuleOfExport("an-lise", red->id, "astrid-guard"), "AFFILIATION_CHANGED");
}

TEST_F(CarryTest, WhatIsUnderEmbargoIsNotCarried) {
  const absl::Time opens = network_.clock().Now() + absl::Hours(3);
  const BulletinId id = Publish(absl::StrCat(
      "not_before = ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", opens, absl::UTCTimeZone()), "\n"));
  EXPECT_EQ(RuleOfExport("an-lise", id, "astrid-guard"), "EMBARGOED");
  network_.clock().Advance(absl::Hours(4));
  EXPECT_EQ(RuleOfExport("an-lise", id, "astrid-guard"), "");
}

TEST_F(CarryTest, TheSlotsOfALargeAudienceAreNotKept) {
  const BulletinId id = Publish();
  {
    const auto state = StateOf("an-lise");
    Publication own = **state->FindPublication(id);
    own.slots.clear();
    own.seal_keys.clear();
    ASSERT_TRUE(state->RecordPublication(own).ok());
  }
  EXPECT_EQ(RuleOfExport("an-lise", id, "astrid-guard"), "SLOTS_NOT_KEPT");
}

TEST_F(CarryTest, SlotsGoWithTheBulletin) {
  const BulletinId id = Publish();
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_FALSE((*StateOf("an-lise")->FindPublication(id))->slots.empty());
  ASSERT_TRUE(analyst.Withdraw(id).ok());
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_TRUE((*StateOf("an-lise")->FindPublication(id))->slots.empty());
}

TEST_F(CarryTest, SlotsOfAShareGoWithItsOriginal) {
  network_.AddMember("astrid-night", "astrid", {Role::kReader});
  network_.PublishDirectory();
  const BulletinId share = Share();
  Client desk = network_.Open("astrid-guard");
  ASSERT_TRUE(desk.Sync().ok());
  const auto state = StateOf("astrid-guard");
  ASSERT_FALSE((*state->FindPublication(share))->slots.empty());
  const BulletinId original = *(*state->FindBulletin(share))->original;
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  ASSERT_TRUE(analyst.Withdraw(original).ok());
  ASSERT_TRUE(desk.Sync().ok());
  EXPECT_TRUE((*state->FindPublication(share))->slots.empty());
}

TEST_F(CarryTest, AShareIsExportedWithItsOriginal) {
  network_.AddMember("astrid-night", "astrid", {Role::kReader});
  network_.PublishDirectory();
  const BulletinId share = Share();
  const auto folder = TryExport("astrid-night", share, {});
  ASSERT_TRUE(folder.ok()) << folder.status();
  const MemberKeys keys = *network_.HomeOf("astrid-night").ReadKeys(std::nullopt);
  const auto verified = Verify(*folder, keys.seal);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->author.text(), "an-lise");
  EXPECT_EQ(verified->author_org.text(), "ocad");
  EXPECT_EQ(verified->shared_by->text(), "astrid-guard");
  EXPECT_TRUE(verified->content_checked);
  // The sharer carries it as it would what it wrote.
  EXPECT_TRUE(Verify(CarryFor("astrid-night", share, "astrid-guard"), keys.seal).ok());
}

TEST_F(CarryTest, AChangedOriginalIsFound) {
  network_.AddMember("astrid-night", "astrid", {Role::kReader});
  network_.PublishDirectory();
  const std::string folder = *TryExport("astrid-night", Share(), {});
  const std::string original = Text(folder, "original.txt");
  // Another one of the same author, as good as the first.
  Statement other = *ReadClaimedStatement(original);
  other.priority = Priority::kFlash;
  Write(folder, "original.txt", *SignStatement(other, network_.SignKeyOf("an-lise")));
  EXPECT_EQ(RuleOf(Verify(folder).status()), "REFERENCE_MISMATCH");
  std::string damaged = original;
  damaged[damaged.find("issued ") + 8] ^= 1;
  Write(folder, "original.txt", damaged);
  EXPECT_EQ(RuleOf(Verify(folder).status()), "BAD_SIGNATURE");
  std::filesystem::remove(folder + "/original.txt");
  EXPECT_TRUE(absl::IsNotFound(Verify(folder).status()));
}

TEST_F(CarryTest, AWithdrawalIsExportedAsANotice) {
  const BulletinId id = Publish();
  Client guard = network_.Open("astrid-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  const auto withdrawn = analyst.Withdraw(id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  const auto folder = TryExport("astrid-guard", withdrawn->id, {"", true});
  ASSERT_TRUE(folder.ok()) << folder.status();
  const auto verified = Verify(*folder);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_TRUE(verified->content_checked);
  Write(*folder, "content.json", "{}");
  EXPECT_EQ(RuleOf(Verify(*folder).status()), "EXPORT_MALFORMED");
}

}  // namespace
}  // namespace shield::testing
