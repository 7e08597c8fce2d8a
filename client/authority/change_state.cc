// Authority: members are suspended, come back, or go for good.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "policy/fields.h"

namespace shield {
namespace {

absl::Status CheckReason(absl::string_view reason) {
  const bool one_line = std::none_of(reason.begin(), reason.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!reason.empty() && reason.size() <= kMaxReasonBytes && one_line) return absl::OkStatus();
  return WithHint(
      absl::InvalidArgumentError(absl::StrCat("the change needs a reason: one line of at most ",
                                              kMaxReasonBytes, " bytes")),
      "give --reason TEXT");
}

AccountState StateAfter(Deed deed) {
  switch (deed) {
    case Deed::kSuspend:
      return AccountState::kSuspended;
    case Deed::kReinstate:
      return AccountState::kActive;
    case Deed::kRevoke:
      return AccountState::kRevoked;
    case Deed::kUnspecified:
    case Deed::kAddOrg:
    case Deed::kAddMember:
      break;
  }
  return AccountState::kUnspecified;
}

// From `now` on none of the member's keys counts; one that would begin later never does.
void EndKeys(const MemberId& member, absl::Time now, DirectoryRecords& records) {
  for (KeyRecord& key : records.keys) {
    if (key.member != member) continue;
    key.period.until = std::max(key.period.from, std::min(key.period.until, now));
  }
}

absl::Status NotTheOwnSeat() {
  return WithHint(
      WithRule(absl::FailedPreconditionError(
                   absl::StrCat("`", kSeatId,
                                "` is the authority's own seat: without it no directory could be "
                                "uploaded again")),
               "OWN_SEAT"),
      "if its keys are lost or stolen, make a new network with `shield network create`");
}

}  // namespace

absl::Status Authority::ChangeState(const MemberId& id, const Change& change) {
  RETURN_IF_ERROR(CheckReason(change.reason));
  DirectoryDraft draft = draft_;
  MemberRecord* member = draft.FindMember(id);
  if (member == nullptr) {
    return absl::NotFoundError(absl::StrCat("no member `", id.text(), "` in the draft"));
  }
  const AccountState state = StateAfter(change.deed);
  if (id.text() == kSeatId && state != AccountState::kActive) return NotTheOwnSeat();
  if (member->state == state) {
    return absl::FailedPreconditionError(
        absl::StrCat("member `", id.text(), "` is ", PrintAccountState(state), " already"));
  }
  if (member->state == AccountState::kRevoked) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("member `", id.text(), "` is revoked, and that is final")),
                    "enrol the person anew, under another id and with new keys");
  }
  member->state = state;
  if (state == AccountState::kRevoked) EndKeys(id, change.time, draft.records);
  draft.changes.push_back(change);
  return Save(draft);
}

absl::Status Authority::Suspend(const MemberId& id, absl::string_view reason, absl::Time now) {
  return ChangeState(id, {now, Deed::kSuspend, id.str(), std::string(reason)});
}

absl::Status Authority::Reinstate(const MemberId& id, absl::string_view reason, absl::Time now) {
  return ChangeState(id, {now, Deed::kReinstate, id.str(), std::string(reason)});
}

absl::Status Authority::Revoke(const MemberId& id, absl::string_view reason, absl::Time now) {
  return ChangeState(id, {now, Deed::kRevoke, id.str(), std::string(reason)});
}

}  // namespace shield
