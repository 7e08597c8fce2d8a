#include "broker/core/directory_view.h"

#include <algorithm>
#include <utility>

namespace shield::broker {
namespace {

bool HasClient(const OrgRecord& org, const OrgId& client) {
  return std::any_of(org.clients.begin(), org.clients.end(),
                     [&client](const ClientRelation& each) { return each.client == client; });
}

bool MaySee(const OrgRecord& own, const OrgRecord& other) {
  return other.id == own.id || other.kind == OrgKind::kAuthority || HasClient(own, other.id) ||
         HasClient(other, own.id);
}

}  // namespace

std::vector<uint32_t> VisibleOrgs(const Seat& seat) {
  // An authority enrols everyone, recomputes the recipients of what it publishes, and receives the
  // reports of all: each of its seats must be able to tell who an author is.
  const bool all = seat.org->kind == OrgKind::kAuthority;
  const std::span<const OrgRecord> orgs = seat.directory().orgs();
  std::vector<uint32_t> shown;
  for (size_t i = 0; i < orgs.size(); ++i) {
    if (all || MaySee(*seat.org, orgs[i])) shown.push_back(static_cast<uint32_t>(i));
  }
  return shown;
}

DirectoryView::DirectoryView(PostedDirectoryPtr posted, std::vector<uint32_t> shown, bool unchanged)
    : posted_(std::move(posted)), shown_(std::move(shown)), unchanged_(unchanged) {}

absl::StatusOr<std::optional<DirectoryPart>> DirectoryView::Next() {
  if (!head_given_) {
    head_given_ = true;
    return DirectoryPart(DirectoryHead{posted_->verified->note(), posted_->fresh_note,
                                       posted_->authority, unchanged_});
  }
  if (unchanged_ || next_org_ == shown_.size()) return std::nullopt;
  return TakeOrganisation();
}

DirectoryPart DirectoryView::TakeOrganisation() {
  const uint32_t index = shown_[next_org_];
  const OrgLines& lines = posted_->tree->orgs()[index];
  DirectoryOrganisation part;
  part.index = index;
  size_t bytes = 0;
  if (next_line_ == 0) {
    part.proof = posted_->tree->Part(index).proof;
    part.line = lines.line;
    bytes = lines.line.size();
  }
  while (next_line_ < lines.own_lines.size() && part.own_lines.size() < kMaxPartLines) {
    const std::string& line = lines.own_lines[next_line_];
    bytes += line.size();
    if (bytes > kMaxPartBytes && !part.own_lines.empty()) break;
    part.own_lines.push_back(line);
    ++next_line_;
  }
  part.more = next_line_ < lines.own_lines.size();
  if (!part.more) {
    ++next_org_;
    next_line_ = 0;
  }
  return part;
}

}  // namespace shield::broker
