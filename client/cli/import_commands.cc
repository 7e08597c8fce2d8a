// shield bulletin import
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/open_client.h"
#include "client/cli/plan_text.h"
#include "client/text/terminal_text.h"

namespace shield::cli {
namespace {

// What was refused, beside what was taken.
struct Outcome {
  nlohmann::json imported = nlohmann::json::array();
  nlohmann::json refused = nlohmann::json::array();
  absl::Status first;  // refusal
  std::vector<std::string> warnings = {};
};

void Take(Session& session, const std::string& folder, const ImportReport& report,
          Outcome& outcome) {
  Output& out = session.out();
  out.Line(out.Label(report.tlp));
  out.Line(absl::StrCat(TerminalLine(folder), ": bulletin ", report.id.ToHex(),
                        report.already ? " was here already" : " imported"));
  if (report.newer_directory) {
    out.Line(absl::StrCat("directory version ", report.directory_version, " came with it"));
  }
  out.Line(out.Label(report.tlp));
  outcome.imported.push_back({{"path", folder},
                              {"id", report.id.ToHex()},
                              {"already", report.already},
                              {"directory_version", report.directory_version},
                              {"newer_directory", report.newer_directory}});
  outcome.warnings = report.warnings;
}

void Refuse(Session& session, const std::string& folder, const absl::Status& why,
            Outcome& outcome) {
  const absl::Status refusal = AsOwnStanding(Annotate(why, absl::StrCat("`", folder, "`")));
  outcome.refused.push_back(
      {{"path", folder}, {"code", RuleOf(why)}, {"message", std::string(why.message())}});
  if (outcome.first.ok()) {
    outcome.first = refusal;
  } else {
    session.out().Note(TerminalLine(absl::StrCat("shield: ", refusal.message())));
  }
}

// With one folder its refusal; with several of which some were taken, that it was done in part.
absl::Status Concluded(const Outcome& outcome) {
  if (outcome.first.ok() || outcome.imported.empty()) return outcome.first;
  return WithHint(
      WithRule(
          absl::FailedPreconditionError(absl::StrCat(
              outcome.imported.size(), " folders were imported and ", outcome.refused.size(),
              " refused, the first: ", outcome.first.message(), " (", RuleOf(outcome.first), ")")),
          "IMPORTED_IN_PART"),
      HintOf(outcome.first));
}

absl::Status Import(Session& session, const std::vector<std::string>& folders) {
  ASSIGN_OR_RETURN(Client client, OpenClient(session));
  Outcome outcome;
  for (const std::string& folder : folders) {
    const absl::StatusOr<ImportReport> report = client.Import(folder);
    if (report.ok()) {
      Take(session, folder, *report, outcome);
    } else {
      Refuse(session, folder, report.status(), outcome);
    }
  }
  for (const std::string& warning : outcome.warnings) {
    session.out().Note(absl::StrCat("shield: warning: ", WarningSentence(warning)));
  }
  const absl::Status concluded = Concluded(outcome);
  return session.out().ObjectUnless(concluded, {{"imported", std::move(outcome.imported)},
                                                {"refused", std::move(outcome.refused)}});
}

}  // namespace

void AddImportCommand(CLI::App& bulletin, Session& session) {
  const auto folders = std::make_shared<std::vector<std::string>>();
  CLI::App* import = bulletin.add_subcommand(
      "import", "Take in folders that `inbox export` wrote, without a broker");
  import->add_option("PATH", *folders, "Exported folders")->required();
  session.Command(import, [&session, folders] { return Import(session, *folders); });
}

}  // namespace shield::cli
