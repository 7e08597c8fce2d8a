#include "policy/line_reader.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "policy/fields.h"

namespace shield {
namespace {

absl::Status Refusal(const TextKind& kind, absl::string_view sentence) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat(kind.name, " refused: ", sentence)),
                  kind.rule);
}

// The number of the line that byte `position` of `text` stands on.
size_t LineOf(absl::string_view text, size_t position) {
  return static_cast<size_t>(std::count(text.begin(), text.begin() + position, '\n')) + 1;
}

bool IsAllowed(char c) { return c == '\n' || (c >= 0x20 && c <= 0x7e); }

}  // namespace

absl::StatusOr<LineReader> LineReader::Create(absl::string_view text, const TextKind& kind) {
  if (text.empty()) return Refusal(kind, "it is empty");
  if (text.size() > kind.max_bytes) {
    return Refusal(kind, absl::StrCat("it has ", text.size(), " bytes, and at most ",
                                      kind.max_bytes, " are allowed"));
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsAllowed(text[i])) {
      return Refusal(
          kind, absl::StrCat("line ", LineOf(text, i), " holds the byte ",
                             Quoted(text.substr(i, 1)), ", and only printable ASCII is allowed"));
    }
    if (text[i] == '\n' && (i == 0 || text[i - 1] == '\n')) {
      return Refusal(kind, absl::StrCat("line ", LineOf(text, i), " is empty"));
    }
  }
  if (text.back() != '\n') return Refusal(kind, "its last line does not end in a line feed");
  return LineReader(text, kind);
}

bool LineReader::Advance() {
  ++number_;
  if (rest_.empty()) {
    line_ = {};
    return false;
  }
  const size_t end = rest_.find('\n');
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return true;
}

absl::StatusOr<absl::string_view> LineReader::Take(absl::string_view keyword) {
  if (!NextIs(keyword)) {
    Advance();
    return Refuse(absl::StrCat("a `", keyword, "` line must stand here"));
  }
  Advance();
  absl::string_view value = line_.substr(keyword.size() + 1);
  if (value.empty()) return Refuse("nothing follows the keyword");
  return value;
}

absl::StatusOr<std::vector<absl::string_view>> LineReader::TakeFields(absl::string_view keyword,
                                                                      size_t count) {
  ASSIGN_OR_RETURN(absl::string_view value, Take(keyword));
  std::vector<absl::string_view> fields = absl::StrSplit(value, ' ');
  if (fields.size() != count) {
    return Refuse(absl::StrCat("it holds ", fields.size(), " fields, and ", count, " must follow `",
                               keyword, "`"));
  }
  return fields;
}

absl::Status LineReader::TakeWhole(absl::string_view line) {
  if (Advance() && line_ == line) return absl::OkStatus();
  // Another file altogether, taken by mistake, is not repeated: it may hold a passphrase.
  if (number_ == 1) return Refusal(kind_, absl::StrCat("its first line is not `", line, "`"));
  return Refuse(absl::StrCat("`", line, "` must stand here"));
}

bool LineReader::NextIs(absl::string_view keyword) const {
  return absl::StartsWith(rest_, keyword) && rest_.substr(keyword.size()).substr(0, 1) == " ";
}

absl::Status LineReader::Finish() const {
  if (rest_.empty()) return absl::OkStatus();
  return Refusal(kind_,
                 absl::StrCat("line ", number_ + 1, " ", Quoted(rest_.substr(0, rest_.find('\n'))),
                              " is one too many or stands out of order"));
}

absl::Status LineReader::Refuse(absl::string_view sentence) const {
  return RefuseWith(kind_.rule, sentence);
}

absl::Status LineReader::RefuseWith(absl::string_view rule, absl::string_view sentence) const {
  const std::string place = line_.data() == nullptr
                                ? absl::StrCat("line ", number_, " is missing")
                                : absl::StrCat("line ", number_, " ", Quoted(line_));
  return WithRule(Refusal(kind_, absl::StrCat(place, ": ", sentence)), rule);
}

}  // namespace shield
