// A document as CommonMark with tables, good to read as it is.
#pragma once

#include <cstddef>
#include <string>

#include "client/digest/show/document.h"

namespace shield::show {

// Lines are broken between words at this many characters; headings, tables, code and single words
// may be longer.
inline constexpr size_t kMarkdownColumns = 100;

// UTF-8 in normal form C, lines end with LF, the last too. The label stands first and last. Pure.
std::string PrintMarkdown(const Document& document);

}  // namespace shield::show
