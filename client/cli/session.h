// One run of one command: the options every command knows, and what they stand for.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cli/environment.h"
#include "client/cli/output.h"

namespace shield::cli {

// Not thread-safe. Borrows the environment and the output.
class Session {
 public:
  Session(Environment& environment, Output& output) : environment_(environment), output_(output) {}

  Environment& environment() { return environment_; }
  Output& out() { return output_; }

  // Adds the common options to a command and makes `action` what it does. The action runs after
  // all options are parsed.
  void Command(CLI::App* command, std::function<absl::Status()> action);
  // The same for a command that is nothing without the broker: --offline is a usage error.
  void OnlineCommand(CLI::App* command, std::function<absl::Status()> action);

  // The action of the command that was named; empty before parsing.
  const std::function<absl::Status()>& action() const { return action_; }
  // Applies --json and --jsonl to the output.
  void ApplyFormat();

  // --home, else SHIELD_HOME, else $XDG_CONFIG_HOME/shield, else ~/.config/shield.
  absl::StatusOr<std::filesystem::path> Home() const;
  // --broker; empty when the network file's address is meant.
  const std::string& broker_override() const { return broker_; }
  // --timeout, for one call to the broker.
  absl::StatusOr<absl::Duration> Timeout() const;
  bool offline() const { return offline_; }
  bool no_input() const { return no_input_; }
  // The passphrase that wraps the keys: --passphrase-file, else a prompt when a terminal is there
  // and `ask`. Nothing when there is neither.
  absl::StatusOr<std::optional<std::string>> Passphrase(absl::string_view prompt, bool ask);
  // One that is to wrap new keys: typed twice. FAILED_PRECONDITION when the two differ.
  absl::StatusOr<std::optional<std::string>> NewPassphrase(absl::string_view prompt);

  // OK unless --offline was given: a usage error.
  absl::Status RefuseOffline() const;

  // Makes sure that the person means it: the id typed on a terminal, or --confirm ID --reason TEXT.
  // `reach` says in one sentence whom the step touches, and is shown first. FAILED_PRECONDITION
  // when neither was given, or another word was typed.
  absl::Status Confirm(absl::string_view id, absl::string_view reach, absl::string_view confirmed,
                       absl::string_view reason);

 private:
  Environment& environment_;
  Output& output_;
  std::function<absl::Status()> action_;
  std::string home_;
  std::string broker_;
  std::string timeout_ = "10s";
  std::string passphrase_file_;
  bool json_ = false;
  bool json_lines_ = false;
  bool no_input_ = false;
  bool offline_ = false;
};

}  // namespace shield::cli
