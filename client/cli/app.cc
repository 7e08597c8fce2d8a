#include "client/cli/app.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/output.h"
#include "client/cli/session.h"
#include "client/cli/terminal_text.h"

namespace shield::cli {
namespace {

constexpr char kVersion[] = "shield 0.1.0";

bool WantsColour(const Environment& environment) {
  const std::optional<std::string> no_colour = environment.variable("NO_COLOR");
  return environment.data_is_terminal && (!no_colour.has_value() || no_colour->empty());
}

// Help and version are data and succeed; anything else CLI11 throws is a usage error.
ExitCode Explain(const CLI::App& app, const CLI::ParseError& error, Environment& environment) {
  std::ostringstream data;
  std::ostringstream notes;
  const int code = app.exit(error, data, notes);
  environment.data << data.str();
  if (code == 0) return ExitCode::kOk;
  environment.notes << "shield: " << TerminalText(error.what())
                    << ". See `shield --help` or the command's own --help.\n";
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunShield(const std::vector<std::string>& arguments, Environment& environment) {
  Output output(environment.data, environment.notes, WantsColour(environment));
  Session session(environment, output);

  CLI::App app("Shares sealed bulletins between police and vetted partners.", "shield");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  AddNetworkCommands(app, session);
  AddEnrolmentCommands(app, session);
  AddDirectoryCommands(app, session);
  AddBulletinCommands(app, session);
  AddInboxCommands(app, session);
  AddPolicyCommands(app, session);
  AddVerifyCommands(app, session);
  AddDemoCommands(app, session);

  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return Explain(app, error, environment);
  }
  session.ApplyFormat();
  const absl::Status status = session.action()();
  return status.ok() ? ExitCode::kOk : output.Error(status);
}

}  // namespace shield::cli
