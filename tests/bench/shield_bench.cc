// Measures Shield beside the bare ceilings of this machine; docs/performance.md, "Against the
// ceilings".
//
//   tests/bench/run [--quick | --full] [--only NAME]... [--json FILE]
#include <iostream>

#include "tests/bench/all_workloads.h"
#include "tests/bench/harness/run_suite.h"

int main(int argc, char** argv) {
  return shield::testing::RunBench(shield::testing::AllWorkloads(), {argv + 1, argv + argc},
                                   std::cout, std::cerr);
}
