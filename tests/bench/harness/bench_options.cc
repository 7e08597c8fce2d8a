#include "tests/bench/harness/bench_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace shield::testing {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Each once, in the order of the suite.
std::vector<std::string> NamesOf(const std::vector<Workload>& workloads) {
  std::vector<std::string> names;
  for (const Workload& workload : workloads) {
    if (!Contains(names, workload.name)) names.push_back(workload.name);
  }
  return names;
}

std::string Text(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// What `--only` asks for.
struct Wish {
  using Param = std::pair<std::string, std::string>;

  explicit Wish(const std::string& words) : text(words) {
    std::vector<std::string> parts = absl::StrSplit(words, ',');
    name = std::move(parts.front());
    for (size_t i = 1; i < parts.size(); ++i) {
      params.emplace_back(absl::StrSplit(parts[i], absl::MaxSplits('=', 1)));
    }
  }

  bool IsFor(const Workload& workload) const {
    return workload.name == name &&
           std::all_of(params.begin(), params.end(), [&](const Param& param) {
             return workload.params.contains(param.first) &&
                    Text(workload.params[param.first]) == param.second;
           });
  }

  std::string text;
  std::string name;
  std::vector<Param> params;  // "bytes", "1024"
};

// Why nothing is what was asked for, whatever the effort.
absl::Status SayWhatThereIs(const Suite& suite, const Wish& wish) {
  for (const auto& [param, value] : wish.params) {
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (const Workload& workload : suite.workloads()) {
      if (workload.name != wish.name) continue;
      for (const auto& [key, has] : workload.params.items()) {
        if (!Contains(names, key)) names.push_back(key);
        if (key == param && !Contains(values, Text(has))) values.push_back(Text(has));
      }
    }
    if (values.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("`", wish.text, "`: `", param,
                       "` is no parameter; there are: ", absl::StrJoin(names, ", ")));
    }
    if (!Contains(values, value)) {
      return absl::InvalidArgumentError(
          absl::StrCat("`", wish.text, "`: ", param, " is one of ", absl::StrJoin(values, ", ")));
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("`", wish.text, "`: no size has all of these together; see --full --list"));
}

absl::Status CheckKnown(const Suite& suite, const std::vector<Wish>& wanted) {
  const std::vector<std::string> known = NamesOf(suite.workloads());
  for (const Wish& wish : wanted) {
    if (Contains(known, wish.name)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "`", wish.name, "` is no workload; there are:\n  ", absl::StrJoin(known, "\n  ")));
  }
  return absl::OkStatus();
}

// A run that measures nothing of what it was asked for would pass for one that did.
absl::Status CheckAllChosen(const Suite& suite, const std::vector<Workload>& chosen,
                            const std::vector<Wish>& wanted) {
  for (const Wish& wish : wanted) {
    const auto is_meant = [&](const Workload& each) { return wish.IsFor(each); };
    if (std::any_of(chosen.begin(), chosen.end(), is_meant)) continue;
    std::optional<Effort> least;
    for (const Workload& workload : suite.workloads()) {
      if (is_meant(workload)) least = std::min(least.value_or(workload.least), workload.least);
    }
    if (!least.has_value()) return SayWhatThereIs(suite, wish);
    return absl::InvalidArgumentError(
        absl::StrCat("`", wish.text, "` is not measured in so short a run: run it ",
                     *least == Effort::kFull ? "with --full" : "without --quick"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BenchOptions> ParseBenchOptions(const std::vector<std::string>& arguments) {
  BenchOptions options;
  bool quick = false;
  bool full = false;
  CLI::App app("Measures Shield beside programs that do only what cannot be left out.",
               "shield_bench");
  CLI::Option* quick_flag =
      app.add_flag("--quick", quick, "small sizes, one turn: only shows that everything runs");
  app.add_flag("--full", full, "also the sizes that take minutes")->excludes(quick_flag);
  app.add_option("--only", options.only,
                 "a workload by its name, and of it all sizes or those with PARAM=VALUE: "
                 "NAME[,PARAM=VALUE]...; "
                 "may be repeated")
      ->allow_extra_args(false);
  app.add_option("--json", options.json_path, "a file that gets a JSON line for each figure");
  app.add_flag("--list", options.list, "says what would be measured, and measures nothing");
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    std::ostringstream data;
    std::ostringstream ignored;
    if (app.exit(error, data, ignored) != 0) return absl::InvalidArgumentError(error.what());
    options.help = data.str();
  }
  if (quick) options.effort = Effort::kQuick;
  if (full) options.effort = Effort::kFull;
  return options;
}

absl::StatusOr<std::vector<Workload>> Chosen(const Suite& suite, const BenchOptions& options) {
  const std::vector<Wish> wanted(options.only.begin(), options.only.end());
  RETURN_IF_ERROR(CheckKnown(suite, wanted));
  std::vector<Workload> chosen;
  for (const Workload& workload : suite.workloads()) {
    const bool asked = wanted.empty() || std::any_of(wanted.begin(), wanted.end(), [&](auto& wish) {
                         return wish.IsFor(workload);
                       });
    if (asked && workload.least <= options.effort) chosen.push_back(workload);
  }
  RETURN_IF_ERROR(CheckAllChosen(suite, chosen, wanted));
  return chosen;
}

}  // namespace shield::testing
