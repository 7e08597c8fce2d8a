// The exponent of powers is found, whatever their factor.
#include "tests/bench/harness/growth.h"

#include <gtest/gtest.h>

#include <array>

namespace shield::testing {
namespace {

constexpr double kClose = 1e-9;

TEST(FittedExponent, IsOneOfWhatIsProportional) {
  constexpr std::array points = {SizedCost{100, 0.007}, SizedCost{1'000, 0.07},
                                 SizedCost{10'000, 0.7}};
  EXPECT_NEAR(FittedExponent(points), 1, kClose);
}

TEST(FittedExponent, IsZeroOfWhatDoesNotGrow) {
  constexpr std::array points = {SizedCost{1, 3}, SizedCost{10, 3}, SizedCost{100, 3}};
  EXPECT_NEAR(FittedExponent(points), 0, kClose);
}

TEST(FittedExponent, IsTwoOfASquare) {
  constexpr std::array points = {SizedCost{1, 5}, SizedCost{3, 45}, SizedCost{7, 245}};
  EXPECT_NEAR(FittedExponent(points), 2, kClose);
}

TEST(FittedExponent, IsTheBestFitWherePointsDoNotAgree) {
  // The logarithms are 0, 1, 2 and 0, 2, 2: a slope of 1 by least squares.
  constexpr std::array points = {SizedCost{1, 1}, SizedCost{10, 100}, SizedCost{100, 100}};
  EXPECT_NEAR(FittedExponent(points), 1, kClose);
}

}  // namespace
}  // namespace shield::testing
