// The weekly briefing for everyone.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// digest {items}: milliseconds to ask policy of so many bulletins among 10,000 members and to build
// the edition of those that may enter.
void AddDigest(Suite& suite);

}  // namespace shield::testing
