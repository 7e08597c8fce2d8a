// An edition on a terminal, and as the text of a mail.
#pragma once

#include <cstddef>
#include <string>

#include "client/digest/edition.h"
#include "client/text/terminal_label.h"

namespace shield {

// Lines of at most `columns` cells, at least kMinTerminalColumns; 0, where there is no terminal, is
// kPlainColumns. Without colours nothing is missing. No control but LF and, with kAnsi, what
// switches colour and bold. Pure.
inline constexpr size_t kPlainColumns = 80;
std::string WriteTerminal(const Edition& edition, size_t columns, Colours colours);

}  // namespace shield
