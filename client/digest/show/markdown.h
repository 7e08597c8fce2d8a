// An edition as Markdown: what is sealed when it is published, and what its digest is taken of.
#pragma once

#include <string>

#include "client/digest/edition.h"

namespace shield {

// CommonMark with tables, good to read as it is; docs/spec/briefing.md section 3 says what becomes
// of an author's texts in it. UTF-8 in normal form C without controls but LF. The label stands
// first and last. Pure: equal editions give equal bytes.
std::string WriteMarkdown(const Edition& edition);

}  // namespace shield
