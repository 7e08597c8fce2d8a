// The value that a share of all do not exceed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/check.h"

namespace shield::testing {

// The least of `values` that at least `share` of them do not exceed; `share` from 0 to 1, at least
// one value.
inline double Quantile(std::vector<double> values, double share) {
  SHIELD_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const double below = share * static_cast<double>(values.size());
  const auto rank = static_cast<size_t>(below);
  const size_t at = static_cast<double>(rank) == below && rank > 0 ? rank - 1 : rank;
  return values[std::min(at, values.size() - 1)];
}

}  // namespace shield::testing
