// Authority: a membership that has an end gets a later one.
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/member_deeds.h"

namespace shield {
namespace {

absl::Status CheckLater(absl::string_view id, const Period& period, absl::Time until) {
  if (until > period.until) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("`", id, "` not extended: it has no earlier end than that"));
}

absl::Status Unknown(absl::string_view kind, absl::string_view id) {
  return absl::NotFoundError(absl::StrCat("no ", kind, " `", id, "` in the draft"));
}

}  // namespace

absl::Status Authority::ExtendOrg(const OrgId& id, absl::Time until, absl::string_view reason,
                                  absl::Time now) {
  RETURN_IF_ERROR(CheckReason(reason));
  DirectoryDraft draft = draft_;
  OrgRecord* org = draft.FindOrg(id);
  if (org == nullptr) return Unknown("organisation", id.text());
  const absl::Time before = org->period.until;
  RETURN_IF_ERROR(CheckLater(id.text(), org->period, until));
  org->period.until = until;
  // A relation to a provider that was to end with the enrolment goes on with it.
  for (OrgRecord& provider : draft.records.orgs) {
    for (ClientRelation& relation : provider.clients) {
      if (relation.client == id && relation.period.until == before) relation.period.until = until;
    }
  }
  draft.changes.push_back({now, Deed::kExtend, id.str(), std::string(reason)});
  return Save(draft);
}

// Keys that were to end with the membership go on with it; those that have ended, or are to end
// earlier because they were exchanged, stay as they are.
absl::Status Authority::ExtendMember(const MemberId& id, absl::Time until, absl::string_view reason,
                                     absl::Time now) {
  RETURN_IF_ERROR(CheckReason(reason));
  DirectoryDraft draft = draft_;
  MemberRecord* member = draft.FindMember(id);
  if (member == nullptr) return Unknown("member", id.text());
  if (member->state == AccountState::kRevoked) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("member `", id.text(), "` is revoked, and that is final")),
                    "enrol the person anew, under another id and with new keys");
  }
  const absl::Time before = member->period.until;
  RETURN_IF_ERROR(CheckLater(id.text(), member->period, until));
  if (before <= now) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("the membership of `", id.text(), "` is over already")),
                    "enrol the person anew, under another id and with new keys");
  }
  member->period.until = until;
  for (KeyRecord& key : draft.records.keys) {
    if (key.member == id && key.period.until == before) key.period.until = until;
  }
  draft.changes.push_back({now, Deed::kExtend, id.str(), std::string(reason)});
  return Save(draft);
}

}  // namespace shield
