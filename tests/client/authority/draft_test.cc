#include "client/authority/draft.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/directory_file.h"
#include "client/authority/home_lock.h"
#include "tests/support/temporary_folder.h"

namespace shield {
namespace {

constexpr absl::string_view kHead = "shield/draft/v1\nnetwork antwerp.example\n";

TEST(DirectoryDraft, ReadsBackWithReasonsInAnyLanguage) {
  DirectoryDraft draft{.network = *Origin::Parse("antwerp.example")};
  draft.broker_key = "broker";
  draft.log_key = "log";
  draft.challenges = {{*MemberId::Parse("h2"), {}}};
  draft.changes = {{absl::FromUnixSeconds(5), DraftDeed::kAddOrg, "hotel", ""},
                   {absl::FromUnixSeconds(6), DraftDeed::kRevoke, "h1", "clé perdue, 'vol'\\"}};
  const std::string text = PrintDraft(draft, {});
  const absl::StatusOr<DirectoryDraft> read = ParseDraft(text);
  ASSERT_TRUE(read.ok()) << read.status() << text;
  EXPECT_EQ(read->changes, draft.changes);
  EXPECT_EQ(read->challenges, draft.challenges);
  EXPECT_EQ(read->broker_key, "broker");
  EXPECT_EQ(PrintDraft(*read, {}), text);
}

TEST(DirectoryDraft, NamesTheLineAtFault) {
  for (absl::string_view bad :
       {"key x\n", "broker-key a\n", "change 1 ate h1 reason\n", "change 1 revoke h1\n",
        "change x revoke h1 y\n", "challenge h2 x\n", "note\n"}) {
    const absl::StatusOr<DirectoryDraft> draft = ParseDraft(absl::StrCat(kHead, bad));
    ASSERT_FALSE(draft.ok()) << bad;
    EXPECT_TRUE(absl::StrContains(draft.status().message(), "line ")) << draft.status();
  }
  EXPECT_EQ(RuleOf(ParseDraft("").status()), "DRAFT_MALFORMED");
}

TEST(DirectoryFile, ReadsBackTheExactBytes) {
  const DirectoryUpload upload = {.note = "text\n\n\xe2\x80\x94 a b\n",
                                  .fresh = "fresh\n",
                                  .lines = {"org a", "member b"},
                                  .authority = "chain\n"};
  const absl::StatusOr<DirectoryUpload> read = ParseDirectoryFile(PrintDirectoryFile(upload));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->note, upload.note);
  EXPECT_EQ(read->fresh, upload.fresh);
  EXPECT_EQ(read->authority, upload.authority);
  EXPECT_EQ(read->lines, upload.lines);
}

TEST(DirectoryFile, RefusesWhatIsCutOff) {
  const std::string text =
      PrintDirectoryFile({.note = "note\n", .fresh = "f\n", .lines = {"org a"}});
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(RuleOf(ParseDirectoryFile(text.substr(0, size)).status()), "DIRECTORY_FILE_MALFORMED")
        << size;
  }
  EXPECT_FALSE(ParseDirectoryFile(text + "org b\n").ok());
}

TEST(DirectoryFile, LinesBelongToTheOrganisationAbove) {
  const std::vector<std::string> lines = {"org a", "key x", "member x", "org b"};
  const auto orgs = GroupByOrg(lines);
  ASSERT_TRUE(orgs.ok());
  ASSERT_EQ(orgs->size(), 2u);
  EXPECT_EQ(orgs->front().own_lines.size(), 2u);
  EXPECT_EQ(Flatten(*orgs), lines);
  EXPECT_FALSE(GroupByOrg({"member x"}).ok());
}

TEST(HomeLock, IsHeldByOneAtATime) {
  const testing::TemporaryFolder folder;
  {
    const absl::StatusOr<HomeLock> first = HomeLock::Take(folder / "lock");
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_EQ(RuleOf(HomeLock::Take(folder / "lock").status()), "HOME_IN_USE");
  }
  EXPECT_TRUE(HomeLock::Take(folder / "lock").ok());
  EXPECT_FALSE(HomeLock::Take(folder / "missing/lock").ok());
}

}  // namespace
}  // namespace shield
