#include "tests/e2e/evil/shown_directories.h"

#include <algorithm>
#include <optional>
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
  if (attack_.kind == AttackKind::kHideOrg) {
    std::erase_if(
        parts, [this](const DirectoryPart& part) { return IsOrganisation(part, attack_.place()); });
  }
  return std::make_unique<GivenParts>(std::move(parts));
}

uint64_t ShownDirectories::VersionTold() {
  MutexLock lock(mutex_);
  if (attack_.kind != AttackKind::kDirectoryFrozen || shown_.empty()) return 0;
  return shown_.front().version;
}

}  // namespace shield::testing
