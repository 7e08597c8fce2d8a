#include "tests/bench/network/quantile.h"

#include "gtest/gtest.h"

namespace shield::testing {
namespace {

TEST(Quantile, IsTheLeastValueThatTheShareDoesNotExceed) {
  std::vector<double> values;
  for (int i = 100; i > 0; --i) values.push_back(i);
  EXPECT_EQ(Quantile(values, 0.99), 99);
  EXPECT_EQ(Quantile(values, 0.991), 100);
  EXPECT_EQ(Quantile(values, 0.5), 50);
  EXPECT_EQ(Quantile(values, 0), 1);
  EXPECT_EQ(Quantile(values, 1), 100);
}

TEST(Quantile, OfOneValueIsThatValue) {
  EXPECT_EQ(Quantile({7}, 0.99), 7);
  EXPECT_EQ(Quantile({7}, 0), 7);
}

}  // namespace
}  // namespace shield::testing
