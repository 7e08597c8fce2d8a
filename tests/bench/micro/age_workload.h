// Sealing as somebody would compare it who has the `age` of the distribution.
#pragma once

#include "tests/bench/harness/workload.h"

namespace shield::testing {

// seal_slots_vs_age {recipients}: a file of 1 KiB sealed to the recipients of a file, beside
// `age -R recipients -o sealed plain`. Ours reads the same two files, parses and checks each
// recipient, seals on all cores and writes a slot for each and the payload; it is not started anew
// each time, which `age` takes a few milliseconds for. NOT_FOUND where `age` is not installed.
void AddAgeComparison(Suite& suite);

}  // namespace shield::testing
