#include "client/cli/fork_text.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/cli/bulletin_text.h"
#include "client/text/terminal_text.h"

namespace shield::cli {

void WarnOfForks(Output& out, const std::vector<ForkAlarm>& alarms) {
  for (const ForkAlarm& alarm : alarms) {
    out.Note(absl::StrCat("shield: alarm: two signed texts of ", alarm.kind, " `",
                          TerminalLine(alarm.subject), "`, found ", PrintTime(alarm.found)));
  }
}

absl::Status ForksSeen(const std::vector<ForkAlarm>& alarms, absl::string_view hint) {
  if (alarms.empty()) return absl::OkStatus();
  const std::string how_often = alarms.size() == 1 ? "once" : absl::StrCat(alarms.size(), " times");
  return WithRule(WithHint(absl::DataLossError(absl::StrCat(
                               "two signed texts were seen under one name, ", how_often)),
                           hint),
                  "FORK_ALARM");
}

}  // namespace shield::cli
