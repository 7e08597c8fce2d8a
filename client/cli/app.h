// The command line of `shield`: every command of docs/spec/cli.md, in one call.
#pragma once

#include <string>
#include <vector>

#include "client/cli/environment.h"
#include "client/cli/exit_code.h"

namespace shield::cli {

// Runs one command. `arguments` are those after the program's name. Whatever happens is said on the
// environment's streams; nothing is thrown. Not thread-safe.
ExitCode RunShield(const std::vector<std::string>& arguments, Environment& environment);

// What a program that is ended where it stands still says on standard output: the error object when
// `arguments` ask for JSON, else nothing.
std::string LastWords(const std::vector<std::string>& arguments);

}  // namespace shield::cli
