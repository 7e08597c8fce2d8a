#include "client/digest/show/defang.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace shield {
namespace {

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
bool IsAlpha(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Whether `word` stands at `at`, in either case, and no letter or digit before it.
bool WordAt(absl::string_view text, size_t at, absl::string_view word) {
  return (at == 0 || !IsAlnum(text[at - 1])) && absl::StartsWithIgnoreCase(text.substr(at), word);
}

std::string Defanged(absl::string_view text) {
  std::string defanged;
  defanged.reserve(text.size() + text.size() / 4);
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool bracketed =
        at > 0 && at + 1 < text.size() && text[at - 1] == '[' && text[at + 1] == ']';
    if (WordAt(text, at, "http")) {
      defanged += "hxxp";
      at += 3;
    } else if (WordAt(text, at, "ftp")) {
      defanged += "fxp";
      at += 2;
    } else if ((c == '.' || c == ':' || c == '@') && !bracketed) {
      absl::StrAppend(&defanged, "[", absl::string_view(&c, 1), "]");
    } else {
      defanged.push_back(c);
    }
  }
  return defanged;
}

// What stands between quotes apart, a pattern is made of types, properties and signs. One that has
// more in it is taken for prose and defanged whole.
bool IsStixPattern(absl::string_view text) {
  if (!absl::StartsWith(text, "[") && !absl::StartsWith(text, "(")) return false;
  bool literal = false;
  bool any = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (literal && c == '\\') {
      ++at;
    } else if (c == '\'') {
      literal = !literal;
      any = true;
    } else if (!literal && !IsAlnum(c) && !absl::StrContains("[]()=<>!:.-_*, \"", c)) {
      return false;
    }
  }
  const bool address = absl::StrContains(text.substr(0, text.find('\'')), "://");
  return any && !literal && !address;
}

// `'…'` with its text defanged, from the quote at `at`; where it ends.
size_t AppendLiteral(absl::string_view text, size_t at, std::string& out) {
  size_t end = at + 1;
  while (end < text.size() && text[end] != '\'') end += text[end] == '\\' ? 2 : 1;
  end = std::min(end, text.size());
  absl::StrAppend(&out, "'", Defanged(text.substr(at + 1, end - at - 1)));
  if (end < text.size()) out.push_back('\'');
  return end;
}

// A full stop between a letter or digit and two letters, or four numbers: the name of a host, or
// its address.
bool HoldsHost(absl::string_view word) {
  size_t numbers = 0;
  for (size_t at = 1; at + 1 < word.size(); ++at) {
    if (word[at] != '.') continue;
    const bool name = IsAlnum(word[at - 1]) && at + 2 < word.size() && IsAlpha(word[at + 1]) &&
                      IsAlpha(word[at + 2]);
    if (name) return true;
    if (IsDigit(word[at - 1]) && IsDigit(word[at + 1])) ++numbers;
  }
  return numbers >= 3;
}

bool IsAddress(absl::string_view word) {
  return absl::StrContains(word, "://") || absl::StrContains(word, '@') || HoldsHost(word);
}

}  // namespace

std::string DefangIndicator(absl::string_view text) {
  if (!IsStixPattern(text)) return Defanged(text);
  std::string defanged;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'') {
      at = AppendLiteral(text, at, defanged);
    } else {
      defanged.push_back(text[at]);
    }
  }
  return defanged;
}

std::string DefangProse(absl::string_view text) {
  std::string defanged;
  while (!text.empty()) {
    const absl::string_view word = text.substr(0, std::min(text.find(' '), text.size() - 1) + 1);
    absl::StrAppend(&defanged, IsAddress(word) ? Defanged(word) : std::string(word));
    text.remove_prefix(word.size());
  }
  return defanged;
}

}  // namespace shield
