#include "crypto/opening/age_header.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/base64.h"
#include "base/status.h"
#include "crypto/opening/age_failure.h"

namespace shield {
namespace {

constexpr absl::string_view kVersionLine = "age-encryption.org/v1\n";
constexpr absl::string_view kStanzaIntro = "-> ";
constexpr absl::string_view kMacIntro = "--- ";
constexpr absl::string_view kMacMark = "---";
constexpr size_t kBodyColumns = 64;
constexpr size_t kBodyLineBytes = 48;

absl::Status Malformed(absl::string_view why) {
  return AgeError(AgeFailure::kHeader, absl::StrCat("age header refused: ", why));
}

// Takes the next line, without its line feed, from `text`; nothing when none ends.
std::optional<absl::string_view> TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  if (end == absl::string_view::npos) return std::nullopt;
  const absl::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool IsArgument(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 33 && c <= 126; });
}

// Takes the lines of a body: full ones of 64 columns, then a shorter one, which may be empty.
absl::StatusOr<Bytes> TakeBody(absl::string_view& text) {
  Bytes body;
  while (true) {
    const std::optional<absl::string_view> line = TakeLine(text);
    if (!line.has_value()) return Malformed("it ends within a stanza");
    if (line->size() > kBodyColumns) return Malformed("a stanza has a line beyond 64 columns");
    const std::optional<Bytes> bytes = Base64Decode(*line, Base64Form::kUnpadded);
    if (!bytes.has_value()) return Malformed("a stanza's body is not canonical base64");
    Append(body, *bytes);
    if (line->size() < kBodyColumns) return body;
  }
}

absl::StatusOr<AgeStanza> TakeStanza(absl::string_view& text) {
  std::optional<absl::string_view> line = TakeLine(text);
  if (!line.has_value() || !absl::ConsumePrefix(&*line, kStanzaIntro)) {
    return Malformed("a line that begins with neither `-> ` nor `--- ` stands where a stanza must");
  }
  std::vector<std::string> words = absl::StrSplit(*line, ' ');
  if (!std::all_of(words.begin(), words.end(), IsArgument)) {
    return Malformed("an argument of a stanza is empty or has a character that is not printable");
  }
  AgeStanza stanza;
  stanza.type = words.front();
  stanza.arguments.assign(std::next(words.begin()), words.end());
  ASSIGN_OR_RETURN(stanza.body, TakeBody(text));
  return stanza;
}

absl::StatusOr<AgeMac> ParseMacLine(absl::string_view text) {
  std::optional<absl::string_view> line = TakeLine(text);
  if (!line.has_value() || !text.empty() || !absl::ConsumePrefix(&*line, kMacIntro)) {
    return Malformed("its last line is not `--- ` and a MAC");
  }
  const std::optional<Bytes> bytes = Base64Decode(*line, Base64Form::kUnpadded);
  AgeMac mac;
  if (!bytes.has_value() || bytes->size() != mac.size()) {
    return Malformed("its MAC is not 32 bytes in canonical base64");
  }
  std::copy(bytes->begin(), bytes->end(), mac.begin());
  return mac;
}

void PrintBody(const Bytes& body, std::string& text) {
  ByteSpan rest = body;
  while (rest.size() >= kBodyLineBytes) {
    absl::StrAppend(&text, Base64Encode(rest.first(kBodyLineBytes), Base64Form::kUnpadded), "\n");
    rest = rest.subspan(kBodyLineBytes);
  }
  absl::StrAppend(&text, Base64Encode(rest, Base64Form::kUnpadded), "\n");
}

}  // namespace

absl::StatusOr<size_t> FindAgeHeader(ByteSpan file) {
  const absl::string_view text = AsText(file.first(std::min(file.size(), kMaxAgeHeaderSize)));
  const absl::string_view start = text.substr(0, kVersionLine.size());
  if (start != kVersionLine.substr(0, start.size())) {
    return Malformed("it does not begin with the line `age-encryption.org/v1`");
  }
  const size_t mark = text.find(absl::StrCat("\n", kMacMark));
  const size_t end = mark == absl::string_view::npos ? mark : text.find('\n', mark + 1);
  if (end != absl::string_view::npos) return end + 1;
  if (file.size() >= kMaxAgeHeaderSize) {
    return Malformed(absl::StrCat("it is longer than ", kMaxAgeHeaderSize, " bytes"));
  }
  return size_t{0};
}

absl::StatusOr<AgeHeader> ParseAgeHeader(absl::string_view text) {
  if (text.size() > kMaxAgeHeaderSize) {
    return Malformed(absl::StrCat("it is longer than ", kMaxAgeHeaderSize, " bytes"));
  }
  if (!absl::ConsumePrefix(&text, kVersionLine)) {
    return Malformed("it does not begin with the line `age-encryption.org/v1`");
  }
  AgeHeader header;
  while (!absl::StartsWith(text, kMacMark)) {
    ASSIGN_OR_RETURN(AgeStanza stanza, TakeStanza(text));
    header.stanzas.push_back(std::move(stanza));
  }
  if (header.stanzas.empty()) return Malformed("it has no stanza");
  ASSIGN_OR_RETURN(header.mac, ParseMacLine(text));
  return header;
}

std::string PrintAgeHeader(const AgeHeader& header) {
  std::string text(kVersionLine);
  for (const AgeStanza& stanza : header.stanzas) {
    absl::StrAppend(&text, kStanzaIntro, stanza.type);
    for (const std::string& argument : stanza.arguments) absl::StrAppend(&text, " ", argument);
    text.push_back('\n');
    PrintBody(stanza.body, text);
  }
  absl::StrAppend(&text, kMacIntro, Base64Encode(header.mac, Base64Form::kUnpadded), "\n");
  return text;
}

absl::string_view AuthenticatedPart(absl::string_view text) {
  return text.substr(0, text.rfind(kMacIntro) + kMacMark.size());
}

}  // namespace shield
