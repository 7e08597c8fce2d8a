// Texts that try to be more than text: in a terminal, a browser, a CommonMark reader, a mail
// program, a calendar, a spreadsheet or a template. Every field of every format is filled with each
// of them (hostile_edition.h), and what comes out is held against the format's own checker.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace shield {

struct HostileString {
  absl::string_view aims_at;  // markup markdown link terminal bidi mail calendar formula template …
  std::string text;
};

// At least 200, each once. Static storage.
const std::vector<HostileString>& HostileStrings();

}  // namespace shield
