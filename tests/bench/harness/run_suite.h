// The benchmark program from its words to its exit code, over any suite.
//
//   int main(int argc, char** argv) {
//     return RunBench(AllWorkloads(), {argv + 1, argv + argc}, std::cout, std::cerr);
//   }
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// Writes the table to `data`, row by row, and what went wrong to `notes`. 0: all that was chosen
// was measured. 1: a workload failed, whereupon the others ran all the same, or the file could not
// be written. 2: the words cannot be understood; nothing was measured then.
int RunBench(const Suite& suite, const std::vector<std::string>& arguments, std::ostream& data,
             std::ostream& notes);

}  // namespace shield::testing
