// Prints tests/vectors/policy/exhaustive.cases:
//   write_exhaustive_cases tests/vectors/policy/vectors.cases >
//   tests/vectors/policy/exhaustive.cases
#include <fstream>
#include <iostream>
#include <sstream>

#include "tests/policy/exhaustive_cases.h"

int main(int argc, char** argv) {
  std::ifstream vectors(argc == 2 ? argv[1] : "");
  if (!vectors.good()) {
    std::cerr << "write_exhaustive_cases: give the path of vectors.cases\n";
    return 2;
  }
  std::stringstream text;
  text << vectors.rdbuf();
  std::cout << shield::testing::ExhaustiveCases(text.str());
  return 0;
}
