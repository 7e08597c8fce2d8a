// Reads a signed text line by line and refuses it by the line at fault.
//
//   ASSIGN_OR_RETURN(LineReader lines, LineReader::Create(text, {"statement", rule, 16384}));
//   RETURN_IF_ERROR(lines.TakeWhole("shield/bulletin/v1"));
//   ASSIGN_OR_RETURN(absl::string_view id, lines.Take("id"));
//   if (!BulletinId::Parse(id)) return lines.Refuse("the id is not 32 lowercase hex digits");
//
// An error reads "statement refused: line 3 `id XY`: the id is not 32 lowercase hex digits".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace shield {

// What is being read, for limits and messages. The texts must be literals.
struct TextKind {
  absl::string_view name;  // "statement"
  absl::string_view rule;  // "STATEMENT_MALFORMED"
  size_t max_bytes = 0;
};

// Thread-compatible. Does not own the text.
class LineReader {
 public:
  // Refuses a text longer than the limit, one with a byte outside 0x20-0x7e and LF, one that does
  // not end in LF, and one with an empty line.
  static absl::StatusOr<LineReader> Create(absl::string_view text, const TextKind& kind);

  // Takes the next line, which must be `keyword`, one space and something; returns the something.
  absl::StatusOr<absl::string_view> Take(absl::string_view keyword);
  // The same, and what follows must be `count` fields parted by single spaces.
  absl::StatusOr<std::vector<absl::string_view>> TakeFields(absl::string_view keyword,
                                                            size_t count);
  // Takes the next line, which must be exactly `line`.
  absl::Status TakeWhole(absl::string_view line);
  // Whether the next line begins with `keyword` and a space.
  bool NextIs(absl::string_view keyword) const;
  // Refuses if a line is left.
  absl::Status Finish() const;

  // The line taken last, whole, without its LF.
  absl::string_view line() const { return line_; }

  // The refusal of the line taken last. `sentence` begins in lower case, without full stop.
  absl::Status Refuse(absl::string_view sentence) const;
  // The same with another rule than the text's own.
  absl::Status RefuseWith(absl::string_view rule, absl::string_view sentence) const;

 private:
  LineReader(absl::string_view text, const TextKind& kind) : rest_(text), kind_(kind) {}
  // Moves to the next line; false at the end of the text.
  bool Advance();

  absl::string_view rest_;
  TextKind kind_;
  absl::string_view line_;  // taken last, without LF
  size_t number_ = 0;       // of that line, from 1
};

}  // namespace shield
