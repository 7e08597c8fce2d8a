#include "client/digest/show/escape_markdown.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace shield::show {
namespace {

bool IsWordCharacter(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool EndsInWord(absl::string_view text, absl::string_view word) {
  return absl::EndsWithIgnoreCase(text, word);
}

// Whether a reader that looks for addresses would make a link of what `text` has at the colon or
// full stop at `at`, one whose scheme is neither https nor mailto.
bool BeginsAddress(absl::string_view text, size_t at) {
  const absl::string_view before = text.substr(0, at);
  if (text[at] == '.') return EndsInWord(before, "www");
  return absl::StartsWith(text.substr(at), "://") && !EndsInWord(before, "https");
}

// A word of number signs alone would end a heading.
bool IsNumberSignWord(absl::string_view text, size_t at) {
  if (at > 0 && text[at - 1] != ' ') return false;
  const size_t end = text.find_first_not_of('#', at);
  return end == absl::string_view::npos || text[end] == ' ';
}

bool NeedsEscape(absl::string_view text, size_t at) {
  const bool last = at + 1 == text.size();
  switch (text[at]) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '<':
    case '|':
    case '~':
    case '$':
      return true;
    case '_':
      return at == 0 || last || !IsWordCharacter(text[at - 1]) || !IsWordCharacter(text[at + 1]);
    case '&':
      return last || text[at + 1] == '#' || IsWordCharacter(text[at + 1]);
    case ':':
    case '.':
      return BeginsAddress(text, at);
    case '#':
      return IsNumberSignWord(text, at);
    default:
      return false;
  }
}

}  // namespace

std::string EscapeMarkdown(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for (size_t at = 0; at < text.size(); ++at) {
    if (NeedsEscape(text, at)) escaped.push_back('\\');
    escaped.push_back(text[at]);
  }
  return escaped;
}

std::string EscapeLineStart(absl::string_view word) {
  if (word.empty()) return "";
  const size_t digits = std::min(word.find_first_not_of("0123456789"), word.size());
  const bool numbers =
      digits > 0 && digits + 1 == word.size() && (word.back() == '.' || word.back() == ')');
  if (numbers) return absl::StrCat(word.substr(0, digits), "\\", word.substr(digits));
  const bool marks = word.find_first_not_of("-+=:!") == absl::string_view::npos;
  if (marks || word[0] == '#' || word[0] == '>') return absl::StrCat("\\", word);
  return std::string(word);
}

size_t LongestBackticks(absl::string_view text) {
  size_t longest = 0;
  size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string MarkdownCode(absl::string_view text) {
  if (text.empty()) return "";
  // A run of another length than any in the text.
  const std::string fence(LongestBackticks(text) + 1, '`');
  const absl::string_view pad = text.front() == '`' || text.back() == '`' ? " " : "";
  return absl::StrCat(fence, pad, text, pad, fence);
}

}  // namespace shield::show
