// What a run of the benchmarks was asked to do.
//
//   shield_bench [--quick | --full] [--only NAME[,PARAM=VALUE]...]... [--json FILE] [--list]
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/harness/workload.h"

namespace shield::testing {

struct BenchOptions {
  Effort effort = Effort::kDefault;
  // "fanout_live", or "fanout_live,subscribers=100,bytes=1024"; empty: all.
  std::vector<std::string> only = {};
  std::optional<std::string> json_path = {};
  bool list = false;                     // only says what it would measure
  std::optional<std::string> help = {};  // the text that was asked for
};

// INVALID_ARGUMENT: an unknown option, both efforts, a value that is missing. `arguments` is
// without the program's name.
absl::StatusOr<BenchOptions> ParseBenchOptions(const std::vector<std::string>& arguments);

// The workloads of that effort, of the names and parameters wanted, in the order of the suite.
// INVALID_ARGUMENT with the list of names when one is unknown, or when nothing that is wanted is in
// that effort.
absl::StatusOr<std::vector<Workload>> Chosen(const Suite& suite, const BenchOptions& options);

}  // namespace shield::testing
