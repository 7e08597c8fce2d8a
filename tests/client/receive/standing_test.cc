// What is judged anew at every reading, and what stays as it was when the bulletin came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/status.h"
#include "client/client.h"
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
