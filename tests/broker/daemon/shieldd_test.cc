// The real program: started, refused, stopped, and what its exit codes say.

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/base64.h"
#include "broker/store/rocks_store.h"
#include "broker/store/store_folder.h"
#include "crypto/signing_key.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/network_file.h"
#include "tests/broker/store/sample_commands.h"
#include "tests/support/process.h"
#include "tests/support/seeded_random.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temporary_folder.h"

namespace shield::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class Shieldd : public ::testing::Test {
 protected:
  void SetUp() override {
    const ProcessResult init = Run({"init", "--home", home_, "--listen", "127.0.0.1:0"});
    ASSERT_EQ(init.exit_code, 0) << init.notes;
    pin_ = init.data;
    WriteNetwork(pin_.substr(0, pin_.size() - 1));
  }

  static std::string Program() { return (BinaryFolder() / "bin/shieldd").string(); }

  ProcessResult Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Program());
    return RunProcess(arguments);
  }
  std::filesystem::path Store() const { return home_ + "/store"; }
  // Of a `run` that ends by itself.
  std::optional<int> RunExitCode() {
    Process broker(RunCommand());
    return broker.Wait();
  }
  std::vector<std::string> RunCommand() const {
    return {Program(), "run", "--home", home_, "--network", network_};
  }

  void WriteNetwork(const std::string& pin_text) {
    SeededRandom random(3);
    const SigningKey key = SigningKey::Generate(random);
    const auto pin = Digest::FromBytes(*Base64Decode(pin_text, Base64Form::kPadded));
    const NetworkFile network{*Origin::Parse("test.example"),
                              "127.0.0.1:7443",
                              *pin,
                              {*key.Verifier("test.example/authority-1")},
                              1,
                              Digest{{1, 2, 3}}};
    std::ofstream(network_, std::ios::trunc) << PrintNetworkFile(network);
  }

  TemporaryFolder folder_;
  std::string home_ = folder_ / "broker";
  std::string network_ = folder_ / "network.shield";
  std::string pin_;
};

TEST_F(Shieldd, InitPrintsThePinAloneOnALine) {
  EXPECT_EQ(pin_.size(), 45u);
  EXPECT_THAT(pin_, EndsWith("\n"));
  EXPECT_EQ(std::count(pin_.begin(), pin_.end(), '\n'), 1);
}

TEST_F(Shieldd, RunSaysWhereItListensAndSigtermEndsItWell) {
  Process broker(RunCommand());
  const auto line = broker.WaitForLine("listening on 127.0.0.1:");
  ASSERT_TRUE(line.has_value());
  EXPECT_THAT(*line, ::testing::Not(EndsWith(":0")));
  broker.Signal(SIGTERM);
  EXPECT_EQ(broker.Wait(), 0);
}

TEST_F(Shieldd, OneHomeServesOneProcess) {
  Process broker(RunCommand());
  ASSERT_TRUE(broker.WaitForLine("listening on ").has_value());
  for (const char* command : {"check", "verify"}) {
    const ProcessResult second = Run({command, "--home", home_});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.notes, HasSubstr("another shieldd uses"));
  }
}

TEST_F(Shieldd, ANetworkThatPinsAnotherBrokerIsRefused) {
  WriteNetwork(Base64Encode(Digest{{9}}.span(), Base64Form::kPadded));
  Process broker(RunCommand());
  EXPECT_EQ(broker.Wait(), 1);
  EXPECT_TRUE(broker.WaitForLine("names another broker's pin").has_value());
}

TEST_F(Shieldd, SaysWhatIsMissing) {
  EXPECT_EQ(Run({"check", "--home", folder_ / "nowhere"}).exit_code, 4);
  EXPECT_EQ(Run({"run", "--home", home_, "--network", folder_ / "nowhere"}).exit_code, 3);
  EXPECT_EQ(Run({"run", "--home", home_}).exit_code, 2);
  EXPECT_EQ(Run({"dance"}).exit_code, 2);
  EXPECT_EQ(Run({"init", "--home", folder_ / "b", "--listen", "nowhere"}).exit_code, 2);
}

TEST_F(Shieldd, AStoreCheckedVerifiedBackedUpAndRestoredServesAgain) {
  {
    Process broker(RunCommand());
    ASSERT_TRUE(broker.WaitForLine("listening on ").has_value());
    broker.Signal(SIGTERM);
    ASSERT_EQ(broker.Wait(), 0);
  }
  EXPECT_EQ(Run({"check", "--home", home_}).exit_code, 0);
  EXPECT_EQ(Run({"verify", "--home", home_}).exit_code, 0);
  const std::string backup = folder_ / "backup";
  const ProcessResult backed = Run({"backup", "--home", home_, "--to", backup});
  ASSERT_EQ(backed.exit_code, 0) << backed.notes;
  EXPECT_NE(Run({"restore", "--home", home_, "--from", backup}).exit_code, 0);  // never over one
  std::filesystem::remove_all(home_ + "/store");
  const ProcessResult restored = Run({"restore", "--home", home_, "--from", backup});
  ASSERT_EQ(restored.exit_code, 0) << restored.notes;
  Process broker(RunCommand());
  EXPECT_TRUE(broker.WaitForLine("listening on ").has_value());
}

TEST_F(Shieldd, AStoreThatLostItsEndStopsItWithACodeOfItsOwn) {
  std::filesystem::remove_all(Store() / "db");
  EXPECT_EQ(RunExitCode(), 70);
  EXPECT_EQ(Run({"verify", "--home", home_}).exit_code, 7);
}

TEST_F(Shieldd, AStoreThatIsGoneIsNotReplacedByAnEmptyOne) {
  std::filesystem::remove_all(Store());
  Process broker(RunCommand());
  EXPECT_EQ(broker.Wait(), 70);
  EXPECT_TRUE(broker.WaitForLine("put a backup in its place").has_value());
  EXPECT_EQ(Run({"check", "--home", home_}).exit_code, 7);
  std::filesystem::create_directory(Store());
  EXPECT_EQ(RunExitCode(), 70);
  EXPECT_TRUE(std::filesystem::is_empty(Store()));
}

TEST_F(Shieldd, ASentinelThatCannotBeReadIsFailStop) {
  std::filesystem::remove(Store() / "head");
  std::filesystem::create_directory(Store() / "head");
  EXPECT_EQ(RunExitCode(), 70);
}

TEST_F(Shieldd, AStoredDirectoryThatDoesNotVerifyIsFailStop) {
  {
    store::FileSystemSpace space(Store());
    const auto store = store::RocksStore::Open({.folder = Store(), .space = &space});
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE(Commit(**store, SampleDirectory(0, 1)).ok());
  }
  EXPECT_EQ(RunExitCode(), 70);
}

TEST_F(Shieldd, AStoreOfAnotherFormatIsRefusedWithoutBeingDistrusted) {
  {
    store::FailStop fail_stop;
    const auto database = store::RocksDatabase::Open(
        store::DatabasePath(Store()), store::RocksDatabase::Mode::kReadWrite, fail_stop);
    ASSERT_TRUE(database.ok()) << database.status();
    rocksdb::WriteBatch batch;
    batch.Put((*database)->handle(store::Column::kMeta), store::FormatKey(), store::EncodeU32(99))
        .PermitUncheckedError();
    ASSERT_TRUE((*database)->Write(batch, true).ok());
  }
  EXPECT_EQ(RunExitCode(), 1);
}

TEST_F(Shieldd, SaysWhichBackupItMadeAndWhichItRestored) {
  const std::string backup = folder_ / "backup";
  const ProcessResult made = Run({"backup", "--home", home_, "--to", backup});
  ASSERT_EQ(made.exit_code, 0) << made.notes;
  EXPECT_THAT(made.data,
              ::testing::ContainsRegex("^backup 1, made 20[0-9-]+T[0-9:]+[+]00:00, commit 0\n$"));
  EXPECT_THAT(Run({"backup", "--home", home_, "--to", backup}).data, HasSubstr("backup 2, "));
  std::ofstream(backup + "/meta/2", std::ios::trunc) << "nonsense\n";
  std::filesystem::remove_all(Store());
  const ProcessResult refused = Run({"restore", "--home", home_, "--from", backup});
  EXPECT_EQ(refused.exit_code, 7);
  EXPECT_THAT(refused.notes, HasSubstr("damaged backups: 2"));
  EXPECT_EQ(RunExitCode(), 70);
  const ProcessResult named = Run({"restore", "--home", home_, "--from", backup, "--backup", "1"});
  EXPECT_EQ(named.exit_code, 0) << named.notes;
  EXPECT_THAT(named.data, HasSubstr("backup 1, "));
  EXPECT_EQ(Run({"verify", "--home", home_}).exit_code, 0);
}

TEST_F(Shieldd, KeepsStoreAndBackupsFromOthersWhateverTheUmask) {
  const mode_t before = ::umask(0);
  const std::string home = folder_ / "open/broker";
  const std::string backup = folder_ / "open/backup";
  const ProcessResult init = Run({"init", "--home", home, "--listen", "127.0.0.1:0"});
  const ProcessResult made = Run({"backup", "--home", home, "--to", backup});
  ::umask(before);
  ASSERT_EQ(init.exit_code, 0) << init.notes;
  ASSERT_EQ(made.exit_code, 0) << made.notes;
  for (const std::string& folder : {home, backup}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      EXPECT_EQ(entry.status().permissions() &
                    (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
                std::filesystem::perms::none)
          << entry.path();
    }
  }
  std::filesystem::permissions(backup, std::filesystem::perms::all);
  const ProcessResult refused = Run({"backup", "--home", home, "--to", backup});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.notes, HasSubstr("chmod 0700"));
}

}  // namespace
}  // namespace shield::testing
