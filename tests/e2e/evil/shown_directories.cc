#include "tests/e2e/evil/shown_directories.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/status.h"
#include "crypto/note.h"
#include "policy/directory_note.h"

namespace shield::testing {
namespace {

using broker::DirectoryHead;
using broker::DirectoryOrganisation;
using broker::DirectoryPart;

class GivenParts final : public broker::DirectoryReader {
 public:
  explicit GivenParts(std::vector<DirectoryPart> parts) : parts_(std::move(parts)) {}
  absl::StatusOr<std::optional<DirectoryPart>> Next() override {
    if (next_ == parts_.size()) return std::optional<DirectoryPart>();
    return std::optional<DirectoryPart>(parts_[next_++]);
  }

 private:
  const std::vector<DirectoryPart> parts_;
  size_t next_ = 0;
};

absl::StatusOr<std::vector<DirectoryPart>> ReadAll(broker::DirectoryReader& reader) {
  std::vector<DirectoryPart> parts;
  for (;;) {
    ASSIGN_OR_RETURN(std::optional<DirectoryPart> part, reader.Next());
    if (!part.has_value()) return parts;
    parts.push_back(*std::move(part));
  }
}

absl::StatusOr<uint64_t> VersionOf(const std::vector<DirectoryPart>& parts) {
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(std::get<DirectoryHead>(parts.front()).note));
  ASSIGN_OR_RETURN(const DirectoryNote directory, ParseDirectoryNote(note.text));
  return directory.version;
}

bool IsOrganisation(const DirectoryPart& part, uint64_t place) {
  const auto* organisation = std::get_if<DirectoryOrganisation>(&part);
  return organisation != nullptr && organisation->index + uint64_t{1} == place;
}

void Flip(std::string& text, uint64_t at) {
  if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1);
}

// Attacks on what an answer holds, whichever it is.
void Alter(const Attack& attack, std::vector<DirectoryPart>& parts) {
  const auto concerned = [&attack](const DirectoryPart& part) {
    return IsOrganisation(part, attack.place());
  };
  if (attack.kind == AttackKind::kHideOrg) std::erase_if(parts, concerned);
  if (attack.kind == AttackKind::kFlipDirectory) {
    Flip(std::get<DirectoryHead>(parts.front()).note, attack.k.value_or(0));
  }
  if (attack.kind != AttackKind::kFlipOrg) return;
  const auto part = std::find_if(parts.begin(), parts.end(), concerned);
  if (part != parts.end()) Flip(std::get<DirectoryOrganisation>(*part).line, 0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<broker::DirectoryReader>> ShownDirectories::Instead(
    broker::DirectoryReader& truth) {
  ASSIGN_OR_RETURN(Parts parts, ReadAll(truth));
  ASSIGN_OR_RETURN(const uint64_t version, VersionOf(parts));
  MutexLock lock(mutex_);
  const bool is_new = std::none_of(shown_.begin(), shown_.end(), [version](const Shown& shown) {
    return shown.version == version;
  });
  const bool first_for_ever = attack_.kind == AttackKind::kDirectoryFrozen ||
                              attack_.kind == AttackKind::kDirectoryWithheld;
  if (shown_.empty() || (is_new && !first_for_ever)) {
    shown_.push_back({version, parts});
  } else if (first_for_ever || (attack_.kind == AttackKind::kDirectoryRollback && !is_new)) {
    parts = shown_.front().parts;
  }
  Alter(attack_, parts);
  return std::make_unique<GivenParts>(std::move(parts));
}

uint64_t ShownDirectories::VersionTold() {
  MutexLock lock(mutex_);
  if (attack_.kind != AttackKind::kDirectoryFrozen || shown_.empty()) return 0;
  return shown_.front().version;
}

}  // namespace shield::testing
