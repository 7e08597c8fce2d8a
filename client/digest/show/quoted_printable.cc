#include "client/digest/show/quoted_printable.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace shield::show {
namespace {

constexpr size_t kMaxLine = 76;
constexpr size_t kMaxWord = 64;

std::string Hex(char c) { return absl::StrFormat("=%02X", static_cast<unsigned char>(c)); }

// How the character at the front of `rest` stands in a line; a dot or `From` at its beginning would
// mean something to what carries mail, a space at its end would be lost.
std::string InLine(absl::string_view rest, bool first) {
  const char c = rest.front();
  if (c == ' ' || c == '\t') return rest.size() == 1 ? Hex(c) : std::string(1, c);
  if (c == '=' || c < '!' || c > '~') return Hex(c);
  if (first && (c == '.' || absl::StartsWith(rest, "From"))) return Hex(c);
  return std::string(1, c);
}

void AppendLine(absl::string_view line, std::string& out) {
  size_t used = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool last = i + 1 == line.size();
    std::string shown = InLine(line.substr(i), used == 0);
    // One octet stays free for the `=` of a soft line end.
    if (used + shown.size() > kMaxLine - (last ? 0 : 1)) {
      absl::StrAppend(&out, "=\r\n");
      used = 0;
      shown = InLine(line.substr(i), true);
    }
    absl::StrAppend(&out, shown);
    used += shown.size();
  }
  absl::StrAppend(&out, "\r\n");
}

// The octets of the UTF-8 character that begins at the front of `text`, which is not empty.
size_t CharacterSize(absl::string_view text) {
  size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
  return size;
}

std::string InWord(absl::string_view character) {
  if (character == " ") return "_";
  std::string shown;
  for (const char c : character) {
    absl::StrAppend(
        &shown, absl::ascii_isalnum(static_cast<unsigned char>(c)) ? std::string(1, c) : Hex(c));
  }
  return shown;
}

}  // namespace

std::string QuotedPrintable(absl::string_view text) {
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 8);
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) AppendLine(line, encoded);
  return encoded;
}

std::string EncodedWords(absl::string_view text) {
  constexpr absl::string_view kBegin = "=?UTF-8?Q?";
  constexpr absl::string_view kEnd = "?=";
  std::string encoded(kBegin);
  size_t used = kBegin.size();
  while (!text.empty()) {
    const absl::string_view character = text.substr(0, CharacterSize(text));
    const std::string shown = InWord(character);
    if (used + shown.size() + kEnd.size() > kMaxWord) {
      absl::StrAppend(&encoded, kEnd, "\r\n ", kBegin);
      used = kBegin.size();
    }
    absl::StrAppend(&encoded, shown);
    used += shown.size();
    text.remove_prefix(character.size());
  }
  return absl::StrCat(encoded, kEnd);
}

}  // namespace shield::show
