// shield digest show: an edition of the inbox, in the formats that its text alone can be given.
#pragma once

#include <CLI/CLI.hpp>

#include "client/cli/session.h"

namespace shield::cli {

void AddDigestShow(CLI::App& digest, Session& session);

}  // namespace shield::cli
