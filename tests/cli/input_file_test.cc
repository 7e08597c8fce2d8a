#include "client/cli/input_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "base/status.h"
#include "tests/support/temporary_folder.h"

namespace shield::cli {
namespace {

using ::shield::testing::TemporaryFolder;

class InputFile : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Read(const std::string& name, size_t max_bytes = 8) {
    return ReadInputFile(folder_ / name, "draft", max_bytes);
  }
  void ExpectUnreadable(const std::string& name, const std::string& why) {
    const absl::Status status = Read(name).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_TRUE(absl::StrContains(status.message(), why)) << status;
  }

  TemporaryFolder folder_;
};

TEST_F(InputFile, IsReadWholeUpToItsLimit) {
  std::ofstream(folder_ / "a") << "12345678";
  EXPECT_EQ(*Read("a"), "12345678");
  EXPECT_EQ(RuleOf(Read("a", 7).status()), "LIMIT_EXCEEDED");
  const std::string large(200'000, 'a');
  std::ofstream(folder_ / "b") << large;
  EXPECT_EQ(*Read("b", large.size()), large);
  EXPECT_EQ(RuleOf(Read("b", large.size() - 1).status()), "LIMIT_EXCEEDED");
  std::ofstream(folder_ / "c").close();
  EXPECT_EQ(*Read("c"), "");
}

TEST_F(InputFile, ThatIsNotThereIsSaidToBe) { EXPECT_TRUE(absl::IsNotFound(Read("a").status())); }

TEST_F(InputFile, IsNotReachedThroughALink) {
  std::ofstream(folder_ / "key") << "secret";
  std::filesystem::create_symlink(folder_ / "key", folder_ / "a");
  ExpectUnreadable("a", "it is a link");
}

TEST_F(InputFile, ThatIsAPipeOrAFolderDoesNotStopTheCommand) {
  ASSERT_EQ(mkfifo((folder_ / "a").c_str(), 0600), 0);
  ExpectUnreadable("a", "it is no plain file");
  std::filesystem::create_directory(folder_ / "b");
  ExpectUnreadable("b", "it is a folder");
}

TEST_F(InputFile, OfOnesOwnMayBeWhateverGivesBytes) {
  std::ofstream(folder_ / "draft") << "1234";
  std::filesystem::create_symlink(folder_ / "draft", folder_ / "a");
  EXPECT_EQ(*ReadInputFile(folder_ / "a", "draft", 8, InputOrigin::kOwn), "1234");
  ASSERT_EQ(mkfifo((folder_ / "b").c_str(), 0600), 0);
  std::thread writer([this] { std::ofstream(folder_ / "b") << "5678"; });
  EXPECT_EQ(*ReadInputFile(folder_ / "b", "draft", 8, InputOrigin::kOwn), "5678");
  writer.join();
}

}  // namespace
}  // namespace shield::cli
