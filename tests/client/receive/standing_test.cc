// What is judged anew at every reading, and what stays as it was when the bulletin came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/status.h"
#include "client/client.h"
#include "client/receive/openings.h"
#include "client/state/state.h"
#include "crypto/age_recipient.h"
#include "crypto/opening/x25519_identity.h"
#include "crypto/sha256.h"
#include "policy/proof/verified_statement.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StandingTest : public ::testing::Test {
 protected:
  Published Publish(absl::string_view author, absl::string_view front) {
    Client client = network_.Open(author);
    const auto published = client.Publish(
        network_.DraftOf("+++\ntitle = \"x\"\n" + std::string(front) + "\n+++\nSeen.\n"));
    EXPECT_TRUE(published.ok()) << published.status();
    return *published;
  }
  Published Strict() {
    return Publish("an-lise", "kind = \"notice\"\ntlp = \"AMBER+STRICT\"\nto = [\"org:meir\"]");
  }
  KeyRecord& SealKeyOf(absl::string_view member) {
    std::vector<KeyRecord>& keys = network_.records().keys;
    return *std::find_if(keys.begin(), keys.end(), [member](const KeyRecord& key) {
      return key.use == KeyUse::kSeal && key.member.text() == member;
    });
  }
  // The member's home as it is after its state was lost, with everything fetched anew.
  Client Fresh(absl::string_view member) {
    const Home home = network_.HomeOf(member);
    for (const char* name : {"state.db", "state.db-wal", "state.db-shm"}) {
      std::filesystem::remove(home.PathOf(name));
    }
    Client client = network_.Open(member);
    client.Sync().IgnoreError();
    return client;
  }

  SampleNetwork network_;
};

TEST_F(StandingTest, WhatVettingClosesForADayOpensAfterwards) {
  const Published published = Strict();
  network_.Member("meir-guard").vetting = 0;
  network_.PublishDirectory();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  const InboxItem closed = guard.Inbox()->front();
  EXPECT_EQ(closed.fault, "VETTING_TOO_LOW");
  EXPECT_TRUE(closed.closed_now);
  EXPECT_TRUE(absl::IsPermissionDenied(guard.Show(published.id).status()));

  network_.Member("meir-guard").vetting = 3;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kLive);
  EXPECT_TRUE(guard.Show(published.id).ok());
  // It came without its payload.
  EXPECT_EQ(guard.Inbox()->front().title, "x");
}

TEST_F(StandingTest, AnAuthorSuspendedForAnHourDoesNotCloseItForGood) {
  const Published published = Strict();
  network_.Member("an-lise").state = AccountState::kSuspended;
  network_.PublishDirectory();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->front().fault, "PUBLISHER_NOT_AUTHORISED");
  network_.Member("an-lise").state = AccountState::kActive;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(published.id).ok()) << guard.Show(published.id).status();
  // It held once: what becomes of its author now does not matter.
  network_.Member("an-lise").state = AccountState::kSuspended;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(published.id).ok());
}

// An end of keys is entered, signed by several officers and published hours later: it says that
// they ended before what came meanwhile.
TEST_F(StandingTest, AKeyThatIsSaidToHaveEndedBeforeTakesNothingThatWasHeld) {
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.SyncDirectory().ok());
  const absl::Time entered = network_.clock().Now();
  network_.clock().Advance(absl::Hours(3));
  const Published published = Strict();
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.Show(published.id).ok());
  Client colleague = network_.Open("an-omar");
  ASSERT_TRUE(colleague.Sync().ok());
  for (KeyRecord& key : network_.records().keys) {
    if (key.member.text() == "an-lise") key.period.until = entered;
  }
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(published.id).ok()) << guard.Show(published.id).status();
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kLive);

  // A colleague takes it back: nothing of it stays.
  ASSERT_TRUE(colleague.Sync().ok());
  const auto withdrawn = colleague.Withdraw(published.id);
  ASSERT_TRUE(withdrawn.ok()) << withdrawn.status();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->front().state, InboxState::kWithdrawn);
  const auto state = *ClientState::Open(network_.HomeOf("meir-guard").PathOf("state.db"),
                                        network_.network().network.KeyName("meir-guard"));
  EXPECT_THAT((*state->FindEntry(1))->delivered.slot, IsEmpty());
  EXPECT_THAT((*state->FindEntry(1))->delivered.payload, IsEmpty());
}

TEST_F(StandingTest, WhatWasHeldStaysReadableWhenTheRecordOfItsAuthorsKeyIsGone) {
  const Published published = Strict();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  std::erase_if(network_.records().keys, [](const KeyRecord& key) {
    return key.member.text() == "an-lise" && key.use == KeyUse::kSign;
  });
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(published.id).ok()) << guard.Show(published.id).status();
  // Another home of that reader, which did not check it then, does not believe it now.
  EXPECT_EQ(RuleOf(Fresh("meir-guard").Show(published.id).status()), "PUBLISHER_KEY_REVOKED");
}

TEST_F(StandingTest, WhatIsSealedToAKeyOfLongAgoIsNobodysFault) {
  KeyRecord& seal = SealKeyOf("meir-guard");
  const std::string present = seal.value;
  seal.value = PrintAgeRecipient(X25519Identity::Generate(network_.random()).Recipient());
  network_.PublishDirectory();
  const Published published = Strict();
  network_.clock().Advance(absl::Hours(1));
  network_.Refresh();
  // Its record went 400 days after its end; what is left began later.
  SealKeyOf("meir-guard").value = present;
  SealKeyOf("meir-guard").period.from = network_.clock().Now();
  network_.PublishDirectory();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->front().fault, "KEY_NOT_HERE");
  EXPECT_TRUE(guard.Inbox()->front().closed_now);
  // A key that counted then and is not the one it was sealed to is an alarm as ever.
  SealKeyOf("meir-guard").period.from = absl::UnixEpoch();
  network_.PublishDirectory();
  EXPECT_EQ(RuleOf(Fresh("meir-guard").Show(published.id).status()), "RECIPIENT_SET_MISMATCH");
}

TEST_F(StandingTest, AnEndingThatWasClosedForNowTakesEffectOnceItHolds) {
  const Published old = Strict();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  Client colleague = network_.Open("an-omar");
  ASSERT_TRUE(colleague.Sync().ok());
  Publish("an-omar",
          "kind = \"notice\"\ntlp = \"AMBER+STRICT\"\nto = [\"org:meir\"]\nrefs = "
          "[\"supersedes:" +
              old.id.ToHex() + "\"]");
  network_.Member("an-omar").state = AccountState::kSuspended;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(old.id).ok());
  network_.Member("an-omar").state = AccountState::kActive;
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(RuleOf(guard.Show(old.id).status()), "SUPERSEDED");
}

TEST_F(StandingTest, AStatementThatNamesADirectoryNobodyHasIsClosedUntilItComes) {
  const Published published = Strict();
  Client guard = network_.Open("meir-guard");
  DirectoryAnswer first;
  network_.Script("meir-guard").AlterDirectories([&](DirectoryAnswer& answer) { first = answer; });
  ASSERT_TRUE(guard.SyncDirectory().ok());
  network_.Script("meir-guard").AlterDirectories([](DirectoryAnswer&) {});
  network_.PublishDirectory();
  const Published second = Strict();  // names version 2
  network_.Script("meir-guard").AlterDirectories([&](DirectoryAnswer& answer) { answer = first; });
  network_.Script("meir-guard").AlterMessages([](SubscriptionMessage& message) {
    if (message.hello.has_value()) message.hello->directory_version = 1;
  });
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ((*guard.Inbox())[1].fault, "DIRECTORY_BEHIND");
  network_.Script("meir-guard").AlterDirectories([](DirectoryAnswer&) {});
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(second.id).ok()) << guard.Show(second.id).status();
}

// Its author had another text of a version that this home has seen, and that is not the newest.
TEST_F(StandingTest, AStatementThatNamesAnotherTextOfAnOlderDirectoryIsAForkAndBothAreKept) {
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.SyncDirectory().ok());
  Strict();
  network_.PublishDirectory();
  const MemberId member = *MemberId::Parse("meir-guard");
  DeliveredEntry entry = network_.broker().TakeInbox(member).front();
  Statement statement = *ReadClaimedStatement(entry.statement);
  statement.directory_digest = Sha256("another");
  entry.statement = *SignStatement(statement, network_.SignKeyOf("an-lise"));
  network_.broker().Forge(member, entry);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Inbox()->front().fault, "DIRECTORY_FORK");
  EXPECT_FALSE(guard.Inbox()->front().closed_now);
  ASSERT_EQ(guard.Alarms()->size(), 1u);
  EXPECT_EQ(guard.Alarms()->front().kind, "directory");
  EXPECT_EQ(guard.Alarms()->front().subject, "1");
  EXPECT_EQ(guard.Alarms()->front().second, entry.statement);
}

TEST_F(StandingTest, AReportOfASuspendedMemberIsMarked) {
  const Published marked =
      Publish("meir-guard", "kind = \"suspicious_activity\"\ntlp = \"AMBER+STRICT\"");
  const Published plain =
      Publish("astrid-guard", "kind = \"suspicious_activity\"\ntlp = \"AMBER+STRICT\"");
  network_.Member("meir-guard").state = AccountState::kSuspended;
  network_.PublishDirectory();
  Client analyst = network_.Open("an-lise");
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_THAT((*analyst.Inbox())[0].warnings, ElementsAre("UNTRUSTED_SOURCE"));
  EXPECT_THAT((*analyst.Inbox())[1].warnings, IsEmpty());
  EXPECT_THAT(analyst.Show(marked.id)->warnings, Contains("UNTRUSTED_SOURCE"));
  EXPECT_THAT(analyst.Show(plain.id)->warnings, IsEmpty());
  // The mark stays with what was sent then.
  network_.Member("meir-guard").state = AccountState::kActive;
  network_.PublishDirectory();
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_THAT(analyst.Show(marked.id)->warnings, Contains("UNTRUSTED_SOURCE"));
}

TEST_F(StandingTest, AReportOfASuspendedMemberIsProven) {
  network_.Member("meir-guard").state = AccountState::kSuspended;
  network_.PublishDirectory();
  Publish("meir-guard", "kind = \"suspicious_activity\"\ntlp = \"AMBER+STRICT\"");
  EXPECT_EQ(network_.Script("meir-guard").calls("ProveBatch"), 1);
}

TEST_F(StandingTest, RedIsForThePersonInTheOrganisationItWasNamedIn) {
  const Published red =
      Publish("an-lise", "kind = \"notice\"\ntlp = \"RED\"\nto = [\"member:meir-guard\"]");
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  ASSERT_TRUE(guard.Show(red.id).ok()) << guard.Show(red.id).status();
  network_.Member("meir-guard").org = *OrgId::Parse("astrid");
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  const absl::Status refused = guard.Show(red.id).status();
  EXPECT_EQ(RuleOf(refused), "AFFILIATION_CHANGED") << refused;
  EXPECT_TRUE(absl::IsPermissionDenied(refused));
  EXPECT_EQ(guard.Inbox()->front().title, "");
  // Back where it was, it may again.
  network_.Member("meir-guard").org = *OrgId::Parse("meir");
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_TRUE(guard.Show(red.id).ok());
}

TEST_F(StandingTest, ABulletinStaysItsSourcesWhenItsAuthorMoves) {
  network_.Org("astrid").kind = OrgKind::kAuthority;  // a reader is shown no other firms
  network_.PublishDirectory();
  const Published published = Strict();
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Member("an-lise").org = *OrgId::Parse("astrid");
  network_.PublishDirectory();
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(guard.Show(published.id)->item.author_org->text(), "ocad");
}

}  // namespace
}  // namespace shield::testing
