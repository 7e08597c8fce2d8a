// The store and its committer alone, in this process, beside RocksDB alone.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// Durable publishes a second through the real committer, processor time of the committing thread,
// and how long a store takes to open.
void AddStore(Suite& suite);

}  // namespace shield::testing
