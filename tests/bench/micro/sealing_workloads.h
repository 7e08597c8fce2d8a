// Sealing a bulletin: one file key to many recipients, and the payload once.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// seal_slots {recipients, bytes, threads}: slots a second, payload included, beside the primitives
// (seal_primitives.h) on as many threads.
// seal_slots_two_threads {recipients}: slots a second on two threads, beside twice what one does.
void AddSealing(Suite& suite);

}  // namespace shield::testing
