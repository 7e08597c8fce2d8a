// Authority: a home that is behind the broker takes over what the broker holds.
#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "client/authority/draft_directory.h"
#include "client/authority/member_deeds.h"
#include "client/authority/version_notes.h"
#include "client/home/private_file.h"
#include "policy/proof/authority_note.h"
#include "policy/proof/directory_tree.h"

namespace shield {
namespace {

using Verified = std::shared_ptr<const VerifiedDirectory>;

absl::StatusOr<DirectoryRecords> RecordsOf(const std::vector<OrgLines>& orgs) {
  DirectoryRecords records;
  for (const OrgLines& org : orgs) {
    ASSIGN_OR_RETURN(DirectoryRecords own, ParseOrgLines(org));
    std::move(own.orgs.begin(), own.orgs.end(), std::back_inserter(records.orgs));
    std::move(own.members.begin(), own.members.end(), std::back_inserter(records.members));
    std::move(own.keys.begin(), own.keys.end(), std::back_inserter(records.keys));
  }
  return records;
}

// A challenge is open as long as its member is neither active nor gone.
bool IsOpen(const PendingChallenge& challenge, DirectoryDraft& draft) {
  const MemberRecord* member = draft.FindMember(challenge.member);
  return member != nullptr && member->state != AccountState::kActive &&
         member->state != AccountState::kRevoked;
}

}  // namespace

absl::StatusOr<Verified> Authority::VerifyAdoptable(const DirectoryUpload& held) const {
  ASSIGN_OR_RETURN(const NetworkFile network, FollowAuthority(network_, held.authority));
  ASSIGN_OR_RETURN(const std::vector<OrgLines> orgs, GroupByOrg(held.lines));
  ASSIGN_OR_RETURN(const std::optional<HeldDirectory> published, PublishedHeld());
  ASSIGN_OR_RETURN(Verified verified, VerifyDirectory(held.note, orgs, network, published));
  if (published.has_value() && verified->version() == published->version) {
    return WithHint(WithRule(absl::FailedPreconditionError(
                                 absl::StrCat("the broker holds version ", published->version,
                                              ", which this home published")),
                             "NOTHING_TO_ADOPT"),
                    "go on with `shield directory publish`");
  }
  return verified;
}

absl::StatusOr<AdoptionReview> Authority::ReviewAdoption(const DirectoryUpload& held) const {
  ASSIGN_OR_RETURN(const Verified verified, VerifyAdoptable(held));
  ASSIGN_OR_RETURN(const DirectoryText built,
                   BuildDirectoryText(DraftNote(draft_, network_), draft_.records));
  std::vector<std::string> before = Flatten(built.orgs);
  std::vector<std::string> after = held.lines;
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  AdoptionReview review{.version = verified->version(), .draft = {}};
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(review.draft.added));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(review.draft.removed));
  return review;
}

// The draft first: published without it would take back, with the next version, what this one did.
absl::Status Authority::AdoptDirectory(const DirectoryUpload& held, absl::string_view reason,
                                       absl::Time now) {
  RETURN_IF_ERROR(CheckReason(reason));
  ASSIGN_OR_RETURN(const Verified verified, VerifyAdoptable(held));
  ASSIGN_OR_RETURN(const std::vector<OrgLines> orgs, GroupByOrg(held.lines));
  const DirectoryNote& note = verified->directory().note();
  DirectoryDraft draft = draft_;
  ASSIGN_OR_RETURN(draft.records, RecordsOf(orgs));
  draft.broker_key = note.broker_key;
  draft.log_key = note.log_key;
  draft.witnesses = note.witnesses;
  draft.quorum = note.quorum;
  std::erase_if(draft.challenges,
                [&draft](const PendingChallenge& challenge) { return !IsOpen(challenge, draft); });
  draft.changes.push_back({now, DraftDeed::kAdopt, "directory", std::string(reason)});
  RETURN_IF_ERROR(Save(draft));
  RETURN_IF_ERROR(DropSigning());
  if (HasDirectoryOnItsWay()) RETURN_IF_ERROR(RemovePrivateFile(home_.PathOf(kUploadFile)));
  RETURN_IF_ERROR(KeepVersionNote(home_, held.note));
  RETURN_IF_ERROR(home_.Write(kDirectoryFile, PrintDirectoryFile(held)));
  return FollowPublished();
}

}  // namespace shield
