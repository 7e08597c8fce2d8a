// What a benchmark of Shield measures and how it says so: a workload beside the bare ceiling of the
// same machine in the same run.
//
//   void AddSealing(Suite& suite) {
//     suite.Add("payload_seal", Effort::kQuick, {{"bytes", 65536}},
//               [](const Run& run) { return Measure(run, 65536); });
//   }
//
// A ratio above 1 is better than the ceiling, whatever the unit: rates are divided by the ceiling,
// costs (seconds, bytes, wake-ups) divide it. No workload switches off anything a user gets.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield::testing {

// How much of the suite a run does: kQuick proves that everything runs (it asserts nothing about
// time), kDefault gives the figures of docs/performance.md, kFull adds the sizes that take minutes.
enum class Effort { kQuick, kDefault, kFull };

enum class Better { kHigher, kLower };

// One line of the table. `ceiling` is absent where nothing bare does the same (cold start, growth).
struct Figure {
  std::string unit = {};  // "MB/s", "deliveries/s", "us", "B", "exponent"
  Better better = Better::kHigher;
  double ours = 0;
  std::optional<double> ceiling = {};
  double cpu_s = 0;         // processor time of what is measured, all its processes
  uint64_t peak_bytes = 0;  // the most memory it held, of the process that is measured
};

// Ours against the ceiling, above 1 where ours is better; absent without a ceiling or where either
// is not above zero.
std::optional<double> Ratio(const Figure& figure);

struct Run {
  Effort effort = Effort::kDefault;
};

// Measures once: ours and the ceiling, one directly after the other, medians of an odd number of
// turns where a turn is short. An error is a workload that could not run; the suite goes on.
using Measurement = std::function<absl::StatusOr<Figure>(const Run& run)>;

struct Workload {
  std::string name;                 // "fanout_live"
  nlohmann::ordered_json params;    // {"subscribers": 100, "bytes": 4096, "client": "counting"}
  Effort least = Effort::kDefault;  // the least effort that includes it
  Measurement measure;
};

// Thread-compatible; in the order of adding.
class Suite {
 public:
  void Add(absl::string_view name, Effort least, nlohmann::ordered_json params,
           Measurement measure);
  const std::vector<Workload>& workloads() const { return workloads_; }

 private:
  std::vector<Workload> workloads_;
};

}  // namespace shield::testing
