#include "tests/bench/all_workloads.h"

#include "tests/bench/micro/age_workload.h"
#include "tests/bench/micro/deciding_workloads.h"
#include "tests/bench/micro/digest_workload.h"
#include "tests/bench/micro/growth_workloads.h"
#include "tests/bench/micro/payload_workloads.h"
#include "tests/bench/micro/sealing_workloads.h"
#include "tests/bench/network/network_workloads.h"
#include "tests/bench/peer/peer_workloads.h"

namespace shield::testing {

Suite AllWorkloads() {
  Suite suite;
  AddSealing(suite);
  AddAgeComparison(suite);
  AddPayload(suite);
  AddDeciding(suite);
  AddDigest(suite);
  AddGrowth(suite);
  AddNetwork(suite);
  AddPeers(suite);
  return suite;
}

}  // namespace shield::testing
