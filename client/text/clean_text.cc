#include "client/text/clean_text.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/text/terminal_text.h"

namespace shield {
namespace {

constexpr absl::string_view kDottedCircle = "\xE2\x97\x8C";  // U+25CC, what a lone mark stands on
constexpr absl::string_view kEllipsis = "\xE2\x80\xA6";      // U+2026

const utf8proc_uint8_t* BytesOf(absl::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

// `text` is UTF-8 without controls, which composing cannot fail on.
std::string Composed(absl::string_view text) {
  struct Free {
    void operator()(utf8proc_uint8_t* memory) const { std::free(memory); }
  };
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(BytesOf(text), static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(mapped);
  if (size < 0) return std::string(text);
  return std::string(reinterpret_cast<const char*>(mapped), static_cast<size_t>(size));
}

bool IsMark(utf8proc_int32_t c) {
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return true;
    default:
      return false;
  }
}

// The code point at the front of `text`, which is not empty and UTF-8, and how many bytes it has.
struct Front {
  utf8proc_int32_t point = 0;
  size_t bytes = 1;
};
Front FrontOf(absl::string_view text) {
  Front front;
  const utf8proc_ssize_t length =
      utf8proc_iterate(BytesOf(text), static_cast<utf8proc_ssize_t>(text.size()), &front.point);
  if (length > 0) front.bytes = static_cast<size_t>(length);
  return front;
}

// Marks with something to stand on, and no more of them than may be.
std::string WithBoundMarks(absl::string_view text) {
  std::string bound;
  bound.reserve(text.size());
  size_t marks = 0;
  bool base = false;
  while (!text.empty()) {
    const Front front = FrontOf(text);
    if (!IsMark(front.point)) {
      marks = 0;
      base = front.point != '\n' && front.point != '\t';
      absl::StrAppend(&bound, text.substr(0, front.bytes));
    } else if (marks++ >= kMaxMarks) {
      absl::StrAppendFormat(&bound, "<U+%04X>", static_cast<unsigned>(front.point));
    } else {
      if (!std::exchange(base, true)) absl::StrAppend(&bound, kDottedCircle);
      absl::StrAppend(&bound, text.substr(0, front.bytes));
    }
    text.remove_prefix(front.bytes);
  }
  return bound;
}

}  // namespace

std::string CleanText(absl::string_view text) {
  return WithBoundMarks(Composed(TerminalText(text)));
}

std::string CleanLine(absl::string_view text) {
  std::string line;
  bool space = false;
  for (const char c : CleanText(text)) {
    if (c == ' ' || c == '\t' || c == '\n') {
      space = true;
      continue;
    }
    if (space && !line.empty()) line.push_back(' ');
    space = false;
    line.push_back(c);
  }
  return line;
}

std::string Shortened(absl::string_view text, size_t max_characters) {
  size_t characters = 0;
  size_t last = 0;   // where the character begins that has to give way
  size_t space = 0;  // where the last word before it ends
  for (size_t at = 0; at < text.size();) {
    const Front front = FrontOf(text.substr(at));
    if (++characters > max_characters) {
      // A mark goes with what it stands on.
      const size_t end = space > last / 2 ? space : last;
      return absl::StrCat(text.substr(0, end), kEllipsis);
    }
    if (front.point == ' ' || front.point == '\n') space = at;
    if (!IsMark(front.point)) last = at;
    at += front.bytes;
  }
  return std::string(text);
}

}  // namespace shield
