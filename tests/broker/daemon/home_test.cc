#include "broker/daemon/home.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "base/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temporary_folder.h"

namespace shield::broker {
namespace {

using ::testing::HasSubstr;

class Home : public ::testing::Test {
 protected:
  absl::StatusOr<Digest> Create() {
    DaemonConfig config;
    config.listen = {"127.0.0.1", 0};
    return CreateBrokerHome(paths_, config, random_);
  }
  mode_t ModeOf(const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0);
    return facts.st_mode & 0777;
  }

  testing::TemporaryFolder folder_;
  testing::SeededRandom random_{7};
  HomePaths paths_{folder_ / "broker"};
};

TEST_F(Home, OpensWithThePinItWasMadeWith) {
  const auto pin = Create();
  ASSERT_TRUE(pin.ok()) << pin.status();
  const auto home = OpenBrokerHome(paths_);
  ASSERT_TRUE(home.ok()) << home.status();
  EXPECT_EQ(home->pin, *pin);
  EXPECT_NE(home->broker_key.public_key(), home->log_key.public_key());
}

TEST_F(Home, IsClosedToOthers) {
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(ModeOf(paths_.folder), 0700u);
  for (const std::string& key : {paths_.tls_key, paths_.broker_key, paths_.log_key}) {
    EXPECT_EQ(ModeOf(key), 0600u) << key;
  }
}

TEST_F(Home, TakesAnEmptyFolderAndLeavesOneInUseAsItIs) {
  ASSERT_EQ(::mkdir(paths_.folder.c_str(), 0755), 0);
  const std::string used = paths_.folder + "/of-others.txt";
  std::ofstream(used) << "in use\n";
  EXPECT_EQ(Create().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ModeOf(paths_.folder), 0755u);
  std::filesystem::remove(used);
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(ModeOf(paths_.folder), 0700u);
}

TEST_F(Home, IsNeverOverwritten) {
  const auto pin = Create();
  ASSERT_TRUE(pin.ok());
  EXPECT_EQ(Create().status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(OpenBrokerHome(paths_)->pin, *pin);
}

TEST_F(Home, AbsentSaysHowToMakeOne) {
  const auto home = OpenBrokerHome(paths_);
  EXPECT_EQ(home.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_THAT(HintOf(home.status()), HasSubstr("shieldd init"));
}

TEST_F(Home, RefusesAFolderOrKeyThatOthersCanRead) {
  ASSERT_TRUE(Create().ok());
  ASSERT_EQ(::chmod(paths_.folder.c_str(), 0750), 0);
  EXPECT_EQ(OpenBrokerHome(paths_).status().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_EQ(::chmod(paths_.folder.c_str(), 0700), 0);
  ASSERT_EQ(::chmod(paths_.broker_key.c_str(), 0644), 0);
  EXPECT_EQ(OpenBrokerHome(paths_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Home, RefusesATlsKeyOfAnotherCertificate) {
  ASSERT_TRUE(Create().ok());
  const HomePaths other(folder_ / "other");
  DaemonConfig config;
  config.listen = {"127.0.0.1", 0};
  ASSERT_TRUE(CreateBrokerHome(other, config, random_).ok());
  std::filesystem::copy_file(other.tls_key, paths_.tls_key,
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(OpenBrokerHome(paths_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Home, RefusesASigningKeyThatIsNone) {
  ASSERT_TRUE(Create().ok());
  std::ofstream(paths_.log_key) << "bm90IGEga2V5\n";
  const auto home = OpenBrokerHome(paths_);
  EXPECT_EQ(home.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(home.status().message()), ::testing::Not(HasSubstr("bm90")));
}

TEST_F(Home, IsHeldByOneProcessAtATime) {
  ASSERT_TRUE(Create().ok());
  {
    const auto first = HomeLock::Acquire(paths_);
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(HomeLock::Acquire(paths_).status().code(), absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_TRUE(HomeLock::Acquire(paths_).ok());
}

}  // namespace
}  // namespace shield::broker
