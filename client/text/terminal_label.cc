#include "client/text/terminal_label.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace shield {
namespace {

// The colours of FIRST TLP 2.0 on black; the nearest of the 256 every terminal knows.
absl::string_view Colour(Tlp tlp) {
  switch (tlp) {
    case Tlp::kRed:
      return "\033[38;5;197;48;5;16m";
    case Tlp::kAmberStrict:
    case Tlp::kAmber:
      return "\033[38;5;214;48;5;16m";
    case Tlp::kGreen:
      return "\033[38;5;82;48;5;16m";
    case Tlp::kClear:
    case Tlp::kUnspecified:
      return "\033[38;5;231;48;5;16m";
  }
  return "";
}

}  // namespace

std::string TerminalLabel(Tlp tlp, Colours colours) {
  if (colours == Colours::kNone) return TlpWithPrefix(tlp);
  return absl::StrCat(Colour(tlp), TlpWithPrefix(tlp), "\033[0m");
}

}  // namespace shield
