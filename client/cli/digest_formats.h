// The formats an edition is written in, and where to.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/digest/edition.h"
#include "client/digest/show/mail.h"
#include "client/text/terminal_label.h"

namespace shield::cli {

struct FormatOptions {
  std::string format;  // md term json ics eml, or all: everything but mail
  size_t columns = 0;  // of the terminal
  Colours colours = Colours::kNone;
  MailOptions mail = {};
};

// A name that says what it is of ("briefing-2026-W47-green.md"), and the text. One, or of `all`
// each. USAGE for a format that there is not; the errors of ComposeMail.
struct WrittenEdition {
  std::string name;
  std::string text;
};
absl::StatusOr<std::vector<WrittenEdition>> WriteFormats(const Edition& edition,
                                                         const FormatOptions& options);

}  // namespace shield::cli
