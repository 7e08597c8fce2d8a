// Authority: a slip in the draft is corrected.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/member_deeds.h"
#include "client/authority/record_checks.h"

namespace shield {
namespace {

constexpr absl::string_view kChanged = "changed";

// What the organisation would be as a new one.
NewOrg AsNew(const OrgRecord& record, const OrgChange& change) {
  return {.id = record.id,
          .kind = change.kind.value_or(record.kind),
          .community = change.community.value_or(record.community),
          .sectors = SortedOnce(change.sectors.value_or(record.sectors)),
          .regions = SortedOnce(change.regions.value_or(record.regions)),
          .vetting = change.vetting.value_or(record.vetting),
          .until = change.until.value_or(record.period.until),
          .client_of = change.client_of,
          .client_from = change.client_from};
}

NewMember AsNew(const MemberRecord& record, const MemberChange& change) {
  return {.request = {},
          .org = change.org.value_or(record.org),
          .roles = RolesOnce(change.roles.value_or(record.roles)),
          .vetting = change.vetting.value_or(record.vetting),
          .exercise = change.exercise.value_or(record.exercise),
          .until = change.until.value_or(record.period.until)};
}

// Seats that only an authority has keep it one, and who is somebody's client stays a client.
absl::Status CheckKind(const OrgRecord& record, OrgKind kind, const DirectoryDraft& draft) {
  const auto refused = [&](absl::string_view why) {
    return absl::FailedPreconditionError(
        absl::StrCat("organisation `", record.id.text(), "` not changed: ", why));
  };
  for (const MemberRecord& member : draft.records.members) {
    if (member.org != record.id || kind == OrgKind::kAuthority) continue;
    if (std::any_of(member.roles.begin(), member.roles.end(), NeedsAuthority)) {
      return refused(
          absl::StrCat("`", member.id.text(), "` has a role that only authorities have"));
    }
  }
  if (kind == OrgKind::kClient) return absl::OkStatus();
  for (const OrgRecord& provider : draft.records.orgs) {
    for (const ClientRelation& relation : provider.clients) {
      if (relation.client == record.id) {
        return refused(absl::StrCat("it is a client of `", provider.id.text(), "`"));
      }
    }
  }
  return absl::OkStatus();
}

void DropClientRelations(const OrgId& client, DirectoryDraft& draft) {
  for (OrgRecord& provider : draft.records.orgs) {
    std::erase_if(provider.clients,
                  [&client](const ClientRelation& each) { return each.client == client; });
  }
}

// A relation that ends with the client's membership goes on ending with it.
void MoveRelations(const OrgId& client, absl::Time from, absl::Time to, DirectoryDraft& draft) {
  for (OrgRecord& provider : draft.records.orgs) {
    for (ClientRelation& relation : provider.clients) {
      const bool ends_with_it = relation.client == client && relation.period.until == from;
      if (ends_with_it && relation.period.from < to) relation.period.until = to;
    }
  }
}

// Whether the member has a later key for the same use: then this one was exchanged.
bool IsExchanged(const KeyRecord& key, const DirectoryRecords& records) {
  return std::any_of(records.keys.begin(), records.keys.end(), [&key](const KeyRecord& other) {
    return other.member == key.member && other.use == key.use &&
           other.period.from > key.period.from;
  });
}

// Keys that end with the membership go on ending with it; one that was exchanged ends when it was
// to end.
void MoveEnd(const MemberId& id, absl::Time from, absl::Time to, DirectoryRecords& records) {
  for (KeyRecord& key : records.keys) {
    if (key.member != id || key.period.until != from) continue;
    if (!IsExchanged(key, records)) key.period.until = to;
  }
}

// Statements of an authority's seat are judged by where it sits: it cannot be moved.
absl::Status CheckMove(const MemberRecord& record, const OrgId& to) {
  if (record.org == to || std::none_of(record.roles.begin(), record.roles.end(), NeedsAuthority)) {
    return absl::OkStatus();
  }
  return WithHint(absl::FailedPreconditionError(absl::StrCat("member `", record.id.text(),
                                                             "` not moved: it has a role that only "
                                                             "authorities have, and speaks for `",
                                                             record.org.text(), "`")),
                  "revoke it, and enrol the person in the other organisation under another id");
}

}  // namespace

absl::Status Authority::SetOrg(const OrgId& id, const OrgChange& change, absl::Time now) {
  DirectoryDraft draft = draft_;
  OrgRecord* record = draft.FindOrg(id);
  if (record == nullptr) {
    return absl::NotFoundError(absl::StrCat("no organisation `", id.text(), "` in the draft"));
  }
  const NewOrg org = AsNew(*record, change);
  RETURN_IF_ERROR(CheckOrg(org, now, kChanged));
  if (org.client_of.has_value()) DropClientRelations(id, draft);
  RETURN_IF_ERROR(CheckKind(*record, org.kind, draft));
  RETURN_IF_ERROR(AddClientRelation(org, now, draft, kChanged));
  record->kind = org.kind;
  record->community = *org.community;
  record->sectors = org.sectors;
  record->regions = org.regions;
  record->vetting = org.vetting;
  MoveRelations(id, record->period.until, org.until, draft);
  record->period.until = org.until;
  if (record->period.until <= record->period.from) {
    return absl::InvalidArgumentError(
        absl::StrCat("organisation `", id.text(), "` not changed: it would end before it begins"));
  }
  draft.changes.push_back({now, DraftDeed::kSetOrg, id.str(), ""});
  return Save(draft);
}

absl::Status Authority::SetMember(const MemberId& id, const MemberChange& change, absl::Time now) {
  if (id.text() == kSeatId) return NotTheOwnSeat();
  DirectoryDraft draft = draft_;
  MemberRecord* record = draft.FindMember(id);
  if (record == nullptr) {
    return absl::NotFoundError(absl::StrCat("no member `", id.text(), "` in the draft"));
  }
  if (record->state == AccountState::kRevoked) {
    return absl::FailedPreconditionError(
        absl::StrCat("member `", id.text(), "` is revoked, and that is final"));
  }
  const NewMember member = AsNew(*record, change);
  RETURN_IF_ERROR(CheckMember(member, id, draft.FindOrg(member.org), now, kChanged));
  RETURN_IF_ERROR(CheckMove(*record, member.org));
  MoveEnd(id, record->period.until, member.until, draft.records);
  record->org = member.org;
  record->roles = member.roles;
  record->vetting = member.vetting;
  record->exercise = member.exercise;
  record->period.until = member.until;
  draft.changes.push_back({now, DraftDeed::kSetMember, id.str(), ""});
  return Save(draft);
}

}  // namespace shield
