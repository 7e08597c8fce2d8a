// Which two texts under one name still accuse somebody, and which a known loss explains.
#include "client/audit/standing_alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crypto/sha256.h"
#include "policy/proof/checkpoint.h"
#include "tests/client/support/sample_network.h"

namespace shield {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kLog[] = "antwerp.example/log";

class StandingAlarms : public ::testing::Test {
 protected:
  std::string CheckpointOf(const SigningKey& key, uint64_t size) {
    return SignCheckpoint({kLog, size, Sha256("a root")}, key);
  }
  ForkAlarm OfTheLog(const SigningKey& first, const SigningKey& second) {
    return {"log", kLog, CheckpointOf(first, 2), CheckpointOf(second, 1), network_.clock().Now()};
  }
  // As if the present log had been begun then.
  LogInForce BegunAt(absl::Time since) {
    return {*network_.log_key().Verifier(kLog),
            *network_.broker_key().Verifier("antwerp.example/broker"), since};
  }

  testing::SampleNetwork network_;
  const SigningKey before_ = SigningKey::Generate(network_.random());
};

TEST_F(StandingAlarms, WhatKeysInForceSignedCountsWhileNoLossWasDeclared) {
  const ForkAlarm alarm = OfTheLog(network_.log_key(), network_.log_key());
  EXPECT_THAT(Standing({alarm}, BegunAt(absl::UnixEpoch())), SizeIs(1));
  EXPECT_THAT(Standing({alarm}, BegunAt(alarm.found - absl::Hours(1))), SizeIs(1))
      << "found under the present log";
}

TEST_F(StandingAlarms, WhatWasFoundBeforeTheLogWasBegunAnewIsExplained) {
  const ForkAlarm alarm = OfTheLog(network_.log_key(), network_.log_key());
  EXPECT_THAT(Standing({alarm}, BegunAt(alarm.found + absl::Hours(1))), IsEmpty());
  const absl::Time second = absl::FromUnixSeconds(absl::ToUnixSeconds(alarm.found));
  EXPECT_THAT(Standing({alarm}, BegunAt(second)), IsEmpty()) << "times of directories are seconds";
}

TEST_F(StandingAlarms, OneTextByAKeyInForceIsEnoughAndNoneIsExplained) {
  const LogInForce log = BegunAt(absl::UnixEpoch());
  EXPECT_THAT(Standing({OfTheLog(before_, network_.log_key())}, log), SizeIs(1));
  EXPECT_THAT(Standing({OfTheLog(before_, before_)}, log), IsEmpty());
}

TEST_F(StandingAlarms, WhatIsNeitherOfALogNorOfAnInboxIsNeverExplained) {
  for (const char* kind : {"bulletin", "directory", "authority"}) {
    const ForkAlarm alarm{kind, "7", "one\n", "other\n", network_.clock().Now()};
    EXPECT_THAT(Standing({alarm}, BegunAt(alarm.found + absl::Hours(1))), SizeIs(1));
  }
}

TEST_F(StandingAlarms, AHomeAsksForThoseUnderTheDirectoryItHolds) {
  ASSERT_TRUE(network_.Open("an-lise").Publish(network_.Green("one")).ok());
  Client guard = network_.Open("meir-guard");
  ASSERT_TRUE(guard.Sync().ok());
  network_.Script("meir-guard").AlterLogAnswers([this](LogAnswer& answer) {
    answer.checkpoint = CheckpointOf(network_.log_key(), 1);
    answer.proof.clear();
  });
  EXPECT_TRUE(absl::IsDataLoss(guard.Sync().status()));
  network_.Script("meir-guard").AlterLogAnswers(nullptr);
  EXPECT_TRUE(guard.Sync().ok());
  EXPECT_THAT(*guard.StandingAlarms(), SizeIs(1)) << "it was shown all the same";
}

}  // namespace
}  // namespace shield
