#include "client/authority/version_notes.h"

#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "client/authority/create_network.h"
#include "client/authority/made_note.h"
#include "client/home/private_file.h"

namespace shield {
namespace {

absl::StatusOr<std::vector<std::string>> ReadNotes(const Home& home) {
  std::vector<std::string> notes;
  if (!home.Has(kVersionsFile)) return notes;
  ASSIGN_OR_RETURN(const std::string text,
                   ReadSmallFile(home.PathOf(kVersionsFile), kMaxVersionNotesBytes));
  // Each note is a text and its signatures, and no blank line stands within either.
  const std::vector<absl::string_view> parts = absl::StrSplit(text, "\n\n");
  if (parts.size() % 2 != 0 || !absl::EndsWith(text, "\n")) {
    return WithHint(
        WithRule(absl::InvalidArgumentError(absl::StrCat("`", kVersionsFile, "` is cut off")),
                 "DIRECTORY_FILE_MALFORMED"),
        "move the file away: it is needed only for a broker that was restored from a backup");
  }
  notes.reserve(parts.size() / 2);
  for (size_t i = 0; i < parts.size(); i += 2) {
    const bool last = i + 2 == parts.size();
    notes.push_back(absl::StrCat(parts[i], "\n\n", parts[i + 1], last ? "" : "\n"));
  }
  return notes;
}

// The newest notes that fit, oldest first.
std::string PrintNotes(const std::vector<std::string>& notes) {
  size_t first = notes.size();
  size_t bytes = 0;
  while (first > 0 && bytes + notes[first - 1].size() + 1 <= kMaxVersionNotesBytes) {
    --first;
    bytes += notes[first].size() + 1;
  }
  std::string text;
  text.reserve(bytes);
  for (size_t i = first; i < notes.size(); ++i) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", notes[i]);
  }
  return text;
}

}  // namespace

absl::Status KeepVersionNote(const Home& home, absl::string_view note) {
  ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(note));
  ASSIGN_OR_RETURN(std::vector<std::string> notes, ReadNotes(home));
  while (!notes.empty()) {
    ASSIGN_OR_RETURN(const MadeNote last, ReadMadeNote(notes.back()));
    if (last.held.version < made.held.version) {
      if (last.held.digest != made.note.previous) notes.clear();
      break;
    }
    notes.pop_back();
  }
  notes.emplace_back(note);
  return home.Write(kVersionsFile, PrintNotes(notes));
}

absl::StatusOr<std::optional<std::vector<std::string>>> VersionNotesAfter(
    const Home& home, const std::optional<HeldDirectory>& broker) {
  ASSIGN_OR_RETURN(std::vector<std::string> notes, ReadNotes(home));
  for (size_t i = notes.size(); i > 0; --i) {
    ASSIGN_OR_RETURN(const MadeNote made, ReadMadeNote(notes[i - 1]));
    if (broker.has_value() && made.held != *broker) continue;
    if (!broker.has_value() && made.held.version != 1) continue;
    const size_t first = broker.has_value() ? i : i - 1;
    return std::make_optional(std::vector<std::string>(
        std::make_move_iterator(notes.begin() + static_cast<std::ptrdiff_t>(first)),
        std::make_move_iterator(notes.end())));
  }
  return std::optional<std::vector<std::string>>();
}

}  // namespace shield
