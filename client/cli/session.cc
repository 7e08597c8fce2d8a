#include "client/cli/session.h"

#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield::cli {
namespace {

constexpr size_t kMaxPassphraseBytes = 1024;

// A number of seconds or a duration like 500ms, 10s, 2m.
std::optional<absl::Duration> ParseTimeout(absl::string_view text) {
  double seconds = 0;
  absl::Duration duration;
  if (absl::SimpleAtod(text, &seconds)) {
    duration = absl::Seconds(seconds);
  } else if (!absl::ParseDuration(text, &duration)) {
    return std::nullopt;
  }
  if (duration <= absl::ZeroDuration() || duration > absl::Hours(24)) return std::nullopt;
  return duration;
}

std::string CheckAddress(const std::string& text) {
  return IsHostPort(text) ? "" : absl::StrCat("`", text, "` is not HOST:PORT");
}

std::string CheckTimeout(const std::string& text) {
  if (ParseTimeout(text).has_value()) return "";
  return absl::StrCat("`", text, "` is not a duration: give it as 500ms, 10s or 2m, up to 24h");
}

std::string CheckPath(const std::string& path) { return path.empty() ? "the path is empty" : ""; }

// No path is empty: it would stand for the folder one is in, or for no option at all. What takes a
// path says so by its type, or is named for it.
void RefuseEmptyPaths(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    const std::string word =
        option->get_positional() ? option->get_name(/*positional=*/true) : option->get_type_name();
    if (word != "FILE" && word != "DIR" && word != "FOLDER" && word != "PATH" && word != "DRAFT") {
      continue;
    }
    option->check(CheckPath);
  }
}

}  // namespace

void Session::Command(CLI::App* command, std::function<absl::Status()> action) {
  command->add_option("--home", home_, "The home folder (default: SHIELD_HOME)")->type_name("DIR");
  command->add_option("--broker", broker_, "Another address of the broker; the pin stays")
      ->type_name("HOST:PORT")
      ->check(CheckAddress);
  command->add_option("--timeout", timeout_, "For each call to the broker")
      ->type_name("DURATION")
      ->check(CheckTimeout)
      ->capture_default_str();
  command->add_option("--passphrase-file", passphrase_file_, "Holds the passphrase of the keys")
      ->type_name("FILE");
  command->add_flag("--json", json_, "One JSON object on standard output");
  command->add_flag("--jsonl", json_lines_, "A JSON object a line");
  command->add_flag("--no-input", no_input_, "Never ask");
  command->add_flag("--offline", offline_, "Use what is here; do not call the broker");
  RefuseEmptyPaths(*command);
  command->callback([this, action = std::move(action)] { action_ = action; });
}

void Session::OnlineCommand(CLI::App* command, std::function<absl::Status()> action) {
  Command(command, [this, action = std::move(action)] {
    RETURN_IF_ERROR(RefuseOffline());
    return action();
  });
}

void Session::ApplyFormat() {
  if (json_lines_) {
    output_.set_format(Format::kJsonLines);
  } else if (json_) {
    output_.set_format(Format::kJson);
  }
}

absl::StatusOr<std::filesystem::path> Session::Home() const {
  if (!home_.empty()) return std::filesystem::path(home_);
  if (const auto home = environment_.variable("SHIELD_HOME"); home && !home->empty()) {
    return std::filesystem::path(*home);
  }
  if (const auto config = environment_.variable("XDG_CONFIG_HOME"); config && !config->empty()) {
    return std::filesystem::path(*config) / "shield";
  }
  if (const auto user = environment_.variable("HOME"); user && !user->empty()) {
    return std::filesystem::path(*user) / ".config" / "shield";
  }
  return WithHint(UsageError("no home folder is named"), "name one with --home DIR");
}

absl::StatusOr<absl::Duration> Session::Timeout() const {
  const std::optional<absl::Duration> timeout = ParseTimeout(timeout_);
  if (timeout.has_value()) return *timeout;
  return WithHint(UsageError(absl::StrCat("--timeout `", timeout_, "` is not a duration")),
                  "give it as 500ms, 10s or 2m, up to 24h");
}

absl::StatusOr<std::optional<std::string>> Session::Passphrase(absl::string_view prompt, bool ask) {
  if (!passphrase_file_.empty()) {
    std::ifstream file(passphrase_file_);
    std::string passphrase;
    std::getline(file, passphrase);
    if (!passphrase.empty() && passphrase.back() == '\r') passphrase.pop_back();
    if (!file || passphrase.empty()) {
      return WithHint(absl::FailedPreconditionError(
                          absl::StrCat("passphrase file `", passphrase_file_,
                                       "` cannot be read or has an empty first line")),
                      "put the passphrase on its first line");
    }
    if (passphrase.size() > kMaxPassphraseBytes) {
      return absl::InvalidArgumentError("the passphrase is longer than 1024 bytes");
    }
    return std::optional<std::string>(std::move(passphrase));
  }
  if (!ask || no_input_ || !environment_.input_is_terminal) {
    return std::optional<std::string>(std::nullopt);
  }
  ASSIGN_OR_RETURN(std::string typed, environment_.read_secret(prompt));
  if (typed.empty()) return std::optional<std::string>(std::nullopt);
  return std::optional<std::string>(std::move(typed));
}

absl::StatusOr<std::optional<std::string>> Session::NewPassphrase(absl::string_view prompt) {
  ASSIGN_OR_RETURN(std::optional<std::string> passphrase, Passphrase(prompt, true));
  if (!passphrase.has_value() || !passphrase_file_.empty()) return passphrase;
  ASSIGN_OR_RETURN(const std::string again, environment_.read_secret("The same again: "));
  if (again == *passphrase) return passphrase;
  return WithHint(absl::FailedPreconditionError("the two passphrases differ; no keys were made"),
                  "run the command again");
}

absl::Status Session::RefuseOffline() const {
  if (!offline_) return absl::OkStatus();
  return WithHint(UsageError("--offline makes no sense here: the command works with the broker"),
                  "leave --offline out");
}

absl::Status Session::Confirm(absl::string_view id, absl::string_view reach,
                              absl::string_view confirmed, absl::string_view reason) {
  output_.Note(reach);
  if (!confirmed.empty()) {
    if (confirmed != id) {
      return UsageError(absl::StrCat("--confirm `", confirmed, "` is not `", id, "`"));
    }
    if (reason.empty()) {
      return WithHint(UsageError("--confirm needs a reason"), "add --reason TEXT");
    }
    return absl::OkStatus();
  }
  if (no_input_ || !environment_.input_is_terminal) {
    return WithRule(WithHint(absl::FailedPreconditionError("this step wants to be confirmed"),
                             absl::StrCat("add --confirm ", id, " --reason TEXT")),
                    "CONFIRMATION_NEEDED");
  }
  environment_.notes << "Type " << id << " to go on: " << std::flush;
  std::string typed;
  if (!std::getline(environment_.input, typed) || typed != id) {
    return WithRule(absl::FailedPreconditionError("not confirmed; nothing was done"),
                    "CONFIRMATION_NEEDED");
  }
  return absl::OkStatus();
}

}  // namespace shield::cli
