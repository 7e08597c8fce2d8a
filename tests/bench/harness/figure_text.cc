#include "tests/bench/harness/figure_text.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace shield::testing {
namespace {

constexpr double kBytesAMebibyte = 1 << 20;
constexpr char kNothing[] = "-";

nlohmann::ordered_json OrNull(std::optional<double> value) {
  if (!value.has_value()) return nullptr;
  return *value;
}

// Three digits that say something; all of them before the point.
std::string Number(double value) {
  const double size = std::abs(value);
  if (size >= 100) return absl::StrFormat("%.0f", value);
  if (size >= 10) return absl::StrFormat("%.1f", value);
  return absl::StrFormat("%.3g", value);
}

std::string NumberOrNothing(std::optional<double> value) {
  return value.has_value() ? Number(*value) : kNothing;
}

std::string RatioText(std::optional<double> ratio) {
  return ratio.has_value() ? absl::StrFormat("%.2f", *ratio) : kNothing;
}

std::string Row(absl::string_view workload, absl::string_view params, absl::string_view ours,
                absl::string_view ceiling, absl::string_view unit, absl::string_view ratio,
                absl::string_view cpu, absl::string_view peak) {
  return absl::StrFormat("%-22s %-44s %11s %11s %-13s %6s %9s %9s\n", workload, params, ours,
                         ceiling, unit, ratio, cpu, peak);
}

}  // namespace

std::string JsonLine(const Workload& workload, const Figure& figure) {
  nlohmann::ordered_json line;
  line["workload"] = workload.name;
  line["params"] = workload.params;
  line["ours"] = figure.ours;
  line["ceiling"] = OrNull(figure.ceiling);
  line["unit"] = figure.unit;
  line["ratio"] = OrNull(Ratio(figure));
  line["cpu_s"] = figure.cpu_s;
  line["peak_bytes"] = figure.peak_bytes;
  return line.dump();
}

std::string ParamsText(const nlohmann::ordered_json& params) {
  std::string text;
  for (const auto& [name, value] : params.items()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", name, "=",
                    value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

std::string TableHead() {
  return Row("workload", "params", "ours", "ceiling", "unit", "ratio", "cpu s", "peak MiB");
}

std::string TableRow(const Workload& workload, const Figure& figure) {
  return Row(workload.name, ParamsText(workload.params), Number(figure.ours),
             NumberOrNothing(figure.ceiling), figure.unit, RatioText(Ratio(figure)),
             Number(figure.cpu_s),
             absl::StrFormat("%.1f", static_cast<double>(figure.peak_bytes) / kBytesAMebibyte));
}

}  // namespace shield::testing
