#include "tests/bench/harness/bench_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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

absl::Status CheckKnown(const Suite& suite, const std::vector<std::string>& wanted) {
  const std::vector<std::string> known = NamesOf(suite.workloads());
  for (const std::string& name : wanted) {
    if (Contains(known, name)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("`", name, "` is no workload; there are:\n  ", absl::StrJoin(known, "\n  ")));
  }
  return absl::OkStatus();
}

// A run that measures nothing of what it was asked for would pass for one that did.
absl::Status CheckAllChosen(const std::vector<Workload>& chosen,
                            const std::vector<std::string>& wanted) {
  const std::vector<std::string> found = NamesOf(chosen);
  for (const std::string& name : wanted) {
    if (Contains(found, name)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("`", name,
                     "` has no form as small as that; run it without --quick or with "
                     "--full"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BenchOptions> ParseBenchOptions(const std::vector<std::string>& arguments) {
  BenchOptions options;
  bool quick = false;
  bool full = false;
  CLI::App app("Measures Shield beside the bare ceilings of this machine.", "shield_bench");
  CLI::Option* quick_flag =
      app.add_flag("--quick", quick, "small sizes, one turn: only shows that everything runs");
  app.add_flag("--full", full, "also the sizes that take minutes")->excludes(quick_flag);
  app.add_option("--only", options.only, "a workload by its name; may be repeated")
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
  RETURN_IF_ERROR(CheckKnown(suite, options.only));
  std::vector<Workload> chosen;
  for (const Workload& workload : suite.workloads()) {
    const bool wanted = options.only.empty() || Contains(options.only, workload.name);
    if (wanted && workload.least <= options.effort) chosen.push_back(workload);
  }
  RETURN_IF_ERROR(CheckAllChosen(chosen, options.only));
  return chosen;
}

}  // namespace shield::testing
