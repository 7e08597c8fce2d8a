#include "client/text/terminal_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"

namespace shield {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The most that one can take.
constexpr size_t kTabCells = 8;

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

// Where the last word of a line begins; 0: the line is one word.
struct Word {
  size_t byte = 0;
  size_t cell = 0;
};

// Begins a new line with the last word of the last one; what it takes of it, in cells. Nothing when
// that line is one word.
size_t MoveLastWord(std::vector<std::string>& lines, size_t used, const Word& word) {
  if (word.byte == 0) return used;
  std::string moved = lines.back().substr(word.byte);
  lines.back().resize(word.byte);
  lines.push_back(std::move(moved));
  return used - word.cell;
}

}  // namespace

std::string TerminalText(absl::string_view text) { return Show(text, false); }

std::vector<std::string> TerminalLines(absl::string_view text, size_t columns) {
  const std::string safe = TerminalText(text);
  std::vector<std::string> lines(1);
  size_t used = 0;
  Word word;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(safe.data());
  auto left = static_cast<utf8proc_ssize_t>(safe.size());
  while (left > 0) {
    utf8proc_int32_t c = -1;
    const utf8proc_ssize_t length = utf8proc_iterate(at, left, &c);
    if (length <= 0) return lines;  // what is safe is UTF-8
    const size_t width = c == '\t' ? kTabCells : static_cast<size_t>(utf8proc_charwidth(c));
    const bool full = columns > 0 && used > 0 && used + width > columns;
    if (c == '\n' || (c == ' ' && full)) {
      lines.emplace_back();
      used = 0;
      word = Word();
    } else {
      if (full) used = MoveLastWord(lines, used, std::exchange(word, Word()));
      // A word as long as the line stays where it is.
      if (columns > 0 && used + width > columns && used > 0) {
        lines.emplace_back();
        used = 0;
      }
      lines.back().append(reinterpret_cast<const char*>(at), static_cast<size_t>(length));
      used += width;
      if (c == ' ') word = {lines.back().size(), used};
    }
    at += length;
    left -= length;
  }
  return lines;
}

size_t TerminalCells(absl::string_view text) {
  size_t cells = 0;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t c = -1;
    const utf8proc_ssize_t length = std::max<utf8proc_ssize_t>(1, utf8proc_iterate(at, left, &c));
    cells += c == '\t' ? kTabCells : static_cast<size_t>(c < 0 ? 1 : utf8proc_charwidth(c));
    at += length;
    left -= length;
  }
  return cells;
}

std::string TerminalLine(absl::string_view text) { return Show(text, true); }

}  // namespace shield
