// Everything that is measured through the real shieldd.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// All of what follows, in the order of the table.
void AddNetwork(Suite& suite);

// Live fan-out: deliveries a second, and processor time of the server for one.
void AddFanout(Suite& suite);

}  // namespace shield::testing
