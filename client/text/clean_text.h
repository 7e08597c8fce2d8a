// Text that other people wrote, made fit to stand in a document: mail, page, calendar, CommonMark.
//
//   CleanLine("gpj.\u202Eexe\r\nBcc: x")    // "gpj.<U+202E>exe<U+000D> Bcc: x"
//
// Cleaned text has no control but LF and TAB, no bidirectional control, nothing invisible, is UTF-8
// in normal form C and stays so whatever ASCII stands before it: a combining mark has a character
// to stand on and never more than kMaxMarks beside it, so that it cannot strike out what is not its
// own. Markup is not looked at: each format escapes what its own readers would obey.
//
// Pure.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace shield {

// Combining marks on one character; those beyond are shown as their code points.
inline constexpr size_t kMaxMarks = 4;

// `text` as TerminalText shows it (terminal_text.h), in the form above.
std::string CleanText(absl::string_view text);

// The same on one line: runs of spaces, TABs and LFs become one space, none at its ends.
std::string CleanLine(absl::string_view text);

// The first `max_characters` code points of a cleaned `text`, at least 1, cut between words where
// the last word is not most of it, with "…" in place of the rest; all of it when it is no longer.
std::string Shortened(absl::string_view text, size_t max_characters);

}  // namespace shield
