#include "tests/bench/harness/growth.h"

#include <cmath>

#include "base/check.h"

namespace shield::testing {

double FittedExponent(std::span<const SizedCost> points) {
  double sum_x = 0;
  double sum_y = 0;
  for (const SizedCost& point : points) {
    SHIELD_CHECK(point.size > 0 && point.cost > 0);
    sum_x += std::log(point.size);
    sum_y += std::log(point.cost);
  }
  const auto count = static_cast<double>(points.size());
  double covariance = 0;
  double variance = 0;
  for (const SizedCost& point : points) {
    const double from_mean = std::log(point.size) - sum_x / count;
    covariance += from_mean * (std::log(point.cost) - sum_y / count);
    variance += from_mean * from_mean;
  }
  SHIELD_CHECK(variance > 0);
  return covariance / variance;
}

}  // namespace shield::testing
