#include "policy/proof/directory_dates.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace shield {

absl::Status CheckIssued(const DirectoryNote& note, absl::Time now) {
  if (note.issued <= now + kMaxDirectorySkew) return absl::OkStatus();
  return WithHint(
      WithRule(absl::FailedPreconditionError(absl::StrCat(
                   "directory refused: version ", note.version, " says that it was issued at ",
                   absl::FormatTime(note.issued), ", which is yet to come")),
               "CLOCK_SKEW"),
      "set the clocks right, then run `shield directory publish` again");
}

}  // namespace shield
