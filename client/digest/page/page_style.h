// What no style of a force's may change: a style of its own, after that one.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "client/digest/edition.h"

namespace shield::page {

// The label's bands shown, its colours as FIRST TLP 2.0 has them on black, and @page rules that put
// the label, 12 pt bold, into header and footer of each printed page, with title and page number.
// Pure.
std::string LabelStyle(const Edition& edition);

}  // namespace shield::page
