#include "tests/bench/harness/run_suite.h"

#include <cmath>
#include <exception>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "tests/bench/harness/bench_options.h"
#include "tests/bench/harness/figure_file.h"
#include "tests/bench/harness/figure_text.h"

namespace shield::testing {
namespace {

constexpr int kMeasured = 0;
constexpr int kFailed = 1;
constexpr int kNotUnderstood = 2;

void Say(std::ostream& notes, const absl::Status& status) {
  notes << "shield_bench: " << status.message() << std::endl;
}

// What libraries throw fails one workload, not all of them.
absl::StatusOr<Figure> Measure(const Workload& workload, const Run& run) {
  try {
    ASSIGN_OR_RETURN(Figure figure, workload.measure(run));
    if (!std::isfinite(figure.ours)) return absl::InternalError("what was measured is no number");
    return figure;
  } catch (const std::exception& error) {
    return absl::InternalError(error.what());
  }
}

void List(const std::vector<Workload>& workloads, std::ostream& data) {
  for (const Workload& workload : workloads) {
    data << workload.name << " " << ParamsText(workload.params) << "\n";
  }
}

class Report {
 public:
  Report(std::ostream& data, std::optional<FigureFile>& file) : data_(data), file_(file) {
    data_ << TableHead() << std::flush;
  }

  absl::Status Add(const Workload& workload, const Figure& figure) {
    data_ << TableRow(workload, figure) << std::flush;
    return file_.has_value() ? file_->Append(JsonLine(workload, figure)) : absl::OkStatus();
  }

 private:
  std::ostream& data_;
  std::optional<FigureFile>& file_;
};

int MeasureAll(const std::vector<Workload>& workloads, const Run& run, Report& report,
               std::ostream& notes) {
  int result = kMeasured;
  for (const Workload& workload : workloads) {
    const absl::StatusOr<Figure> figure = Measure(workload, run);
    absl::Status status = figure.status();
    if (status.ok()) status = report.Add(workload, *figure);
    if (status.ok()) continue;
    const std::string what = absl::StrCat(workload.name, " ", ParamsText(workload.params));
    Say(notes, Annotate(status, absl::StrCat("`", what, "` failed")));
    result = kFailed;
  }
  return result;
}

}  // namespace

int RunBench(const Suite& suite, const std::vector<std::string>& arguments, std::ostream& data,
             std::ostream& notes) {
  const absl::StatusOr<BenchOptions> options = ParseBenchOptions(arguments);
  if (!options.ok()) {
    Say(notes, Annotate(options.status(), "see --help"));
    return kNotUnderstood;
  }
  if (options->help.has_value()) {
    data << *options->help;
    return kMeasured;
  }
  const absl::StatusOr<std::vector<Workload>> chosen = Chosen(suite, *options);
  if (!chosen.ok()) {
    Say(notes, chosen.status());
    return kNotUnderstood;
  }
  if (options->list) {
    List(*chosen, data);
    return kMeasured;
  }
  std::optional<FigureFile> file;
  if (options->json_path.has_value()) {
    absl::StatusOr<FigureFile> opened = FigureFile::Open(*options->json_path);
    if (!opened.ok()) {
      Say(notes, opened.status());
      return kFailed;
    }
    file.emplace(*std::move(opened));
  }
  Report report(data, file);
  return MeasureAll(*chosen, Run{.effort = options->effort}, report, notes);
}

}  // namespace shield::testing
