// An edition on a terminal, and as the text of a mail.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "client/digest/edition.h"
#include "client/text/terminal_label.h"

namespace shield {

// Lines of at most `columns` cells, at least kMinTerminalColumns; 0, where there is no terminal, is
// kPlainColumns. Without colours nothing is missing. No control but LF and, with kAnsi, what
// switches colour and bold. Pure.
inline constexpr size_t kPlainColumns = 80;
std::string WriteTerminal(const Edition& edition, size_t columns, Colours colours);

// An edition as a reader has it, the Markdown of its bulletin, laid out alike, without colours,
// with the labels that stand in it and without an LF after the last line. Any text may be given: no
// control but LF comes out, but a line may begin with any of it, and lists in lists may make it
// wider than `columns`: the caller marks and measures each line. Of more than
// show::kMaxDocumentBytes the end is left out, and "…" says so. Pure.
std::string WriteTerminalOf(absl::string_view markdown, size_t columns);

}  // namespace shield
