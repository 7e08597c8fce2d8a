#include "broker/transport/pass_pacer.h"

#include <gtest/gtest.h>

namespace shield::broker {
namespace {

constexpr absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);

class PassPacerTest : public ::testing::Test {
 protected:
  void Pass(absl::Time begin, absl::Duration takes) {
    pacer_.Begin(begin);
    pacer_.End(begin + takes);
  }
  PassPacer pacer_;
};

TEST_F(PassPacerTest, TheFirstNewsGoesOutAtOnce) {
  EXPECT_EQ(pacer_.RestAt(kStart), absl::ZeroDuration());
}

TEST_F(PassPacerTest, NewsRightAfterAPassWaitsAndAfterAQuietMomentDoesNot) {
  Pass(kStart, absl::Milliseconds(1));
  EXPECT_EQ(pacer_.RestAt(kStart), PassPacer::kShortestRest);
  EXPECT_EQ(pacer_.RestAt(kStart + absl::Milliseconds(4)), absl::Milliseconds(6));
  EXPECT_EQ(pacer_.RestAt(kStart + PassPacer::kShortestRest), absl::ZeroDuration());
  EXPECT_EQ(pacer_.RestAt(kStart + absl::Hours(1)), absl::ZeroDuration());
}

TEST_F(PassPacerTest, TheRestGrowsWithThePassButNotForEver) {
  Pass(kStart, absl::Milliseconds(30));
  Pass(kStart + absl::Seconds(1), absl::Seconds(2));
  EXPECT_EQ(pacer_.RestAt(kStart + absl::Seconds(1)), absl::Milliseconds(90));
  Pass(kStart + absl::Seconds(5), absl::Milliseconds(1));
  EXPECT_EQ(pacer_.RestAt(kStart + absl::Seconds(5)), PassPacer::kLongestRest);
}

TEST_F(PassPacerTest, AClockThatGoesBackHoldsNothingUp) {
  Pass(kStart, absl::Milliseconds(1));
  EXPECT_EQ(pacer_.RestAt(kStart - absl::Hours(1)), PassPacer::kLongestRest);
}

}  // namespace
}  // namespace shield::broker
