#include "client/cli/app.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/commands.h"
#include "client/cli/output.h"
#include "client/cli/session.h"
#include "client/cli/version.h"

namespace shield::cli {
namespace {

bool WantsColour(const Environment& environment) {
  const std::optional<std::string> no_colour = environment.variable("NO_COLOR");
  return environment.data_is_terminal && (!no_colour.has_value() || no_colour->empty());
}

// The format by the words alone, for errors that come before the options are understood.
Format WantedFormat(const std::vector<std::string>& arguments) {
  Format format = Format::kHuman;
  for (const std::string& word : arguments) {
    if (word == "--") break;
    if (word == "--jsonl") return Format::kJsonLines;
    if (word == "--json") format = Format::kJson;
  }
  return format;
}

// The first word that stands where a command's name should and is none, with what leads to it.
std::optional<std::string> UnknownCommand(const CLI::App& app,
                                          const std::vector<std::string>& arguments) {
  const CLI::App* at = &app;
  std::string path = "shield";
  for (const std::string& word : arguments) {
    const auto any = [](const CLI::App*) { return true; };
    if (absl::StartsWith(word, "-") || at->get_subcommands(any).empty()) return std::nullopt;
    const auto found =
        at->get_subcommands([&word](const CLI::App* command) { return command->check_name(word); });
    if (found.empty()) return absl::StrCat("`", word, "` is no command of `", path, "`");
    at = found.front();
    absl::StrAppend(&path, " ", word);
  }
  return std::nullopt;
}

// Help and version are data and succeed; anything else CLI11 throws is a usage error.
ExitCode Explain(const CLI::App& app, const CLI::ParseError& error,
                 const std::vector<std::string>& arguments, Environment& environment,
                 Output& output) {
  std::ostringstream data;
  std::ostringstream ignored;
  if (app.exit(error, data, ignored) == 0) {
    environment.data << data.str();
    return ExitCode::kOk;
  }
  const std::string what = UnknownCommand(app, arguments).value_or(error.what());
  return output.Error(
      WithHint(UsageError(what), "see `shield --help` or the command's own --help"));
}

ExitCode ParseAndRun(const std::vector<std::string>& arguments, Environment& environment,
                     Output& output) {
  Session session(environment, output);
  CLI::App app("Shares sealed bulletins between police and vetted partners.", "shield");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  AddNetworkCommands(app, session);
  AddEnrolmentCommands(app, session);
  AddDirectoryCommands(app, session);
  AddBulletinCommands(app, session);
  AddInboxCommands(app, session);
  AddDigestCommands(app, session);
  AddPolicyCommands(app, session);
  AddAuditCommands(app, session);
  AddVerifyCommands(app, session);
  AddRetentionCommand(app, session);
  AddDoctorCommand(app, session);
  AddDemoCommands(app, session);
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return Explain(app, error, arguments, environment, output);
  }
  session.ApplyFormat();
  absl::Status status = session.action()();
  if (status.ok()) status = output.Flush();
  return status.ok() ? ExitCode::kOk : output.Error(status);
}

}  // namespace

ExitCode RunShield(const std::vector<std::string>& arguments, Environment& environment) {
  Output output(environment.data, environment.notes, WantsColour(environment));
  output.set_format(WantedFormat(arguments));
  output.set_columns(environment.data_columns);
  try {
    return ParseAndRun(arguments, environment, output);
  } catch (const std::exception& error) {
    // Libraries throw; nothing of ours does. What they say may quote content, so it is not shown.
    return output.Error(WithHint(absl::InternalError("the program met a case it does not know"),
                                 "report the command and this version: `shield --version`"));
  }
}

std::string LastWords(const std::vector<std::string>& arguments) {
  std::ostringstream data;
  std::ostringstream ignored;
  Output output(data, ignored, /*colour=*/false);
  output.set_format(WantedFormat(arguments));
  output.Error(Interrupted());
  return data.str();
}

}  // namespace shield::cli
