// Text that a browser shows as it stands.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::page {

// `text` as content of an element or as a value between double quotes: & < > " ' as references.
// `text` is cleaned (client/text/clean_text.h). Pure.
std::string EscapeHtml(absl::string_view text);

}  // namespace shield::page
