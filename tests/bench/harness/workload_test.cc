// A ratio above 1 is better than the ceiling, whatever is counted.
#include "tests/bench/harness/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace shield::testing {
namespace {

using ::testing::DoubleEq;
using ::testing::Optional;

Figure Of(Better better, double ours, std::optional<double> ceiling) {
  return {.unit = "things", .better = better, .ours = ours, .ceiling = ceiling};
}

TEST(Ratio, DividesARateByTheCeiling) {
  EXPECT_THAT(Ratio(Of(Better::kHigher, 50, 200)), Optional(DoubleEq(0.25)));
  EXPECT_THAT(Ratio(Of(Better::kHigher, 300, 200)), Optional(DoubleEq(1.5)));
}

TEST(Ratio, DividesTheCeilingByACost) {
  EXPECT_THAT(Ratio(Of(Better::kLower, 50, 200)), Optional(DoubleEq(4)));
  EXPECT_THAT(Ratio(Of(Better::kLower, 400, 200)), Optional(DoubleEq(0.5)));
}

TEST(Ratio, IsAbsentWithoutACeiling) {
  EXPECT_EQ(Ratio(Of(Better::kHigher, 50, std::nullopt)), std::nullopt);
}

TEST(Ratio, IsAbsentWhereEitherIsNotAboveZero) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Ratio(Of(Better::kHigher, 0, 200)), std::nullopt);
  EXPECT_EQ(Ratio(Of(Better::kLower, 50, 0)), std::nullopt);
  EXPECT_EQ(Ratio(Of(Better::kLower, -1, 200)), std::nullopt);
  EXPECT_EQ(Ratio(Of(Better::kHigher, nan, 200)), std::nullopt);
  EXPECT_EQ(Ratio(Of(Better::kHigher, 50, nan)), std::nullopt);
}

TEST(Suite, KeepsTheOrderOfAdding) {
  Suite suite;
  const Measurement nothing = [](const auto&) { return Figure{}; };
  suite.Add("second", Effort::kFull, {{"bytes", 2}}, nothing);
  suite.Add("first", Effort::kQuick, {{"bytes", 1}}, nothing);
  ASSERT_EQ(suite.workloads().size(), 2);
  EXPECT_EQ(suite.workloads()[0].name, "second");
  EXPECT_EQ(suite.workloads()[0].least, Effort::kFull);
  EXPECT_EQ(suite.workloads()[1].params.dump(), R"({"bytes":1})");
}

}  // namespace
}  // namespace shield::testing
