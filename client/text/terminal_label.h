// A label as a person reads it on a terminal.
#pragma once

#include <string>

#include "policy/labels.h"

namespace shield {

enum class Colours { kNone, kAnsi };

// "TLP:AMBER+STRICT"; with kAnsi in FIRST's colour on black, which says nothing more. Pure.
std::string TerminalLabel(Tlp tlp, Colours colours);

}  // namespace shield
