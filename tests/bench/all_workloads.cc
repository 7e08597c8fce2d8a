#include "tests/bench/all_workloads.h"

#include "tests/bench/micro/payload_workloads.h"
#include "tests/bench/micro/sealing_workloads.h"

namespace shield::testing {

Suite AllWorkloads() {
  Suite suite;
  AddSealing(suite);
  AddPayload(suite);
  return suite;
}

}  // namespace shield::testing
