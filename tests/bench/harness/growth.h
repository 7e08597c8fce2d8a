// How a cost grows with a size: the exponent e of cost = c * size^e that fits best, by least
// squares on both logarithms. 1 is proportional, 0 is independent of the size.
#pragma once

#include <span>

namespace shield::testing {

struct SizedCost {
  double size = 0;  // above zero
  double cost = 0;  // above zero
};

// At least two different sizes.
double FittedExponent(std::span<const SizedCost> points);

}  // namespace shield::testing
