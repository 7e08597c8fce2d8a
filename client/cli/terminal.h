// The real terminal: whether there is one, and asking for a secret on it.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/interrupt.h"

namespace shield::cli {

// Shows `prompt` on the controlling terminal and reads a line from it without echo. The echo comes
// back also when reading fails or is interrupted. FAILED_PRECONDITION when there is no terminal.
absl::StatusOr<std::string> ReadSecretFromTerminal(absl::string_view prompt, Interrupt& interrupt);

}  // namespace shield::cli
