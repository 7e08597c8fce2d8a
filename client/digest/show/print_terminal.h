// A document for a terminal, or as plain text for mail.
#pragma once

#include <cstddef>
#include <string>

#include "client/digest/show/document.h"
#include "client/text/terminal_label.h"

namespace shield::show {

inline constexpr size_t kMinTerminalColumns = 40;

// Lines of at most `columns` cells (fewer than kMinTerminalColumns are taken for that many), ended
// with LF. The label stands first and last. Bodies stand behind `| `, tables and whatever goes on
// in a next line further right than what begins one: no author's text begins a line at the left
// edge and so passes for another part of the briefing. Colours say nothing that is not there
// without them: the label in its own, bold headings and words. Pure.
std::string PrintTerminal(const Document& document, size_t columns, Colours colours);
// The lines between the labels alone, without an LF after the last. Pure.
std::string PrintTerminalBlocks(const Blocks& blocks, size_t columns, Colours colours);

}  // namespace shield::show
