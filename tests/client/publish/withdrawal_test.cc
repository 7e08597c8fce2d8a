// Taking a bulletin back: once, by whoever speaks for its source, whatever the directory's age; and
// what refers to others is judged before anything is sealed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/client.h"
#include "tests/client/support/sample_network.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class WithdrawalTest : public ::testing::Test {
 protected:
  // A GREEN bulletin of an-lise's, which everybody holds: five members, the author among them.
  BulletinId Publish(absl::string_view title = "x") {
    const auto published = network_.Open("an-lise").Publish(network_.Green(title));
    EXPECT_TRUE(published.ok()) << published.status();
    return published->id;
  }
  // A client of `member` that has fetched what there is.
  Client Fetched(absl::string_view member) {
    Client client = network_.Open(member);
    const auto report = client.Sync();
    EXPECT_TRUE(report.ok()) << report.status();
    return client;
  }
  void CutOff(absl::string_view member) {
    for (int i = 0; i < 50; ++i) {
      network_.Script(member).FailNext("Publish", absl::UnavailableError("the link is dead"));
    }
  }
  Draft Referring(absl::string_view relation, const BulletinId& id,
                  absl::string_view tlp = "GREEN") {
    return network_.DraftOf(absl::StrCat("+++\ntitle = \"new\"\nkind = \"notice\"\ntlp = \"", tlp,
                                         "\"\nto = [\"org:astrid\"]\nrefs = [\"", relation, ":",
                                         id.ToHex(), "\"]\n+++\nBody.\n"));
  }
  SampleNetwork network_;
};

TEST_F(WithdrawalTest, EveryHolderIsToldAndReadsItNoMore) {
  const BulletinId id = Publish();
  Client guard = Fetched("meir-guard");
  ASSERT_TRUE(guard.Show(id).ok());
  const auto published = Fetched("an-lise").Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->recipients, 0u);
  EXPECT_EQ(published->told, 5u);
  EXPECT_FALSE(published->replayed);
  ASSERT_TRUE(guard.Sync().ok());
  EXPECT_EQ(RuleOf(guard.Show(id).status()), "WITHDRAWN");
  EXPECT_THAT(*network_.Open("an-lise").Publications(), SizeIs(2));
}

TEST_F(WithdrawalTest, WhenTheAnswerIsLostItIsStillTakenBackOnce) {
  const BulletinId id = Publish();
  Client analyst = Fetched("an-lise");
  network_.Script("an-lise").LoseNextReceipt();
  network_.Script("an-lise").BeforeNextFinish([this] { CutOff("an-lise"); });
  const absl::Status unknown = analyst.Withdraw(id).status();
  EXPECT_TRUE(absl::IsUnavailable(unknown)) << unknown;
  EXPECT_THAT(HintOf(unknown), HasSubstr("withdraw it again"));
  ASSERT_EQ(network_.broker().committed(), 2u);

  Client again = Fetched("an-lise");
  EXPECT_TRUE(*again.IsWithdrawalUnconfirmed(id));
  const auto published = again.Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_TRUE(published->replayed);
  EXPECT_EQ(published->told, 5u);
  EXPECT_EQ(network_.broker().committed(), 2u);
  EXPECT_FALSE(*again.IsWithdrawalUnconfirmed(id));
  EXPECT_EQ(RuleOf(again.Withdraw(id).status()), "WITHDRAWN");
}

TEST_F(WithdrawalTest, WhatNeverReachedTheBrokerIsSentWithTheSameId) {
  const BulletinId id = Publish();
  Client analyst = Fetched("an-lise");
  CutOff("an-lise");
  const absl::Status unknown = analyst.Withdraw(id).status();
  ASSERT_TRUE(absl::IsUnavailable(unknown)) << unknown;
  const auto published = Fetched("an-lise").Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_FALSE(published->replayed);
  EXPECT_THAT(std::string(unknown.message()), HasSubstr(published->id.ToHex()));
}

TEST_F(WithdrawalTest, AColleagueTakesItBack) {
  const BulletinId id = Publish();
  EXPECT_TRUE(Fetched("an-omar").Withdraw(id).ok());
  Client author = Fetched("an-lise");
  EXPECT_EQ(author.Item(id)->state, InboxState::kWithdrawn);
  EXPECT_EQ(RuleOf(author.CheckWithdrawal(id)), "WITHDRAWN");
}

TEST_F(WithdrawalTest, AReaderIsRefusedBeforeAnythingIsSent) {
  const BulletinId id = Publish();
  Client guard = Fetched("meir-guard");
  const absl::Status refused = guard.Withdraw(id).status();
  EXPECT_TRUE(absl::IsPermissionDenied(refused)) << refused;
  EXPECT_EQ(RuleOf(refused), "NOT_SOURCE");
  EXPECT_EQ(guard.CheckWithdrawal(id), refused);
  EXPECT_EQ(network_.Script("meir-guard").calls("Publish"), 0);
}

TEST_F(WithdrawalTest, ABulletinThatIsNotHereIsNotFound) {
  Client analyst = Fetched("an-lise");
  const auto id = *BulletinId::Parse(std::string(32, '1'));
  EXPECT_TRUE(absl::IsNotFound(analyst.Withdraw(id).status()));
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 0);
}

TEST_F(WithdrawalTest, ADirectoryThatHasGoneStaleHoldsNothingUp) {
  const BulletinId id = Publish();
  network_.clock().Advance(absl::Hours(48));
  Client analyst = Fetched("an-lise");
  EXPECT_EQ(RuleOf(analyst.Publish(network_.Green("y")).status()), "DIRECTORY_STALE");
  EXPECT_EQ(analyst.Withdraw(id)->told, 5u);
}

TEST_F(WithdrawalTest, NeitherDoesOneThatHasExpired) {
  const BulletinId id = Publish();
  network_.clock().Advance(kMaxDirectoryLife + absl::Hours(1));
  Client analyst = Fetched("an-lise");
  EXPECT_EQ(RuleOf(analyst.Publish(network_.Green("y")).status()), "DIRECTORY_EXPIRED");
  const auto published = analyst.Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  Client guard = Fetched("meir-guard");
  EXPECT_EQ(guard.Item(id)->state, InboxState::kWithdrawn);
}

TEST_F(WithdrawalTest, ItIsSignedAgainWhenTheDirectoryMovesMeanwhile) {
  const BulletinId id = Publish();
  Client analyst = Fetched("an-lise");
  network_.Script("an-lise").BeforeNextFinish([this] { network_.PublishDirectory(); });
  const auto published = analyst.Withdraw(id);
  ASSERT_TRUE(published.ok()) << published.status();
  EXPECT_EQ(published->directory_version, 2u);
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 2);
}

TEST_F(WithdrawalTest, WhatPolicyRefusesOfAReferenceIsRefusedBeforeAnythingIsSealed) {
  const BulletinId id = Publish();
  Client analyst = Fetched("an-lise");
  for (const char* relation : {"supersedes", "extends", "permits"}) {
    EXPECT_EQ(RuleOf(analyst.Publish(Referring(relation, id, "AMBER")).status()), "LABEL_IMMUTABLE")
        << relation;
    EXPECT_EQ(RuleOf(analyst.Plan(Referring(relation, id, "AMBER")).status()), "LABEL_IMMUTABLE");
  }
  ASSERT_TRUE(analyst.Publish(Referring("supersedes", id)).ok());
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_EQ(RuleOf(analyst.Publish(Referring("supersedes", id)).status()), "SUPERSEDED");
  ASSERT_TRUE(analyst.Withdraw(id).ok());
  ASSERT_TRUE(analyst.Sync().ok());
  EXPECT_EQ(RuleOf(analyst.Publish(Referring("extends", id)).status()), "WITHDRAWN");
  EXPECT_EQ(network_.Script("an-lise").calls("Publish"), 2);
}

TEST_F(WithdrawalTest, OfRedOnlyTheAuthorExtends) {
  Client analyst = network_.Open("an-lise");
  const auto red = analyst.Publish(network_.DraftOf(
      "+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"RED\"\nto = [\"member:meir-guard\", "
      "\"member:an-omar\"]\n+++\nBody.\n"));
  ASSERT_TRUE(red.ok()) << red.status();
  const Draft extension =
      network_.DraftOf(absl::StrCat("+++\ntitle = \"x\"\nkind = \"notice\"\ntlp = \"RED\"\nto = "
                                    "[\"member:astrid-desk\"]\nrefs = [\"extends:",
                                    red->id.ToHex(), "\"]\n+++\nBody.\n"));
  Client colleague = Fetched("an-omar");
  EXPECT_EQ(RuleOf(colleague.Publish(extension).status()), "NOT_SOURCE");
  EXPECT_TRUE(colleague.Withdraw(red->id).ok());
}

}  // namespace
}  // namespace shield::testing
