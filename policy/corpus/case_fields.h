// One line of a case file, taken apart: a kind, an id, then `name=value` in any order
// (docs/spec/tlp.md, "Case files").
//
//   case V17 actor=g2 action=share reader=k1 author=p1 tlp=AMBER to=org:g expect=deny:NEED_…
//
// A value with spaces stands in double quotes. Whoever reads the line takes the fields it knows;
// Finish() refuses what is left, so that a misspelt field never goes unnoticed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/quoted.h"

namespace shield {

// Thread-compatible value.
class CaseFields {
 public:
  // Refuses a line that has a field twice, or is not of that form.
  static absl::StatusOr<CaseFields> Parse(absl::string_view line, size_t number);

  const std::string& kind() const { return kind_; }
  const std::string& id() const { return id_; }
  size_t number() const { return number_; }

  // The field's value, which then counts as read; nothing when the line has no such field.
  std::optional<std::string> Take(absl::string_view name);
  // The same for a field that must be there.
  absl::StatusOr<std::string> Need(absl::string_view name);
  // The same for a field that has a default, split at commas; empty text gives no items.
  std::vector<std::string> TakeList(absl::string_view name);

  // Refuses when a field was not taken.
  absl::Status Finish() const;

  // INVALID_ARGUMENT, CASE_FILE_MALFORMED: "case file refused: line 12 (`case V1`): <sentence>".
  absl::Status Refuse(absl::string_view sentence) const;

 private:
  explicit CaseFields(size_t number) : number_(number) {}
  absl::Status Add(absl::string_view field);

  size_t number_;
  std::string kind_;
  std::string id_;
  std::map<std::string, std::string, std::less<>> fields_;
};

// The identifier that `text` is; refuses the line when it is none.
template <typename Id>
absl::StatusOr<Id> AsId(const CaseFields& fields, absl::string_view text) {
  if (std::optional<Id> id = Id::Parse(text)) return *std::move(id);
  return fields.Refuse(absl::StrCat(Quoted(text), " is no identifier"));
}

// The same error where there are no fields to speak of.
absl::Status RefuseCaseLine(size_t number, absl::string_view sentence);

}  // namespace shield
