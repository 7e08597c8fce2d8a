#include "client/digest/publish/omissions.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/status.h"
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

// Whether this member was in standing, under the version of the directory that it was sealed under,
// at the very moment the listed one was issued: between two that came it was, and before and after
// that where all its periods of that version hold the moment. Of a version that is not here nobody
// can tell.
bool WasInStanding(const Gathered& gathered, const ListedBulletin& listed) {
  const auto span = gathered.in_standing.find(listed.directory_version);
  if (span == gathered.in_standing.end()) return false;
  if (span->second.first <= listed.issued && listed.issued <= span->second.last) return true;
  const auto then = gathered.directories.find(listed.directory_version);
  if (then == gathered.directories.end() || then->second == nullptr) return false;
  const Directory& directory = then->second->directory();
  const MemberRecord* member = directory.FindMember(gathered.member);
  return member != nullptr && member->period.Contains(listed.issued) &&
         directory.OrgOf(*member).period.Contains(listed.issued) &&
         then->second->SealKey(member->id, listed.issued).has_value();
}

// An edition that is live, whole and by the authority; nothing otherwise.
absl::StatusOr<std::optional<HeldEdition>> EditionIn(Client& client, const Directory& directory,
                                                     const InboxItem& item) {
  const bool may_be = item.id.has_value() && item.state == InboxState::kLive && item.fetched &&
                      item.kind == kEditionKind && item.author.has_value() &&
                      item.author_org.has_value() && !item.shared_by.has_value();
  if (!may_be || directory.FindOrg(*item.author_org) == nullptr) return std::nullopt;
  const absl::StatusOr<OpenedBulletin> opened = client.Read(*item.id);
  // It has ended or expired meanwhile.
  if (absl::IsPermissionDenied(opened.status())) return std::nullopt;
  RETURN_IF_ERROR(opened.status());
  std::optional<EditionDetails> details = ReadEditionDetails(opened->content.json);
  if (!details.has_value()) return std::nullopt;
  HeldEdition edition{*item.id, *item.author, *item.author_org};
  edition.issued = item.issued;
  edition.listed = std::move(details->listed);
  return edition;
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
      const bool missing = !gathered.held.contains(listed.id) && WasInStanding(gathered, listed) &&
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

absl::StatusOr<std::vector<Omission>> FindOmissionsIn(Client& client,
                                                      const std::vector<InboxItem>& items,
                                                      absl::Time now) {
  const bool has_editions = std::any_of(
      items.begin(), items.end(), [](const InboxItem& item) { return item.kind == kEditionKind; });
  if (!has_editions) return std::vector<Omission>();
  ASSIGN_OR_RETURN(const auto directory, client.NewestDirectory());
  ASSIGN_OR_RETURN(const std::vector<InboxItem> published, client.Publications());
  Gathered gathered{client.member(), directory};
  for (const InboxItem& item : published) NoteHeld(item, gathered);
  for (const InboxItem& item : items) {
    NoteHeld(item, gathered);
    ASSIGN_OR_RETURN(std::optional<HeldEdition> edition,
                     EditionIn(client, directory->directory(), item));
    if (edition.has_value()) gathered.editions.push_back(*std::move(edition));
  }
  RETURN_IF_ERROR(NoteDirectories(client, gathered));
  return FindOmissions(gathered, now);
}

}  // namespace shield
