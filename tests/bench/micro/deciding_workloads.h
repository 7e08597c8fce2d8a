// Policy over a network of many members.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// policy_decisions {members}: decisions a second, each with its sentence, for readers from all over
// the network, some of whom a bulletin to one sector is meant for.
// audience_resolution {members}: milliseconds for the recipients of a bulletin to all of them.
void AddDeciding(Suite& suite);

}  // namespace shield::testing
