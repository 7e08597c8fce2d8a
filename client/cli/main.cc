// shield: everyone's command line. The only file of it that names the real world.
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "base/status.h"
#include "base/system_clock.h"
#include "client/cli/app.h"
#include "client/cli/terminal.h"
#include "client/transport/grpc_connection.h"
#include "crypto/system_random.h"
#include "proto/wire/prepare_process.h"

namespace {

using shield::cli::Environment;
using shield::cli::ExitCode;
using shield::cli::Interrupt;

// SIGINT and SIGTERM come to this thread alone. A command that can end in order does; any other is
// ended where it stands: nothing that it writes is ever half-written, and what it must not leave is
// undone.
void WaitForInterrupt(Interrupt& interrupt, sigset_t signals, const std::string& last_words) {
  while (true) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) return;
    if (interrupt.Raise()) continue;
    // Not through a stream: another thread may be in the middle of one.
    const ssize_t written = write(STDOUT_FILENO, last_words.data(), last_words.size());
    std::_Exit(static_cast<int>(written < 0 ? ExitCode::kFailure : ExitCode::kInterrupted));
  }
}

size_t Columns() {
  constexpr size_t kUsual = 80;
  winsize size = {};
  if (isatty(STDOUT_FILENO) == 0) return 0;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsual;
}

std::optional<std::string> Variable(absl::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

absl::StatusOr<std::shared_ptr<shield::Connection>> Connect(const shield::cli::Endpoint& endpoint) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<shield::Connection> connection,
      shield::NewGrpcConnection(
          {endpoint.address, endpoint.pin, {endpoint.tls_key_pem, endpoint.tls_certificate_pem}}));
  return std::shared_ptr<shield::Connection>(std::move(connection));
}

}  // namespace

int main(int argc, char** argv) {
  if (const absl::Status prepared = shield::wire::PrepareProcess(); !prepared.ok()) {
    std::cerr << "shield: " << prepared.message() << "\n";
    return static_cast<int>(ExitCode::kFailure);
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  static Interrupt interrupt;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  std::thread(WaitForInterrupt, std::ref(interrupt), signals, shield::cli::LastWords(arguments))
      .detach();

  shield::SystemClock clock;
  shield::SystemRandom random;
  std::error_code ignored;
  Environment environment{
      .clock = clock,
      .random = random,
      .data = std::cout,
      .notes = std::cerr,
      .input = std::cin,
      .input_is_terminal = isatty(STDIN_FILENO) != 0,
      .data_is_terminal = isatty(STDOUT_FILENO) != 0,
      .notes_is_terminal = isatty(STDERR_FILENO) != 0,
      .data_columns = Columns(),
      .variable = Variable,
      .read_secret =
          [](absl::string_view prompt) {
            return shield::cli::ReadSecretFromTerminal(prompt, interrupt);
          },
      .connect = Connect,
      .interrupt = interrupt,
      .program_folder =
          std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string(),
  };
  const ExitCode code = shield::cli::RunShield(arguments, environment);
  std::cout.flush();
  if (!std::cout) return static_cast<int>(ExitCode::kFailure);
  return static_cast<int>(code);
}
