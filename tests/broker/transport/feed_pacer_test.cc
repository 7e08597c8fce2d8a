#include "broker/transport/feed_pacer.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

using Step = FeedPacer::Step;

constexpr absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);
constexpr absl::Duration kMoment = absl::Nanoseconds(1);

class FeedPacerTest : public ::testing::Test {
 protected:
  void Write(absl::Time at, bool more = false) {
    pacer_.WriteStarted(at, more);
    pacer_.WriteDone();
  }
  FeedPacer pacer_{absl::Seconds(20), absl::Seconds(60), kStart};
};

TEST_F(FeedPacerTest, AsksAtOnceAndAfterAWriteWhereThereIsMore) {
  EXPECT_EQ(pacer_.Next(kStart), Step::kAsk);
  Write(kStart, true);
  EXPECT_EQ(pacer_.Next(kStart), Step::kAsk);
  Write(kStart, false);
  EXPECT_EQ(pacer_.Next(kStart), Step::kWait);
}

TEST_F(FeedPacerTest, AsksAfterAWriteDuringWhichThereWasNews) {
  pacer_.WriteStarted(kStart, false);
  pacer_.FeedGrew();
  EXPECT_EQ(pacer_.Next(kStart), Step::kWait);
  pacer_.WriteDone();
  EXPECT_EQ(pacer_.Next(kStart), Step::kAsk);
}

TEST_F(FeedPacerTest, WaitsWhenAllHasBeenSaidUntilThereIsNews) {
  pacer_.CaughtUp();
  EXPECT_EQ(pacer_.Next(kStart), Step::kWait);
  pacer_.FeedGrew();
  EXPECT_EQ(pacer_.Next(kStart), Step::kAsk);
}

TEST_F(FeedPacerTest, GivesASignOfLifeAfterTwentyQuietSeconds) {
  Write(kStart);
  pacer_.CaughtUp();
  EXPECT_EQ(pacer_.Next(kStart + absl::Seconds(20) - kMoment), Step::kWait);
  EXPECT_EQ(pacer_.Next(kStart + absl::Seconds(20)), Step::kHeartbeat);
}

TEST_F(FeedPacerTest, HasOneWriteInFlight) {
  pacer_.WriteStarted(kStart, false);
  pacer_.FeedGrew();
  EXPECT_EQ(pacer_.Next(kStart + absl::Seconds(20)), Step::kWait);
}

TEST_F(FeedPacerTest, GivesUpAReaderThatTakesNothingForAMinute) {
  pacer_.WriteStarted(kStart, false);
  EXPECT_EQ(pacer_.Next(kStart + absl::Seconds(60) - kMoment), Step::kWait);
  EXPECT_EQ(pacer_.Next(kStart + absl::Seconds(60)), Step::kStalled);
}

}  // namespace
}  // namespace shield::broker
