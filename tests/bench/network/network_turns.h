// Turns of a workload of the network, of which each takes seconds.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// Odd, ours and the ceiling alternating.
inline int NetworkTurns(const Run& run) { return run.effort == Effort::kQuick ? 1 : 3; }

}  // namespace shield::testing
