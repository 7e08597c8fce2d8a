#include "client/draft/front_matter.h"

#include <toml++/toml.h>

#include <sstream>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace shield {
namespace {

using nlohmann::ordered_json;

constexpr absl::string_view kFence = "+++";
// A key `a.b.c` is a table in a table in a table, and the TOML library reads, walks and frees them
// by recursion. No front matter has a use for so many full stops.
constexpr size_t kMaxFullStops = 2000;
constexpr absl::string_view kExample =
    "begin the draft with a line `+++`, then the front matter, then a line `+++`";

// Takes the first line off `text`, without its line ending.
absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  absl::string_view line = text.substr(0, end);
  text = end == absl::string_view::npos ? absl::string_view() : text.substr(end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

ordered_json ToJson(const toml::node& node);

ordered_json TableToJson(const toml::table& table) {
  ordered_json object = ordered_json::object();
  for (const auto& [key, value] : table) object[std::string(key.str())] = ToJson(value);
  return object;
}

template <typename T>
std::string Printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

ordered_json ToJson(const toml::node& node) {
  if (const toml::table* table = node.as_table()) return TableToJson(*table);
  if (const toml::array* array = node.as_array()) {
    ordered_json list = ordered_json::array();
    for (const toml::node& item : *array) list.push_back(ToJson(item));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* date = node.as_date()) return Printed(date->get());
  if (const auto* time = node.as_time()) return Printed(time->get());
  if (const auto* moment = node.as_date_time()) return Printed(moment->get());
  return nullptr;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Full stops other than the one in a number like 51.2, which coordinates have many of. All of them
// count, also those inside texts: telling them apart would take the parser that is to be kept safe.
size_t FullStops(absl::string_view text) {
  size_t stops = 0;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    size_t here = 0;
    while (end < text.size() && (IsDigit(text[end]) || text[end] == '.')) {
      here += text[end++] == '.' ? 1 : 0;
    }
    const bool number = here == 1 && IsDigit(text[i]) && IsDigit(text[end - 1]);
    if (!number) stops += here;
    i = end > i ? end : i + 1;
  }
  return stops;
}

std::string TrimBlankLines(absl::string_view body) {
  while (!body.empty()) {
    absl::string_view rest = body;
    if (!absl::StripAsciiWhitespace(TakeLine(rest)).empty()) break;
    body = rest;
  }
  return std::string(absl::StripTrailingAsciiWhitespace(body));
}

// The library reports errors by exception; this is the only place that meets one. Its lines count
// from the first after the fence.
bool ReadToml(const std::string& text, FrontMatter& front_matter, FrontMatterFault& fault) {
  try {
    const toml::table table = toml::parse(std::string_view(text));
    front_matter.members = TableToJson(table);
    for (const auto& [key, value] : table) {
      front_matter.lines[std::string(key.str())] = static_cast<int>(value.source().begin.line) + 1;
    }
    return true;
  } catch (const toml::parse_error& error) {
    fault = {static_cast<int>(error.source().begin.line) + 1,
             absl::StrCat("the front matter is not TOML: ", std::string(error.description())),
             "texts stand in double quotes, lists in square brackets"};
    return false;
  }
}

}  // namespace

bool SplitDraft(absl::string_view text, FrontMatter& front_matter, FrontMatterFault& fault) {
  absl::string_view rest = text;
  absl::ConsumePrefix(&rest, "\xEF\xBB\xBF");
  if (absl::StripTrailingAsciiWhitespace(TakeLine(rest)) != kFence) {
    fault = {1, "the draft has no front matter", std::string(kExample)};
    return false;
  }
  std::string toml_text;
  int line_number = 1;
  bool closed = false;
  while (!rest.empty() && !closed) {
    const absl::string_view line = TakeLine(rest);
    ++line_number;
    closed = absl::StripTrailingAsciiWhitespace(line) == kFence;
    if (!closed) absl::StrAppend(&toml_text, line, "\n");
  }
  if (!closed) {
    fault = {line_number, "the front matter does not end", std::string(kExample)};
    return false;
  }
  if (FullStops(toml_text) > kMaxFullStops) {
    fault = {1, absl::StrCat("the front matter has more than ", kMaxFullStops, " full stops"),
             "long texts belong into the body"};
    return false;
  }
  if (!ReadToml(toml_text, front_matter, fault)) return false;
  front_matter.body = TrimBlankLines(rest);
  front_matter.body_line = line_number + 1;
  return true;
}

}  // namespace shield
