// shield digest publish | due: what sends editions, and what says which are to be sent.
#pragma once

#include <CLI/CLI.hpp>

#include "client/cli/session.h"

namespace shield::cli {

// Adds both to `digest`; `session` must outlive it.
void AddDigestPublishCommands(CLI::App& digest, Session& session);

}  // namespace shield::cli
