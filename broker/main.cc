// shieldd: the broker. The only file of it that names the machine's clock, its randomness and argv.

#include <malloc.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/steady_clock.h"
#include "base/system_clock.h"
#include "broker/daemon/commands.h"
#include "broker/daemon/exit_code.h"
#include "broker/daemon/stderr_log.h"
#include "crypto/system_random.h"
#include "proto/wire/prepare_process.h"

namespace shield::broker {
namespace {

int Report(const absl::Status& status) {
  if (!status.ok()) {
    std::string line = absl::StrCat("shieldd: ", status.message());
    if (const std::string hint = HintOf(status); !hint.empty()) absl::StrAppend(&line, ". ", hint);
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  return static_cast<int>(ExitCodeFor(status));
}

int ParseAndRun(int argc, char** argv) {
  SystemClock clock;
  SystemRandom random;
  StderrLog log;
  SteadyClock pacing;
  const Surroundings world{clock, random, log, pacing};

  CLI::App app("The Shield broker: stores and delivers sealed bulletins it cannot read.",
               "shieldd");
  app.set_version_flag("--version", "shieldd 0.1.0");
  app.require_subcommand(1);
  std::function<absl::Status()> command;

  std::string home;
  const auto add = [&](const char* name, const char* what) {
    CLI::App* sub = app.add_subcommand(name, what);
    sub->add_option("--home", home, "the broker's home folder")->required();
    return sub;
  };

  std::string listen;
  CLI::App* init = add("init", "make keys and config.toml; print the broker's pin");
  init->add_option("--listen", listen, "HOST:PORT; port 0 picks a free one at each start")
      ->required();
  init->callback([&] {
    command = [&]() -> absl::Status {
      ASSIGN_OR_RETURN(const ListenAddress address, ParseListenAddress(listen));
      return InitHome(home, address, world);
    };
  });

  RunOptions options;
  CLI::App* run = add("run", "serve until SIGTERM");
  run->add_option("--network", options.network, "network.shield of the network")->required();
  run->add_option("--listen", options.listen, "HOST:PORT instead of the one in config.toml");
  run->callback([&] {
    options.home = home;
    command = [&] { return RunBroker(options, world); };
  });

  std::string folder;
  add("check", "whether a broker could start here")->callback([&] {
    command = [&] { return CheckHome(home, world); };
  });
  add("verify", "read the whole store and check it")->callback([&] {
    command = [&] { return VerifyStore(home, world); };
  });
  CLI::App* backup = add("backup", "copy the store; the broker may not be running");
  backup->add_option("--to", folder, "folder of the backups, closed to others")->required();
  backup->callback([&] { command = [&] { return BackupStore(home, folder, world); }; });
  CLI::App* restore = add("restore", "put a backup in the place of a store that is gone");
  restore->add_option("--from", folder, "folder of the backups")->required();
  std::optional<uint32_t> backup_id;
  restore->add_option("--backup", backup_id, "number of the backup; by default the newest");
  restore->callback(
      [&] { command = [&] { return RestoreStore(home, folder, backup_id, world); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has exit codes of its own; ours has one for usage.
    return app.exit(error) == 0 ? static_cast<int>(ExitCode::kOk)
                                : static_cast<int>(ExitCode::kUsage);
  }
  return Report(command());
}

// What is freed stays with the process: a publish to a thousand members, or a message to one of
// them, takes and gives back more than the C library keeps by default, and a page that comes back
// from the system costs more than what is written to it.
void KeepFreedMemory() {
  constexpr int kGrowthBytes = 1 << 20;          // what a heap takes from the system at once
  constexpr int kKeptBytes = 16 << 20;           // at the end of each of its heaps
  constexpr int kOwnMappingFromBytes = 8 << 20;  // of one allocation
  mallopt(M_TOP_PAD, kGrowthBytes);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  mallopt(M_MMAP_THRESHOLD, kOwnMappingFromBytes);
}

}  // namespace

int Main(int argc, char** argv) {
  KeepFreedMemory();
  ::umask(077);  // whatever is made from here on is nobody else's to read
  if (const absl::Status prepared = wire::PrepareProcess(); !prepared.ok()) {
    return Report(prepared);
  }
  return ParseAndRun(argc, argv);
}

}  // namespace shield::broker

int main(int argc, char** argv) { return shield::broker::Main(argc, argv); }
