// `shield policy test`: the program itself judges the committed case files, and a broken copy of
// one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/support/process.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kRefusedByPolicy = 5;

std::string Vectors(absl::string_view name) {
  return (SourceFolder() / "tests/vectors/policy" / std::string(name)).string();
}

ProcessResult PolicyTest(const std::string& path) {
  return RunProcess({(BinaryFolder() / "bin/shield").string(), "policy", "test", path});
}

TEST(PolicyTest, BothCommittedFilesHold) {
  for (absl::string_view name : {"vectors.cases", "exhaustive.cases"}) {
    const ProcessResult result = PolicyTest(Vectors(name));
    EXPECT_EQ(result.exit_code, 0) << result.data << result.notes;
    EXPECT_THAT(result.data, HasSubstr("all as expected"));
  }
}

TEST(PolicyTest, ABrokenCopyIsRefusedAndItsLineNamed) {
  std::ifstream original(Vectors("vectors.cases"));
  const TemporaryFolder folder;
  const std::string path = folder / "broken.cases";
  std::ofstream copy(path);
  const std::string right = "expect=allow:NAMED_PERSON";
  size_t number = 0;
  size_t broken = 0;
  for (std::string line; std::getline(original, line);) {
    ++number;
    const size_t place = broken == 0 ? line.find(right) : std::string::npos;
    if (place != std::string::npos) {
      line.replace(place, right.size(), "expect=deny:EXPIRED");
      broken = number;
    }
    copy << line << "\n";
  }
  copy.close();
  ASSERT_NE(broken, 0u);

  const ProcessResult result = PolicyTest(path);
  EXPECT_EQ(result.exit_code, kRefusedByPolicy) << result.notes;
  EXPECT_THAT(result.data, HasSubstr(absl::StrCat(path, ":", broken, ": ")));
  EXPECT_THAT(result.data, HasSubstr("expected deny:EXPIRED, got allow:NAMED_PERSON"));
  EXPECT_THAT(result.notes, HasSubstr("CASE_MISMATCH"));
}

}  // namespace
}  // namespace shield::testing
