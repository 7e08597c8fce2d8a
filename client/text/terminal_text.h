// Text that other people wrote, made safe to show on a terminal.
//
// A title can hold an escape sequence that rewrites the screen, or a bidirectional control that
// makes "not" read as its opposite. Both are shown, never obeyed.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace shield {

// `text` with every control byte except LF and TAB, every bidirectional control, zero-width or line
// separator character replaced by its code point as `<U+202E>`, and every byte that is not UTF-8 by
// U+FFFD. What remains cannot move the cursor, change colours or reorder what stands around it.
std::string TerminalText(absl::string_view text);

// The lines of TerminalText, each of at most `columns` cells of a terminal (0: as long as they
// are), broken between words where it can be (the space
// between them stays behind). A terminal would break a longer one by itself, and
// what comes then would stand where a line begins.
std::vector<std::string> TerminalLines(absl::string_view text, size_t columns);

// How many cells of a terminal a line of it takes: wide characters two, marks none.
size_t TerminalCells(absl::string_view text);

// The same as TerminalText on one line: LF and TAB become a space.
std::string TerminalLine(absl::string_view text);

}  // namespace shield
