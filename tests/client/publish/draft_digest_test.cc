#include "client/publish/draft_digest.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

constexpr char kMeta[] = "title = \"x\"\nkind = \"notice\"\n";

class DraftDigestTest : public ::testing::Test {
 protected:
  Digest Of(absl::string_view front_matter, absl::string_view body = "Body.\n") {
    const absl::StatusOr<Draft> draft =
        ParseDraft(absl::StrCat("+++\n", kMeta, front_matter, "+++\n", body), folder_.path());
    EXPECT_TRUE(draft.ok()) << draft.status();
    return *DraftDigest(*draft);
  }
  void Write(absl::string_view name, absl::string_view text) {
    std::ofstream(folder_ / name) << text;
  }
  TemporaryFolder folder_;
};

TEST_F(DraftDigestTest, EverythingAnAuthorCanSayChangesIt) {
  Write("a.txt", "a");
  Write("b.txt", "a");
  const std::string green = "tlp = \"GREEN\"\n";
  const std::string id(32, 'a');
  const std::set<Digest> digests = {
      Of(green),
      Of(green, "Another body.\n"),
      Of("tlp = \"AMBER\"\n"),
      Of(green + "to = [\"org:astrid\"]\n"),
      Of(green + "to = [\"org:astrid\", \"org:meir\"]\n"),
      Of(green + "priority = \"urgent\"\n"),
      Of(green + "status = \"exercise\"\n"),
      Of(green + "not_before = 2026-12-01T00:00:00Z\n"),
      Of(green + "expires = 2026-12-01T00:00:00Z\n"),
      Of(green + absl::StrCat("refs = [\"supersedes:", id, "\"]\n")),
      Of(green + absl::StrCat("refs = [\"replies:", id, "\"]\n")),
      Of(green + "attachments = [\"a.txt\"]\n"),
      Of(green + "attachments = [\"b.txt\"]\n"),
  };
  EXPECT_EQ(digests.size(), 13u);
}

TEST_F(DraftDigestTest, TheSameDraftFromAnotherFolderIsTheSame) {
  Write("a.txt", "a");
  const Digest here = Of("tlp = \"GREEN\"\nattachments = [\"a.txt\"]\n");
  TemporaryFolder elsewhere;
  std::ofstream(elsewhere / "a.txt") << "a";
  const Draft moved = *ParseDraft(absl::StrCat("+++\n", kMeta, "tlp = \"GREEN\"\nattachments = [\"",
                                               elsewhere / "a.txt", "\"]\n+++\nBody.\n"),
                                  folder_.path());
  EXPECT_EQ(*DraftDigest(moved), here);
}

TEST_F(DraftDigestTest, AChangedAttachmentChangesIt) {
  Write("a.txt", "a");
  const Digest before = Of("tlp = \"GREEN\"\nattachments = [\"a.txt\"]\n");
  Write("a.txt", "b");
  EXPECT_NE(Of("tlp = \"GREEN\"\nattachments = [\"a.txt\"]\n"), before);
}

}  // namespace
}  // namespace shield::testing
