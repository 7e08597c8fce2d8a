// The real program: started, refused, stopped, and what its exit codes say.

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/base64.h"
#include "crypto/signing_key.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "policy/proof/network_file.h"
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
  {
    Process broker(RunCommand());
    ASSERT_TRUE(broker.WaitForLine("listening on ").has_value());
    broker.Signal(SIGTERM);
    ASSERT_EQ(broker.Wait(), 0);
  }
  std::filesystem::remove_all(home_ + "/store/db");
  Process broker(RunCommand());
  EXPECT_EQ(broker.Wait(), 70);
  EXPECT_EQ(Run({"verify", "--home", home_}).exit_code, 7);
}

}  // namespace
}  // namespace shield::testing
