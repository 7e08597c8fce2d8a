// The style of a page: the force's or the built-in one, and after it what no style may change.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "client/digest/edition.h"

namespace shield::page {

// `style` with the label's colours as FIRST TLP 2.0 has them on black, and @page rules that put the
// label, 12 pt bold, into header and footer of each printed page, with title and page number. Pure.
std::string PageStyle(const Edition& edition, absl::string_view style);

}  // namespace shield::page
