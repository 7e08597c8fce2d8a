#include "tests/bench/network/network_workloads.h"

#include "tests/bench/network/store_workloads.h"

namespace shield::testing {

void AddNetwork(Suite& suite) {
  AddStore(suite);
  AddPublishCall(suite);
  AddFanout(suite);
  AddLatency(suite);
  AddCatchUp(suite);
  AddIdle(suite);
  AddAttachment(suite);
  AddNetworkGrowth(suite);
}

}  // namespace shield::testing
