// How costs grow with the network.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// growth {of}: the exponent that fits the cost at three sizes, a factor of ten apart. "audience":
// the recipients of a bulletin to everybody, by members; "sealing": slots on one thread, by
// recipients; "decision": one decision, by members enrolled. A quick run takes smaller sizes, a
// factor of two apart.
void AddGrowth(Suite& suite);

}  // namespace shield::testing
