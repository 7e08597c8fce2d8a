#include "broker/daemon/private_file.h"

#include <sys/stat.h>

#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/temporary_folder.h"

namespace shield::broker {
namespace {

TEST(PrivateFile, IsReadableByItsOwnerAlone) {
  testing::TemporaryFolder folder;
  const std::string path = folder / "key";
  ASSERT_TRUE(WritePrivateFile(path, "secret").ok());
  struct stat facts {};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(*ReadPrivateFile(path, 6), "secret");
}

TEST(PrivateFile, IsNeverOverwritten) {
  testing::TemporaryFolder folder;
  const std::string path = folder / "key";
  ASSERT_TRUE(WritePrivateFile(path, "first").ok());
  EXPECT_EQ(WritePrivateFile(path, "second").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*ReadPrivateFile(path, 100), "first");
}

TEST(PrivateFile, RefusedWhenOthersMayReadIt) {
  testing::TemporaryFolder folder;
  const std::string path = folder / "key";
  ASSERT_TRUE(WritePrivateFile(path, "secret").ok());
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  EXPECT_EQ(ReadPrivateFile(path, 100).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(ReadPublicFile(path, 100).ok());
}

TEST(PrivateFile, RefusedOneByteOverItsLimitAndWhenItIsNoFile) {
  testing::TemporaryFolder folder;
  const std::string path = folder / "key";
  ASSERT_TRUE(WritePrivateFile(path, "secret").ok());
  EXPECT_EQ(ReadPrivateFile(path, 5).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadPrivateFile(folder.path(), 5).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadPrivateFile(folder / "none", 5).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace shield::broker
