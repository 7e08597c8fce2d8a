// One member of a directory, shown without the others of its organisation.
#include "policy/proof/member_part.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "base/status.h"
#include "policy/proof/directory_tree.h"
#include "policy/proof/verified_statement.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

class MemberPartTest : public ::testing::Test {
 protected:
  MemberPartTest() {
    network_.AddOrg("hotel", OrgKind::kMember);
    network_.AddMember("els", "hotel", {Role::kReader});
    network_.AddOrg("police", OrgKind::kAuthority);
    for (const char* name : {"an", "jan", "lise"}) {
      network_.AddMember(name, "police", {Role::kAnalyst});
    }
    published_ = network_.Publish();
    statement_ = network_.StatementBy("jan", *published_.directory);
    const DirectoryTree tree(published_.orgs);
    part_ = *MemberPartOf(tree.Part(1), *MemberId::Parse("jan"), statement_->author_key);
  }
  std::string RuleOfPart(const MemberPart& part) {
    return RuleOf(VerifyMemberDirectory(published_.note, part, network_.file()).status());
  }

  testing::SampleNetwork network_;
  testing::PublishedDirectory published_;
  std::optional<Statement> statement_;
  MemberPart part_;
};

TEST_F(MemberPartTest, JudgesWhatTheMemberSigned) {
  const auto directory = VerifyMemberDirectory(published_.note, part_, network_.file());
  ASSERT_TRUE(directory.ok()) << directory.status();
  EXPECT_EQ((*directory)->digest(), published_.directory->digest());
  EXPECT_EQ((*directory)->directory().members().size(), 1U);
  EXPECT_EQ((*directory)->directory().keys().size(), 1U);
  const auto verified =
      VerifyStatement(network_.Sign(*statement_), (*directory)->directory(), statement_->issued);
  EXPECT_TRUE(verified.ok()) << verified.status();
}

TEST_F(MemberPartTest, NothingInItCanBeExchanged) {
  const DirectoryTree tree(published_.orgs);
  const std::vector<std::string>& lines = published_.orgs[1].own_lines;
  const std::function<void(MemberPart&)> changes[] = {
      [](MemberPart& part) { part.index = 0; },
      [](MemberPart& part) { part.proof.clear(); },
      [&](MemberPart& part) { part.org_line = published_.orgs[0].line; },
      [](MemberPart& part) { ++part.key.index; },
      [](MemberPart& part) { part.member.index = 0; },
      [](MemberPart& part) { part.own_proof.pop_back(); },
      [](MemberPart& part) { part.own_proof.push_back(part.own_proof.front()); },
      [&](MemberPart& part) { part.member.text = lines.back(); },
      [](MemberPart& part) {
        part.member.text.replace(part.member.text.find("vetting="), 9, "vetting=3");
        part.member.text += "x";
      },
  };
  for (const auto& change : changes) {
    MemberPart other = part_;
    change(other);
    EXPECT_NE(RuleOfPart(other), "") << &change - changes;
  }
  EXPECT_EQ(RuleOfPart(part_), "");
}

// Both lines stand in the directory, and still they say nothing of one another.
TEST_F(MemberPartTest, TheKeyIsTheMembersOwn) {
  const DirectoryTree tree(published_.orgs);
  const Statement other = network_.StatementBy("an", *published_.directory);
  EXPECT_FALSE(MemberPartOf(tree.Part(1), *MemberId::Parse("jan"), other.author_key).has_value());
  EXPECT_FALSE(
      MemberPartOf(tree.Part(0), *MemberId::Parse("jan"), statement_->author_key).has_value());
  const MemberPart an = *MemberPartOf(tree.Part(1), *MemberId::Parse("an"), other.author_key);
  MemberPart mixed = part_;
  mixed.key = an.key;
  EXPECT_EQ(RuleOfPart(mixed), "DIGEST_MISMATCH");
}

}  // namespace
}  // namespace shield
