// Writes the editions of a simulated quarter, in every format, as the command line does.
//
//   quarter_editions FOLDER [--weeks 2026-W47,2026-W50] [--formats md,term,html,pdf,json,ics,eml]
//                           [--lang en] [--tiers green,amber,amber+strict,mine]
//                           [--seed 2026] [--samples DIR]
//   quarter_editions --examples docs/examples
//
// Without --weeks each of the thirteen. --samples takes texts (*.txt) and STIX files (*.json) of a
// folder among the bulletins.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/cli/digest_formats.h"
#include "client/digest/page/pdf.h"
#include "tests/client/digest/quarter/quarter_examples.h"
#include "tests/client/digest/quarter/quarter_network.h"

namespace shield::testing {
namespace {

struct Options {
  std::filesystem::path folder;
  std::vector<std::string> weeks;
  std::vector<std::string> formats = {"md", "term", "html", "json", "ics", "eml"};
  std::vector<std::string> tiers = {"green", "amber", "amber+strict", "mine"};
  Language language = Language::kEnglish;
  QuarterOrder order;
};

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<QuarterSample> ReadSamples(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<QuarterSample> samples;
  for (const std::filesystem::path& path : paths) {
    QuarterSample sample{.name = path.stem().string(), .body = {}, .patterns = {}};
    if (path.extension() == ".txt") sample.body = ReadFile(path);
    if (path.extension() == ".json") {
      const auto bundle = nlohmann::json::parse(ReadFile(path), nullptr, false);
      if (!bundle.is_object()) continue;
      for (const auto& object : bundle.value("objects", nlohmann::json::array())) {
        if (object.contains("pattern")) sample.patterns.push_back(object["pattern"]);
      }
    }
    if (!sample.body.empty() || !sample.patterns.empty()) samples.push_back(std::move(sample));
  }
  return samples;
}

bool ReadOption(const std::string& name, const std::string& value, Options& options) {
  if (name == "--weeks") options.weeks = absl::StrSplit(value, ',');
  if (name == "--formats") options.formats = absl::StrSplit(value, ',');
  if (name == "--tiers") options.tiers = absl::StrSplit(value, ',');
  if (name == "--samples") options.order.samples = ReadSamples(value);
  if (name == "--seed" && !absl::SimpleAtoi(value, &options.order.seed)) return false;
  if (name == "--lang") {
    const absl::StatusOr<Language> language = ParseLanguage(value);
    if (!language.ok()) return false;
    options.language = *language;
  }
  return absl::StartsWith(name, "--");
}

bool WriteEdition(const Options& options, const Edition& edition) {
  for (const std::string& format : options.formats) {
    cli::FormatOptions how{.format = format, .columns = 80};
    how.mail = {
        .max_tlp = Tlp::kGreen, .from = "digest@antwerp.example", .to = "desk@astrid.example"};
    const absl::StatusOr<cli::WrittenFormats> written = cli::WriteFormats(edition, how);
    if (!written.ok()) {
      std::cerr << format << ": " << written.status().message() << "\n";
      return false;
    }
    for (const cli::WrittenEdition& each : written->files) {
      std::ofstream file(options.folder / each.name, std::ios::binary);
      file << each.text;
      if (!file.good()) return false;
    }
  }
  return true;
}

bool Write(const Options& options) {
  QuarterNetwork network(options.order);
  bool written = true;
  for (int i = 0; i < kQuarterWeeks; ++i) {
    const Week week = FirstWeekOfQuarter().Plus(i);
    network.PlayThrough(week);
    const bool wanted =
        options.weeks.empty() ||
        std::find(options.weeks.begin(), options.weeks.end(), week.Print()) != options.weeks.end();
    if (!wanted) continue;
    for (const std::string& tier : options.tiers) {
      const absl::StatusOr<Tier> parsed = tier == "mine" ? Tier::kMine : ParseTier(tier);
      if (!parsed.ok()) return false;
      written =
          WriteEdition(options, network.Make(week, *parsed, options.language).edition) && written;
    }
  }
  std::cerr << network.published() << " bulletins, of which " << network.ended()
            << " ended others or were ended\n";
  return written;
}

// The editions of docs/examples, each as Markdown, page and PDF.
bool WriteExamples(const std::filesystem::path& folder) {
  QuarterNetwork network({});
  for (const QuarterExample& example : QuarterExamples()) {
    network.PlayThrough(example.week);
    const MadeExample made = MakeExample(network, example);
    std::ofstream(folder / made.name, std::ios::binary) << made.text;
    if (example.format != "html") continue;
    const auto pdf = WritePdf(made.text, {.as_of = example.week.due()});
    if (!pdf.ok()) {
      std::cerr << pdf.status().message() << "\n";
      return false;
    }
    const std::string name = ExampleName(example.week, example.tier, "pdf");
    std::ofstream(folder / name, std::ios::binary) << *pdf;
  }
  return true;
}

}  // namespace
}  // namespace shield::testing

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "--examples") {
    return shield::testing::WriteExamples(argv[2]) ? 0 : 1;
  }
  shield::testing::Options options;
  bool fits = argc >= 2 && argc % 2 == 0 && argv[1][0] != '-';
  for (int i = 2; fits && i + 1 < argc; i += 2) {
    fits = shield::testing::ReadOption(argv[i], argv[i + 1], options);
  }
  if (!fits) {
    std::cerr << "quarter_editions FOLDER [--weeks W] [--formats F] [--tiers T] [--lang L] "
                 "[--seed N] [--samples DIR]\n";
    return 2;
  }
  options.folder = argv[1];
  std::filesystem::create_directories(options.folder);
  return shield::testing::Write(options) ? 0 : 1;
}
