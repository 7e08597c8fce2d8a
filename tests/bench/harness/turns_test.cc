// Ours and the ceiling take turns, an odd number of them, and costs are those of one pass.
#include "tests/bench/harness/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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

TEST(Compare, MakesOnePassOfEachInAQuickRun) {
  std::string order;
  const auto costs = Compare(
      kQuickRun, [&] { return order += 'o', absl::OkStatus(); },
      [&] { return order += 'c', absl::OkStatus(); });
  ASSERT_TRUE(costs.ok());
  EXPECT_EQ(order, "oc");
}

TEST(Compare, AlternatesTurnByTurn) {
  std::string order;
  const auto noted = [&order](char who) {
    return [&order, who] {
      if (order.empty() || order.back() != who) order += who;
      const double start = ProcessorSeconds();
      while (ProcessorSeconds() - start < 0.02) continue;
      return absl::OkStatus();
    };
  };
  const auto costs = Compare({.effort = Effort::kDefault}, noted('o'), noted('c'));
  ASSERT_TRUE(costs.ok());
  EXPECT_EQ(order,
            "oc"
            "ocococococ")
      << "the first pair is the warm-up";
  EXPECT_GE(costs->ours.wall_s, 0.02);
  EXPECT_LT(costs->ours.wall_s, 1) << "the cost of one pass, not of a turn of many";
  EXPECT_GE(costs->ours.cpu_s, 0.02);
  EXPECT_TRUE(costs->ceiling_wall_s.has_value());
  EXPECT_GT(costs->peak_bytes, 0);
}

TEST(Compare, DoesWithoutACeiling) {
  const auto costs = Compare(kQuickRun, [] { return absl::OkStatus(); });
  ASSERT_TRUE(costs.ok());
  EXPECT_EQ(costs->ceiling_wall_s, std::nullopt);
}

TEST(Compare, FailsWithEitherOfTheTwo) {
  const Deed good = [] { return absl::OkStatus(); };
  const Deed bad = [] { return absl::NotFoundError("`age` is not installed"); };
  EXPECT_TRUE(absl::IsNotFound(Compare(kQuickRun, bad, good).status()));
  EXPECT_TRUE(absl::IsNotFound(Compare(kQuickRun, good, bad).status()));
}

TEST(Figures, AreUnitsASecondOrTheTimeOfAPass) {
  const Comparison costs = {
      .ours = {.wall_s = 0.5, .cpu_s = 0.75}, .ceiling_wall_s = 0.25, .peak_bytes = 4096};
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
