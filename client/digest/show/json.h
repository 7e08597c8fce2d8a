// An edition as JSON: everything of it, under the names of docs/spec/briefing.md section 3.1.
#pragma once

#include <string>

#include "client/digest/edition.h"

namespace shield {

// One object and LF, indented by two, ASCII alone: what is not ASCII, `<`, `>` and `&` are escaped
// inside texts, so that the file does nothing in a terminal or a page it is put into. Texts are
// those of their authors; bytes of them that are not UTF-8 become U+FFFD. Labels have their prefix,
// moments are RFC 3339 in UTC, what is not given is absent, an empty list is there. Pure.
std::string WriteJson(const Edition& edition);

}  // namespace shield
