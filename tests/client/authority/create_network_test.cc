#include "client/authority/create_network.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/authority_key.h"
#include "crypto/tls_key.h"
#include "tests/client/authority/sample_authority.h"

namespace shield {
namespace {

using ::shield::testing::kNow;
using ::shield::testing::SamplePlan;
using ::shield::testing::SeededRandom;
using ::shield::testing::TemporaryFolder;

absl::StatusOr<NetworkFile> Create(const std::string& folder, const NetworkPlan& plan,
                                   const Passphrase& passphrase = std::nullopt) {
  SeededRandom random(1);
  return CreateNetwork(folder, plan, passphrase, kNow, random);
}

TEST(CreateNetwork, PinsTheAuthorityAndTheBroker) {
  TemporaryFolder temporary;
  const std::string folder = temporary / "home";
  const absl::StatusOr<NetworkFile> network = Create(folder, SamplePlan());
  ASSERT_TRUE(network.ok()) << network.status();
  EXPECT_EQ(network->network, SamplePlan().network);
  EXPECT_EQ(network->broker_pin, SamplePlan().broker_pin);
  ASSERT_EQ(network->authority.size(), 1u);
  EXPECT_EQ(network->authority[0].name(), "antwerp.example/authority-1");

  const Home home = *Home::Open(folder);
  EXPECT_EQ(*home.ReadNetwork(), *network);
  EXPECT_EQ(home.ReadMember()->text(), "vetting");
  EXPECT_EQ(*SpkiDigest(*home.Read("tls.crt")), network->authority_tls_pin);
}

TEST(CreateNetwork, KeepsEveryFileToItsOwner) {
  TemporaryFolder temporary;
  const std::string folder = temporary / "home";
  ASSERT_TRUE(Create(folder, SamplePlan()).ok());
  struct stat status;
  ASSERT_EQ(stat(folder.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    ASSERT_EQ(stat(file.path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << file.path();
  }
}

VerifierKey OtherKey(uint64_t number, uint64_t seed) {
  SeededRandom random(seed);
  return *SigningKey::Generate(random).Verifier(absl::StrCat("antwerp.example/authority-", number));
}

TEST(CreateNetwork, TheThresholdIsBetweenOneAndTheNumberOfKeys) {
  TemporaryFolder temporary;
  NetworkPlan plan = SamplePlan();
  plan.others = {OtherKey(2, 2), OtherKey(3, 3)};
  for (uint64_t threshold : {0u, 4u}) {
    plan.threshold = threshold;
    const absl::Status status = Create(temporary / "home", plan).status();
    EXPECT_EQ(RuleOf(status), "THRESHOLD_UNSUPPORTED");
    EXPECT_FALSE(HintOf(status).empty());
  }
  EXPECT_FALSE(std::filesystem::exists(temporary / "home"));
  plan.threshold = 3;
  const absl::StatusOr<NetworkFile> network = Create(temporary / "home", plan);
  ASSERT_TRUE(network.ok()) << network.status();
  EXPECT_EQ(network->authority.size(), 3u);
  EXPECT_EQ(network->threshold, 3u);
}

TEST(CreateNetwork, RefusesKeysOfOtherOfficersThatDoNotFit) {
  TemporaryFolder temporary;
  NetworkPlan plan = SamplePlan();
  SeededRandom random(2);
  const SigningKey key = SigningKey::Generate(random);
  const std::vector<std::vector<VerifierKey>> unfit = {
      {OtherKey(1, 2)},                                                // the number made here
      {OtherKey(2, 2), *key.Verifier("antwerp.example/authority-3")},  // one key, two names
      {*key.Verifier("other.example/authority-2")},                    // another network's
      {*VerifierKey::Create("antwerp.example/authority-2", {1})},      // of small order
      std::vector<VerifierKey>(kMaxAuthorityKeys, OtherKey(2, 2)),     // too many
  };
  for (const std::vector<VerifierKey>& keys : unfit) {
    plan.others = keys;
    EXPECT_EQ(Create(temporary / "home", plan).status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(std::filesystem::exists(temporary / "home"));
}

TEST(CreateNetwork, RefusesAnAddressOutOfForm) {
  TemporaryFolder temporary;
  NetworkPlan plan = SamplePlan();
  plan.broker_address = "broker";
  EXPECT_TRUE(
      absl::StrContains(Create(temporary / "home", plan).status().message(), "not HOST:PORT"));
}

TEST(CreateNetwork, NeverReplacesANetwork) {
  TemporaryFolder temporary;
  const std::string folder = temporary / "home";
  const NetworkFile network = *Create(folder, SamplePlan());
  EXPECT_EQ(Create(folder, SamplePlan()).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*Home::Open(folder)->ReadNetwork(), network);
}

TEST(CreateNetwork, WrapsTheAuthorityKeyUnderAPassphrase) {
  TemporaryFolder temporary;
  const std::string folder = temporary / "home";
  ASSERT_TRUE(Create(folder, SamplePlan(), "correct horse").ok());
  const Home home = *Home::Open(folder);
  EXPECT_FALSE(absl::StrContains(*home.Read(AuthorityKeyFile("x/authority-1")), "PRIVATE+KEY"));
  EXPECT_TRUE(absl::StrContains(*home.Read(kFreshKeyFile), "PRIVATE+KEY"));

  SeededRandom random(2);
  const SigningKey broker = SigningKey::Generate(random);
  Authority authority = *Authority::Open(folder);
  ASSERT_TRUE(
      authority
          .LearnBroker(broker.Verifier("antwerp.example/broker")->ToString(),
                       SigningKey::Generate(random).Verifier("antwerp.example/log")->ToString())
          .ok());
  EXPECT_EQ(authority.PrepareDirectory(std::nullopt, 0, kNow).status().code(),
            absl::StatusCode::kUnauthenticated);
  const absl::Status opened = authority.PrepareDirectory("correct horse", 0, kNow).status();
  EXPECT_TRUE(opened.ok()) << opened;
}

}  // namespace
}  // namespace shield
