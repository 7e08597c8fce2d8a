#include "policy/proof/network_file.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "crypto/sha256.h"
#include "tests/policy/mutations.h"
#include "tests/policy/proof/sample_network.h"

namespace shield {
namespace {

using testing::SampleNetwork;

TEST(NetworkFile, ReadsWhatItPrints) {
  const SampleNetwork network(3, 2);
  const std::string text = PrintNetworkFile(network.file());
  const absl::StatusOr<NetworkFile> read = ParseNetworkFile(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, network.file());
  EXPECT_EQ(NetworkFileDigest(*read), Sha256(text));
}

TEST(NetworkFile, EveryMutationIsRefusedOrReadsAsItself) {
  const std::string text = PrintNetworkFile(SampleNetwork(2, 1).file());
  testing::ForEachMutation(text, [](const std::string& mutated) {
    const absl::StatusOr<NetworkFile> read = ParseNetworkFile(mutated);
    if (read.ok()) {
      EXPECT_EQ(PrintNetworkFile(*read), mutated);
    } else {
      EXPECT_EQ(RuleOf(read.status()), "NETWORK_FILE_MALFORMED") << mutated;
    }
  });
}

TEST(NetworkFile, TheThresholdIsBetweenOneAndTheNumberOfKeys) {
  NetworkFile file = SampleNetwork(2, 1).file();
  for (const auto& [threshold, fits] :
       std::vector<std::pair<uint64_t, bool>>{{0, false}, {1, true}, {2, true}, {3, false}}) {
    file.threshold = threshold;
    EXPECT_EQ(ParseNetworkFile(PrintNetworkFile(file)).ok(), fits) << threshold;
  }
  file.authority.clear();
  file.threshold = 0;
  EXPECT_FALSE(ParseNetworkFile(PrintNetworkFile(file)).ok());
}

TEST(NetworkFile, HoldsSixteenAuthorityKeysAndNoMore) {
  EXPECT_TRUE(ParseNetworkFile(PrintNetworkFile(SampleNetwork(16, 1).file())).ok());
  SampleNetwork sixteen(16, 1);
  NetworkFile file = sixteen.file();
  file.authority.push_back(
      sixteen.KeyOf("log").Verifier(sixteen.origin().KeyName("authority-17")).value());
  EXPECT_FALSE(ParseNetworkFile(PrintNetworkFile(file)).ok());
}

TEST(NetworkFile, OneKeyUnderTwoNamesIsRefused) {
  SampleNetwork network;
  NetworkFile file = network.file();
  file.authority.push_back(
      network.KeyOf("authority-1").Verifier(network.origin().KeyName("authority-2")).value());
  EXPECT_FALSE(ParseNetworkFile(PrintNetworkFile(file)).ok());
}

TEST(NetworkFile, TwoKeysUnderOneNameAreRefused) {
  SampleNetwork network;
  NetworkFile file = network.file();
  file.authority.push_back(
      network.KeyOf("log").Verifier(network.origin().KeyName("authority-1")).value());
  EXPECT_FALSE(ParseNetworkFile(PrintNetworkFile(file)).ok());
}

TEST(NetworkFile, SaysHowOftenItWasRotated) {
  NetworkFile file = SampleNetwork(2, 1).file();
  file.rotation = 3;
  file.rotation_digest.bytes.fill(5);
  const std::string text = PrintNetworkFile(file);
  EXPECT_EQ(*ParseNetworkFile(text), file);
  testing::ForEachMutation(text, [](const std::string& mutated) {
    const absl::StatusOr<NetworkFile> read = ParseNetworkFile(mutated);
    if (!read.ok()) return;
    EXPECT_EQ(PrintNetworkFile(*read), mutated);
  });
  const size_t at = text.find("rotation 3");
  EXPECT_FALSE(ParseNetworkFile(std::string(text).replace(at, 10, "rotation 0")).ok());
}

TEST(NetworkFile, AuthorityKeysCarryTheNamesOfThisNetwork) {
  for (absl::string_view name :
       {"other.example/authority-1", "shield.antwerp.example/authority-0",
        "shield.antwerp.example/authority-01", "shield.antwerp.example/authority-",
        "shield.antwerp.example/jan"}) {
    SampleNetwork network;
    NetworkFile file = network.file();
    file.authority = {network.KeyOf("authority-1").Verifier(name).value()};
    EXPECT_FALSE(ParseNetworkFile(PrintNetworkFile(file)).ok()) << name;
  }
}

TEST(NetworkFile, NamesOfItsOwnKeysAreNoMemberIds) {
  for (absl::string_view id : {"broker", "log", "fresh", "authority-1", "authority-"}) {
    EXPECT_TRUE(IsReservedMemberId(id)) << id;
  }
  for (absl::string_view id : {"brokers", "jan", "authority", "log-1"}) {
    EXPECT_FALSE(IsReservedMemberId(id)) << id;
  }
}

}  // namespace
}  // namespace shield
