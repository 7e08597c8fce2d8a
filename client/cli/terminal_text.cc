#include "client/cli/terminal_text.h"

#include <utf8proc.h>

#include "absl/strings/str_format.h"

namespace shield::cli {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Whether showing `c` could do anything but put a glyph where it stands. The categories are
// Unicode's: controls, formats (all bidirectional and zero-width ones), line and paragraph
// separators, surrogates and private use.
bool IsHarmful(utf8proc_int32_t c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

std::string Show(absl::string_view text, bool one_line) {
  std::string shown;
  shown.reserve(text.size());
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t c = -1;
    const utf8proc_ssize_t length = utf8proc_iterate(at, left, &c);
    if (length <= 0) {
      shown.append(kReplacement.data(), kReplacement.size());
      ++at;
      --left;
      continue;
    }
    if (c == '\n' || c == '\t') {
      shown.push_back(one_line ? ' ' : static_cast<char>(c));
    } else if (IsHarmful(c)) {
      absl::StrAppendFormat(&shown, "<U+%04X>", static_cast<unsigned>(c));
    } else {
      shown.append(reinterpret_cast<const char*>(at), static_cast<size_t>(length));
    }
    at += length;
    left -= length;
  }
  return shown;
}

}  // namespace

std::string TerminalText(absl::string_view text) { return Show(text, false); }

std::string TerminalLine(absl::string_view text) { return Show(text, true); }

}  // namespace shield::cli
