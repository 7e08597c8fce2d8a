#include "policy/proof/verified_statement.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

class VerifiedStatementTest : public ::testing::Test {
 protected:
  VerifiedStatementTest() {
    network_.AddOrg("police", OrgKind::kAuthority);
    network_.AddMember("jan", "police", {Role::kAnalyst});
    network_.AddMember("els", "police", {Role::kAnalyst});
    directory_ = network_.Publish().directory;
  }

  absl::StatusOr<VerifiedStatement> Verify(absl::string_view note) {
    return VerifyStatement(note, directory_->directory(), network_.now());
  }
  KeyRecord& SignKeyOf(absl::string_view member) {
    for (KeyRecord& key : network_.records().keys) {
      if (key.member.text() == member && key.use == KeyUse::kSign) return key;
    }
    SHIELD_CHECK(false);
    return network_.records().keys.front();
  }

  SampleNetwork network_;
  std::shared_ptr<const VerifiedDirectory> directory_;
};

TEST_F(VerifiedStatementTest, CarriesTheExactBytes) {
  const Statement statement = network_.StatementBy("jan", *directory_);
  const std::string note = network_.Sign(statement);
  const absl::StatusOr<VerifiedStatement> verified = Verify(note);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->note(), note);
  EXPECT_EQ(verified->text(), PrintStatement(statement));
  EXPECT_EQ(verified->text_digest(), Sha256(PrintStatement(statement)));
  EXPECT_EQ(verified->statement(), statement);
  EXPECT_EQ(verified->context_block(), PrintContextBlock(statement));
  EXPECT_TRUE(absl::StartsWith(note.substr(verified->text().size()),
                               "\n\xe2\x80\x94 shield.antwerp.example/jan "));
}

TEST_F(VerifiedStatementTest, EveryMutationIsRefused) {
  const std::string note = network_.Sign(network_.StatementBy("jan", *directory_));
  testing::ForEachMutation(
      note, [this](const std::string& mutated) { EXPECT_FALSE(Verify(mutated).ok()) << mutated; });
}

TEST_F(VerifiedStatementTest, AColleagueCannotSignForTheAuthor) {
  Statement statement = network_.StatementBy("jan", *directory_);
  const std::string text = PrintStatement(statement);
  const std::string name = network_.origin().KeyName("jan");
  const std::string forged = SignNote(text, name, network_.Seat("els").sign);
  EXPECT_EQ(RuleOf(Verify(forged).status()), "BAD_SIGNATURE");

  // With the colleague's key under the author's name on the author line as well.
  statement.author_key = network_.Seat("els").sign.Verifier(name).value().ToString();
  const std::string own_key = SignNote(PrintStatement(statement), name, network_.Seat("els").sign);
  const absl::Status refused = Verify(own_key).status();
  EXPECT_EQ(RuleOf(refused), "PUBLISHER_KEY_REVOKED");
  EXPECT_TRUE(absl::IsPermissionDenied(refused));
}

TEST_F(VerifiedStatementTest, ASignatureThatIsKnownDoesNotMakeUpForAKeyThatHasEnded) {
  KnownNotes known;
  const std::string note = network_.Sign(network_.StatementBy("jan", *directory_));
  ASSERT_TRUE(VerifyStatement(note, directory_->directory(), network_.now(), &known).ok());
  SignKeyOf("jan").period = {network_.now() - absl::Hours(1), network_.now()};
  directory_ = network_.Publish().directory;
  const auto refused = VerifyStatement(note, directory_->directory(), network_.now(), &known);
  EXPECT_EQ(RuleOf(refused.status()), "PUBLISHER_KEY_REVOKED");
  EXPECT_TRUE(VerifyHeldStatement(note, directory_->directory().note().network, &known).ok());
}

TEST_F(VerifiedStatementTest, HasExactlyOneSignature) {
  const std::string note = network_.Sign(network_.StatementBy("jan", *directory_));
  const std::string two =
      AddSignature(note, network_.origin().KeyName("els"), network_.Seat("els").sign).value();
  EXPECT_EQ(RuleOf(Verify(two).status()), "STATEMENT_MALFORMED");
  EXPECT_EQ(RuleOf(Verify(note.substr(0, note.find("\xe2\x80\x94"))).status()),
            "STATEMENT_MALFORMED");
}

TEST_F(VerifiedStatementTest, AnUnknownAuthorIsRefused) {
  SampleNetwork stranger(1, 1, 77);
  stranger.AddOrg("police", OrgKind::kAuthority);
  stranger.AddMember("mallory", "police", {Role::kAnalyst});
  const std::string note = stranger.Sign(stranger.StatementBy("mallory", *directory_));
  EXPECT_EQ(RuleOf(Verify(note).status()), "PUBLISHER_KEY_REVOKED");
}

TEST_F(VerifiedStatementTest, TheKeyIsActiveAtTheMomentAskedFor) {
  const std::string note = network_.Sign(network_.StatementBy("jan", *directory_));
  SignKeyOf("jan").period = {network_.now() - absl::Hours(1), network_.now() + absl::Hours(1)};
  directory_ = network_.Publish().directory;
  EXPECT_TRUE(Verify(note).ok());
  network_.Advance(absl::Hours(1));
  EXPECT_EQ(RuleOf(Verify(note).status()), "PUBLISHER_KEY_REVOKED");
  network_.Advance(-absl::Hours(3));
  EXPECT_EQ(RuleOf(Verify(note).status()), "PUBLISHER_KEY_REVOKED");
}

TEST_F(VerifiedStatementTest, AnotherNetworksStatementIsRefused) {
  Statement statement = network_.StatementBy("jan", *directory_);
  statement.network = *Origin::Parse("other.example");
  statement.author_key = network_.Seat("jan").sign.Verifier("other.example/jan").value().ToString();
  EXPECT_EQ(RuleOf(Verify(network_.Sign(statement)).status()), "NETWORK_MISMATCH");
}

TEST_F(VerifiedStatementTest, SigningRefusesAnotherKeyAndABrokenStatement) {
  Statement statement = network_.StatementBy("jan", *directory_);
  EXPECT_FALSE(SignStatement(statement, network_.Seat("els").sign).ok());
  statement.audience.clear();
  EXPECT_FALSE(SignStatement(statement, network_.Seat("jan").sign).ok());
}

}  // namespace
}  // namespace shield
