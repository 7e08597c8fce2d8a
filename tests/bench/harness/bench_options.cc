#include "tests/bench/harness/bench_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
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

// What `--only` asks for.
struct Wish {
  explicit Wish(const std::string& words) : text(words) {
    std::vector<std::string> parts = absl::StrSplit(words, ',');
    name = std::move(parts.front());
    params.assign(parts.begin() + 1, parts.end());
  }

  bool IsFor(const Workload& workload) const {
    return workload.name == name &&
           std::all_of(params.begin(), params.end(),
                       [&](const std::string& param) { return HasParam(workload, param); });
  }

  std::string text;
  std::string name;
  std::vector<std::string> params;  // "bytes=1024"

 private:
  static bool HasParam(const Workload& workload, const std::string& param) {
    const std::vector<std::string> both = absl::StrSplit(param, absl::MaxSplits('=', 1));
    if (both.size() != 2 || !workload.params.contains(both[0])) return false;
    const auto& value = workload.params[both[0]];
    return (value.is_string() ? value.get<std::string>() : value.dump()) == both[1];
  }
};

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
absl::Status CheckAllChosen(const std::vector<Workload>& chosen, const std::vector<Wish>& wanted) {
  for (const Wish& wish : wanted) {
    const bool found = std::any_of(chosen.begin(), chosen.end(),
                                   [&](const Workload& each) { return wish.IsFor(each); });
    if (found) continue;
    return absl::InvalidArgumentError(
        wish.params.empty()
            ? absl::StrCat("`", wish.name,
                           "` has no form as small as that; run it without --quick or with --full")
            : absl::StrCat("nothing here is `", wish.text, "`; see --list, with --full as well"));
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
  app.add_option("--only", options.only,
                 "a workload by its name and, where wanted, parameters of it: NAME,PARAM=VALUE; "
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
  RETURN_IF_ERROR(CheckAllChosen(chosen, wanted));
  return chosen;
}

}  // namespace shield::testing
