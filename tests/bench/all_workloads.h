// Every workload there is, in the order of the table.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

Suite AllWorkloads();

}  // namespace shield::testing
