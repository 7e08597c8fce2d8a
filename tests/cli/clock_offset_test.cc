#include "client/cli/clock_offset.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace shield::cli {
namespace {

const absl::Time kBrokers = absl::FromUnixSeconds(1'790'000'000);

TEST(ClockOffset, OfTwoMinutesIsBorneInEitherDirectionAndNoMore) {
  for (const int sign : {-1, 1}) {
    const absl::Duration most = sign * kMaxClockOffset;
    EXPECT_TRUE(JudgeClock(kBrokers + most, kBrokers).ok());
    const absl::Status more =
        JudgeClock(kBrokers + most + absl::Nanoseconds(sign), kBrokers).status();
    EXPECT_EQ(RuleOf(more), "CLOCK_SKEW") << more;
    EXPECT_FALSE(HintOf(more).empty());
  }
}

TEST(ClockOffset, SaysWhichClockIsAhead) {
  EXPECT_EQ(*JudgeClock(kBrokers - absl::Seconds(3), kBrokers),
            "this clock is 3s behind the broker's");
  EXPECT_EQ(*JudgeClock(kBrokers + absl::Milliseconds(900), kBrokers),
            "this clock is 0 ahead of the broker's");
}

}  // namespace
}  // namespace shield::cli
