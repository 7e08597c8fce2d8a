#include "tests/bench/network/network_workloads.h"

namespace shield::testing {

void AddNetwork(Suite& suite) { AddFanout(suite); }

}  // namespace shield::testing
