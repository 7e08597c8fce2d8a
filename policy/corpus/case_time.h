// Moments in case files: "T0", "T0+2d", "T0-1d12h30m5s", or RFC 3339.
#pragma once

#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace shield {

// Nothing when `text` is neither. Whole seconds only.
std::optional<absl::Time> ParseCaseTime(absl::string_view text, absl::Time t0);

}  // namespace shield
