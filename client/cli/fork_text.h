// Proofs of cheating that a home keeps: two signed texts under one name.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/output.h"
#include "client/state/fork_alarm.h"

namespace shield::cli {

// A line each, on standard error.
void WarnOfForks(Output& out, const std::vector<ForkAlarm>& alarms);

// OK without alarms; else DATA_LOSS, rule FORK_ALARM: somebody cheats, whatever else holds. `hint`
// says what to do with both texts.
absl::Status ForksSeen(const std::vector<ForkAlarm>& alarms, absl::string_view hint);

}  // namespace shield::cli
