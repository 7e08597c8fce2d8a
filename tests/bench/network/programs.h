// The programs that a benchmark starts, found beside it in the build folder.
#pragma once

#include <string>

namespace shield::testing {

// Their paths. Aborts when a program has not been built.
std::string ShielddProgram();
std::string BareFanoutProgram();
std::string BenchReadersProgram();

}  // namespace shield::testing
