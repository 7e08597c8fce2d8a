#include "policy/corpus/case_fields.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield {
namespace {

constexpr absl::string_view kRule = "CASE_FILE_MALFORMED";
constexpr absl::string_view kHint = "docs/spec/tlp.md, section `Case files`, has the format";

// Takes the next word off `rest`: up to a space, or up to a space after closing quotes. Nothing
// when quotes are left open.
std::optional<std::string> NextWord(absl::string_view& rest) {
  std::string word;
  bool quoted = false;
  size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != ' '); ++i) {
    if (rest[i] == '"') {
      quoted = !quoted;
    } else {
      word.push_back(rest[i]);
    }
  }
  if (quoted) return std::nullopt;
  while (i < rest.size() && rest[i] == ' ') ++i;
  rest.remove_prefix(i);
  return word;
}

absl::Status RefuseAt(absl::string_view place, absl::string_view sentence) {
  return WithHint(WithRule(absl::InvalidArgumentError(
                               absl::StrCat("case file refused: ", place, ": ", sentence)),
                           kRule),
                  kHint);
}

}  // namespace

absl::Status RefuseCaseLine(size_t number, absl::string_view sentence) {
  return RefuseAt(absl::StrCat("line ", number), sentence);
}

absl::StatusOr<CaseFields> CaseFields::Parse(absl::string_view line, size_t number) {
  CaseFields fields(number);
  absl::string_view rest = line;
  for (size_t place = 0; !rest.empty(); ++place) {
    std::optional<std::string> word = NextWord(rest);
    if (!word.has_value()) return RefuseCaseLine(number, "a quotation mark is not closed");
    if (place == 0) {
      fields.kind_ = *std::move(word);
    } else if (place == 1) {
      fields.id_ = *std::move(word);
    } else {
      RETURN_IF_ERROR(fields.Add(*word));
    }
  }
  if (fields.id_.empty()) return fields.Refuse("it needs an id after its first word");
  return fields;
}

absl::Status CaseFields::Add(absl::string_view field) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(field, absl::MaxSplits('=', 1));
  if (parts.first.empty() || parts.first.size() == field.size()) {
    return Refuse(absl::StrCat(Quoted(field), " is not of the form name=value"));
  }
  const bool added = fields_.emplace(std::string(parts.first), std::string(parts.second)).second;
  if (!added) return Refuse(absl::StrCat("the field ", Quoted(parts.first), " stands twice"));
  return absl::OkStatus();
}

std::optional<std::string> CaseFields::Take(absl::string_view name) {
  const auto found = fields_.find(name);
  if (found == fields_.end()) return std::nullopt;
  std::string value = std::move(found->second);
  fields_.erase(found);
  return value;
}

absl::StatusOr<std::string> CaseFields::Need(absl::string_view name) {
  std::optional<std::string> value = Take(name);
  if (!value.has_value()) return Refuse(absl::StrCat("the field ", Quoted(name), " is missing"));
  return *std::move(value);
}

std::vector<std::string> CaseFields::TakeList(absl::string_view name) {
  const std::optional<std::string> value = Take(name);
  if (!value.has_value()) return {};
  return absl::StrSplit(*value, ',', absl::SkipEmpty());
}

absl::Status CaseFields::Finish() const {
  if (fields_.empty()) return absl::OkStatus();
  return Refuse(absl::StrCat("the field ", Quoted(fields_.begin()->first), " has no meaning here"));
}

absl::Status CaseFields::Refuse(absl::string_view sentence) const {
  return RefuseAt(absl::StrCat("line ", number_, " (", Quoted(absl::StrCat(kind_, " ", id_)), ")"),
                  sentence);
}

}  // namespace shield
