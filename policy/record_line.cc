#include "policy/record_line.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "policy/fields.h"
#include "policy/records.h"

namespace shield {

absl::StatusOr<RecordLine> RecordLine::Create(absl::string_view line, absl::string_view type) {
  RecordLine record(line);
  if (line.size() > kMaxRecordBytes) {
    return record.Refuse(absl::StrCat("it is longer than ", kMaxRecordBytes, " bytes"));
  }
  if (!absl::ConsumePrefix(&record.rest_, type) || !absl::StartsWith(record.rest_, " ")) {
    return record.Refuse(absl::StrCat("it does not begin with `", type, "`"));
  }
  return record;
}

absl::StatusOr<absl::string_view> RecordLine::Word(absl::string_view meaning) {
  if (!absl::ConsumePrefix(&rest_, " ")) return Refuse(absl::StrCat(meaning, " is missing"));
  const absl::string_view word = rest_.substr(0, rest_.find(' '));
  rest_.remove_prefix(word.size());
  return word;
}

absl::StatusOr<absl::string_view> RecordLine::Attribute(absl::string_view name) {
  ASSIGN_OR_RETURN(absl::string_view word, Word(name));
  if (!absl::ConsumePrefix(&word, name) || !absl::ConsumePrefix(&word, "=")) {
    return Refuse(absl::StrCat("`", name, "=` must stand where ", Quoted(word), " does"));
  }
  return word;
}

absl::StatusOr<std::vector<absl::string_view>> RecordLine::List(absl::string_view name) {
  ASSIGN_OR_RETURN(absl::string_view value, Attribute(name));
  if (value.empty()) return std::vector<absl::string_view>();
  std::vector<absl::string_view> items = absl::StrSplit(value, ',');
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].empty() || (i > 0 && items[i] <= items[i - 1])) {
      return Refuse(absl::StrCat("`", name, "` is not sorted bytewise, each item once"));
    }
  }
  return items;
}

absl::StatusOr<int> RecordLine::Vetting() {
  ASSIGN_OR_RETURN(absl::string_view text, Attribute("vetting"));
  const std::optional<int> vetting = ParseVetting(text);
  if (!vetting.has_value()) return Refuse("vetting levels are 0 to 3");
  return *vetting;
}

absl::StatusOr<AccountState> RecordLine::State() {
  ASSIGN_OR_RETURN(absl::string_view text, Attribute("state"));
  const std::optional<AccountState> state = ParseAccountState(text);
  if (!state.has_value()) return Refuse("no such state");
  return *state;
}

absl::StatusOr<Period> RecordLine::FromUntil() {
  ASSIGN_OR_RETURN(absl::string_view from, Attribute("from"));
  ASSIGN_OR_RETURN(absl::string_view until, Attribute("until"));
  const std::optional<Period> period = ParsePeriodPair(from, until);
  if (!period.has_value()) return Refuse("from and until are not two moments in order");
  return *period;
}

absl::Status RecordLine::Finish() const {
  if (rest_.empty()) return absl::OkStatus();
  return Refuse(absl::StrCat("nothing may follow, but ", Quoted(rest_), " does"));
}

absl::Status RecordLine::Refuse(absl::string_view sentence) const {
  return WithRule(absl::InvalidArgumentError(
                      absl::StrCat("directory line ", Quoted(line_), " refused: ", sentence)),
                  "DIRECTORY_MALFORMED");
}

absl::Status RecordLine::RefuseCode(absl::string_view sentence) const {
  return WithRule(Refuse(sentence), "UNKNOWN_CODE");
}

std::optional<Period> ParsePeriodPair(absl::string_view from, absl::string_view until) {
  const std::optional<absl::Time> begin = ParseMoment(from);
  const std::optional<absl::Time> end = ParseMoment(until);
  if (!begin.has_value() || !end.has_value() || *end < *begin) return std::nullopt;
  return Period{*begin, *end};
}

}  // namespace shield
