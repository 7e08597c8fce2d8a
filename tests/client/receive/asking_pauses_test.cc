#include "client/receive/asking_pauses.h"

#include <gtest/gtest.h>

namespace shield::testing {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);
constexpr absl::Duration kInstant = absl::Milliseconds(1);

TEST(AskingPausesTest, DoubleUpToTheLongest) {
  AskingPauses pauses;
  EXPECT_TRUE(pauses.MayAsk(7, kNow));
  absl::Time now = kNow;
  absl::Duration expected = kFirstPause;
  for (int i = 0; i < 20; ++i) {
    pauses.Refused(7, now);
    EXPECT_FALSE(pauses.MayAsk(7, now + expected - kInstant));
    EXPECT_TRUE(pauses.MayAsk(7, now + expected));
    now += expected;
    expected = expected * 2 < kLongestPause ? expected * 2 : kLongestPause;
  }
  EXPECT_EQ(expected, kLongestPause);
}

TEST(AskingPausesTest, AreOfOneEntryEach) {
  AskingPauses pauses;
  pauses.Refused(7, kNow);
  EXPECT_TRUE(pauses.MayAsk(8, kNow));
  pauses.Refused(8, kNow);
  pauses.Forget(7);
  EXPECT_TRUE(pauses.MayAsk(7, kNow));
  EXPECT_FALSE(pauses.MayAsk(8, kNow));
  pauses.ForgetAll();
  EXPECT_TRUE(pauses.MayAsk(8, kNow));
}

TEST(AskingPausesTest, AreOverWhenTheClockIsSetBack) {
  AskingPauses pauses;
  pauses.Refused(7, kNow);
  EXPECT_TRUE(pauses.MayAsk(7, kNow - absl::Hours(1)));
}

TEST(AskingPausesTest, AreBoundedInNumber) {
  AskingPauses pauses;
  for (uint64_t seq = 1; seq <= kMaxPauses + 1; ++seq) pauses.Refused(seq, kNow);
  EXPECT_FALSE(pauses.MayAsk(kMaxPauses, kNow));
  EXPECT_TRUE(pauses.MayAsk(kMaxPauses + 1, kNow));
}

}  // namespace
}  // namespace shield::testing
