#include "client/cli/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "absl/cleanup/cleanup.h"

namespace shield::cli {
namespace {

constexpr size_t kMaxSecretBytes = 1024;

// Writes all of `text`; a terminal that takes no more is not worth an error.
void Show(int terminal, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(terminal, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

absl::StatusOr<std::string> ReadSecretFromTerminal(absl::string_view prompt, Interrupt& interrupt) {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return absl::FailedPreconditionError("there is no terminal to ask on");
  const absl::Cleanup close_terminal = [terminal] { close(terminal); };

  termios before;
  if (tcgetattr(terminal, &before) != 0) {
    return absl::FailedPreconditionError("the terminal does not answer");
  }
  termios silent = before;
  const auto echo = [terminal, before] {
    tcsetattr(terminal, TCSAFLUSH, &before);
    Show(terminal, "\n");
  };
  const Interrupt::Undo echo_on_interrupt(interrupt, echo);
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(terminal, TCSAFLUSH, &silent);
  const absl::Cleanup echo_again = echo;

  Show(terminal, prompt);
  std::string secret;
  char c = 0;
  while (read(terminal, &c, 1) == 1 && c != '\n') {
    if (secret.size() == kMaxSecretBytes) {
      return absl::InvalidArgumentError("the passphrase is longer than 1024 bytes");
    }
    secret.push_back(c);
  }
  return secret;
}

}  // namespace shield::cli
