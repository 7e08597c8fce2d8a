// Text that comes out of a CommonMark reader as text, whatever stands in it.
//
//   EscapeMarkdown("*a* <b> http://x")   // "\*a\* \<b> http\://x"
//
// Held against CommonMark 0.30, GFM's tables, strikethrough, autolinks and mathematics. A bare
// https address and a mail address are left as they are: a reader that makes a link of one shows
// where it goes. Everything else that is not needed for that stays unescaped, since people read
// Markdown as it is.
//
// Pure; `text` is cleaned (client/text/clean_text.h) and on one line.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield::show {

// Within a line. What could begin a block at the start of one is EscapeLineStart's.
std::string EscapeMarkdown(absl::string_view text);

// A word, of text that EscapeMarkdown gave, that begins a line: no list, heading, quote, rule or
// underline of a heading.
std::string EscapeLineStart(absl::string_view word);

// `text` between as many backticks as it takes; a space at its ends where it has a backtick there.
// Empty for an empty one.
std::string MarkdownCode(absl::string_view text);

// How many backticks in a row `text` has at most.
size_t LongestBackticks(absl::string_view text);

}  // namespace shield::show
