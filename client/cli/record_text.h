// A line of a signed directory for a person's eyes: moments as dates, an end that never comes as
// "no-end". Programs get the line as it is signed.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::cli {

// "org hotel … from=2026-01-02T00:00:00Z until=no-end clients=firm:2026-01-02T00:00:00Z/no-end".
// A word that is no such field, or no moment, comes back as it is.
std::string ReadableRecord(absl::string_view line);

}  // namespace shield::cli
