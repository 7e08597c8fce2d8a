#include "client/digest/publish/omissions.h"

#include <algorithm>
#include <map>
#include <utility>

#include "policy/decide.h"

namespace shield {
namespace {

// Whether a bulletin like the listed one is for this member: GREEN for the community, or CLEAR.
bool IsFor(const Directory& directory, const HeldEdition& edition, const OrgRecord& source,
           const ListedBulletin& listed, const MemberId& member, absl::Time now) {
  if (listed.tlp != Tlp::kGreen && listed.tlp != Tlp::kClear) return false;
  Terms terms{.author = edition.author, .source = source.id, .community = source.community};
  terms.status = BulletinStatus::kActual;
  terms.tlp = listed.tlp;
  terms.issued = listed.issued;
  terms.not_before = listed.issued;
  terms.expires = absl::InfiniteFuture();
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  terms.targets.communities = {source.community};
  return DecideDelivery(directory, terms, member, now).allowed;
}

}  // namespace

std::vector<Omission> FindOmissions(const Gathered& gathered, absl::Time now) {
  const Directory& directory = gathered.directory->directory();
  std::map<std::pair<absl::Time, BulletinId>, Omission> found;
  for (const HeldEdition& edition : gathered.editions) {
    const OrgRecord* source = directory.FindOrg(edition.source);
    const bool counts = edition.state == InboxState::kLive && source != nullptr &&
                        source->kind == OrgKind::kAuthority;
    if (!counts) continue;
    for (const ListedBulletin& listed : edition.listed) {
      const bool missing = !gathered.held.contains(listed.id) &&
                           listed.issued > gathered.enrolled_by && listed.issued <= edition.issued;
      if (!missing || !IsFor(directory, edition, *source, listed, gathered.member, now)) continue;
      found.emplace(std::pair(listed.issued, listed.id),
                    Omission{listed.id, listed.tlp, listed.issued, edition.id});
    }
  }
  std::vector<Omission> omissions;
  omissions.reserve(found.size());
  for (const auto& [place, omission] : found) omissions.push_back(omission);
  return omissions;
}

}  // namespace shield
