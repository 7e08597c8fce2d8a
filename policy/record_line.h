// Takes one directory line apart, field by field, in the only order there is. For policy/records.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "policy/period.h"
#include "policy/vocabulary.h"

namespace shield {

// Thread-compatible. Does not own the line.
class RecordLine {
 public:
  // Refuses a line that is too long or does not begin with `type` and a space.
  static absl::StatusOr<RecordLine> Create(absl::string_view line, absl::string_view type);

  // The next field, up to a space or the end.
  absl::StatusOr<absl::string_view> Word(absl::string_view meaning);
  // The next field, which must be `name`=…; what follows '=', which may be empty.
  absl::StatusOr<absl::string_view> Attribute(absl::string_view name);
  // The items of a comma list, sorted bytewise, each once; of an empty list none.
  absl::StatusOr<std::vector<absl::string_view>> List(absl::string_view name);

  absl::StatusOr<int> Vetting();
  absl::StatusOr<AccountState> State();
  // from=… until=…, the latter not before the former.
  absl::StatusOr<Period> FromUntil();

  absl::Status Finish() const;

  absl::Status Refuse(absl::string_view sentence) const;
  absl::Status RefuseCode(absl::string_view sentence) const;  // UNKNOWN_CODE

 private:
  explicit RecordLine(absl::string_view line) : line_(line), rest_(line) {}

  absl::string_view line_;
  absl::string_view rest_;
};

// The period between two printed moments; nothing when one is out of form or `until` before `from`.
std::optional<Period> ParsePeriodPair(absl::string_view from, absl::string_view until);

}  // namespace shield
