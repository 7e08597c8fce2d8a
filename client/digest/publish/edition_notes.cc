#include "client/digest/publish/edition_notes.h"

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/status.h"
#include "client/home/private_file.h"

namespace shield {
namespace {

std::string PathOf(const Home& home) { return home.PathOf("edition-notes"); }

std::optional<EditionNote> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  if (words.size() != 4) return std::nullopt;
  const std::optional<BulletinId> id = BulletinId::Parse(words[0]);
  const absl::StatusOr<Week> week = Week::Parse(words[1]);
  const absl::StatusOr<Tier> tier = ParseTier(words[2]);
  int revision = 0;
  const bool counted = absl::SimpleAtoi(words[3], &revision) && revision >= 1;
  if (!id.has_value() || !week.ok() || !tier.ok() || !counted) return std::nullopt;
  return EditionNote{*id, *week, *tier, revision};
}

}  // namespace

EditionNotes EditionNotes::Parse(absl::string_view text) {
  EditionNotes notes;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (const auto note = ParseLine(line); note.has_value()) notes.Add(*note);
  }
  return notes;
}

std::string EditionNotes::Print() const {
  std::string text;
  const size_t first = notes_.size() > kMaxEditionNotes ? notes_.size() - kMaxEditionNotes : 0;
  for (size_t i = first; i < notes_.size(); ++i) {
    const EditionNote& note = notes_[i];
    absl::StrAppend(&text, note.id.ToHex(), " ", note.week.Print(), " ", PrintTier(note.tier), " ",
                    note.revision, "\n");
  }
  return text;
}

const EditionNote* EditionNotes::Find(const BulletinId& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &notes_[found->second];
}

bool EditionNotes::Add(const EditionNote& note) {
  const bool first = places_.emplace(note.id, notes_.size()).second;
  if (first) notes_.push_back(note);
  return first;
}

absl::StatusOr<EditionNotes> ReadEditionNotes(const Home& home) {
  const absl::StatusOr<std::string> text = ReadSmallFile(PathOf(home));
  if (absl::IsNotFound(text.status())) return EditionNotes();
  RETURN_IF_ERROR(text.status());
  return EditionNotes::Parse(*text);
}

absl::Status WriteEditionNotes(const Home& home, const EditionNotes& notes) {
  return WritePrivateFile(PathOf(home), AsBytes(notes.Print()));
}

}  // namespace shield
