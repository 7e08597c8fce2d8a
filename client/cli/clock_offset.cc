#include "client/cli/clock_offset.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield::cli {

absl::StatusOr<std::string> JudgeClock(absl::Time own, absl::Time brokers) {
  const absl::Duration offset = absl::AbsDuration(own - brokers);
  const char* direction = own < brokers ? " behind" : " ahead of";
  const std::string sentence =
      absl::StrCat("this clock is ", absl::FormatDuration(absl::Trunc(offset, absl::Seconds(1))),
                   direction, " the broker's");
  if (offset <= kMaxClockOffset) return sentence;
  return WithHint(WithRule(absl::FailedPreconditionError(sentence), "CLOCK_SKEW"),
                  "set this machine's clock by a time server; if it is right, tell the operator of "
                  "the broker");
}

}  // namespace shield::cli
