#include "tests/bench/harness/workload.h"

#include <utility>

namespace shield::testing {

std::optional<double> Ratio(const Figure& figure) {
  if (!figure.ceiling.has_value()) return std::nullopt;
  const double ours = figure.ours;
  const double ceiling = *figure.ceiling;
  if (!(ours > 0) || !(ceiling > 0)) return std::nullopt;
  return figure.better == Better::kHigher ? ours / ceiling : ceiling / ours;
}

void Suite::Add(absl::string_view name, Effort least, nlohmann::ordered_json params,
                Measurement measure) {
  workloads_.push_back({std::string(name), std::move(params), least, std::move(measure)});
}

}  // namespace shield::testing
