// Ours and the ceiling take turns, an odd number of them, and costs are those of one pass.
#include "tests/bench/harness/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "tests/bench/harness/process_cost.h"

namespace shield::testing {
namespace {

using ::testing::DoubleEq;
using ::testing::Optional;

constexpr Run kQuickRun = {.effort = Effort::kQuick};

TEST(Turns, AreOneInAQuickRunAndOddInAnyOther) {
  EXPECT_EQ(TurnsOf(kQuickRun), 1);
  EXPECT_EQ(TurnsOf({.effort = Effort::kDefault}) % 2, 1);
  EXPECT_GE(TurnsOf({.effort = Effort::kDefault}), 5);
  EXPECT_EQ(TurnsOf({.effort = Effort::kFull}), TurnsOf({.effort = Effort::kDefault}));
}

TEST(Median, IsTheOneInTheMiddle) {
  EXPECT_EQ(Median({7}), 7);
  EXPECT_EQ(Median({9, 1, 5}), 5);
  EXPECT_EQ(Median({100, 2, 3, 1, 4}), 3);
}

// A deed that notes who it is and computes for so long.
Deed Noted(std::string& order, char who, double cpu_s) {
  return [&order, who, cpu_s] {
    order += who;
    const double start = ProcessorSeconds();
    while (ProcessorSeconds() - start < cpu_s) continue;
    return absl::OkStatus();
  };
}

// Neighbours that are the same, once.
std::string Collapsed(const std::string& order) {
  std::string text;
  for (const char who : order) {
    if (text.empty() || text.back() != who) text += who;
  }
  return text;
}

TEST(Compare, MakesOnePassOfEachInAQuickRunAfterOneThatDoesNotCount) {
  std::string order;
  const auto costs = Compare(kQuickRun, TimedBy::kWall, Noted(order, 'o', 0), Noted(order, 'c', 0));
  ASSERT_TRUE(costs.ok());
  EXPECT_EQ(order, "ococ");
}

TEST(Compare, AlternatesTurnByTurn) {
  std::string order;
  const auto costs = Compare({.effort = Effort::kDefault}, TimedBy::kWall, Noted(order, 'o', 0),
                             Noted(order, 'c', 0));
  ASSERT_TRUE(costs.ok());
  EXPECT_EQ(Collapsed(order),
            "oc"
            "ocococococ");
  EXPECT_GT(order.size(), Collapsed(order).size()) << "a turn is of as many passes as fill it";
  EXPECT_GT(costs->peak_bytes, 0);
}

TEST(Compare, TellsTheCostOfOnePass) {
  std::string order;
  const auto costs =
      Compare({.effort = Effort::kDefault}, TimedBy::kProcessor, Noted(order, 'o', 0.02));
  ASSERT_TRUE(costs.ok());
  EXPECT_GE(costs->ours_s, 0.02);
  EXPECT_LT(costs->ours_s, 0.04) << "of a pass, not of a turn of many";
  EXPECT_DOUBLE_EQ(costs->ours_s, costs->cpu_s);
}

TEST(Compare, DoesNotCountTheWallWhereTheProcessorCounts) {
  const Deed nap = [] { return absl::SleepFor(absl::Milliseconds(20)), absl::OkStatus(); };
  const auto by_wall = Compare(kQuickRun, TimedBy::kWall, nap);
  const auto by_processor = Compare(kQuickRun, TimedBy::kProcessor, nap);
  ASSERT_TRUE(by_wall.ok() && by_processor.ok());
  EXPECT_GE(by_wall->ours_s, 0.02);
  EXPECT_LT(by_processor->ours_s, 0.02);
}

TEST(Compare, DoesWithoutACeiling) {
  std::string order;
  const auto costs = Compare(kQuickRun, TimedBy::kWall, Noted(order, 'o', 0));
  ASSERT_TRUE(costs.ok());
  EXPECT_EQ(costs->ceiling_s, std::nullopt);
}

TEST(Compare, FailsWithEitherOfTheTwo) {
  const Deed good = [] { return absl::OkStatus(); };
  const Deed bad = [] { return absl::NotFoundError("`age` is not installed"); };
  EXPECT_TRUE(absl::IsNotFound(Compare(kQuickRun, TimedBy::kWall, bad, good).status()));
  EXPECT_TRUE(absl::IsNotFound(Compare(kQuickRun, TimedBy::kWall, good, bad).status()));
}

TEST(Figures, AreUnitsASecondOrTheTimeOfAPass) {
  const Comparison costs = {.ours_s = 0.5, .ceiling_s = 0.25, .cpu_s = 0.75, .peak_bytes = 4096};
  const Figure rate = RateFigure("slots/s", 100, costs);
  EXPECT_EQ(rate.unit, "slots/s");
  EXPECT_DOUBLE_EQ(rate.ours, 200);
  EXPECT_THAT(rate.ceiling, Optional(DoubleEq(400)));
  EXPECT_THAT(Ratio(rate), Optional(DoubleEq(0.5)));
  EXPECT_DOUBLE_EQ(rate.cpu_s, 0.75);
  EXPECT_EQ(rate.peak_bytes, 4096);

  const Figure time = TimeFigure("ms", 1e3, costs);
  EXPECT_DOUBLE_EQ(time.ours, 500);
  EXPECT_THAT(time.ceiling, Optional(DoubleEq(250)));
  EXPECT_THAT(Ratio(time), Optional(DoubleEq(0.5)));
}

}  // namespace
}  // namespace shield::testing
