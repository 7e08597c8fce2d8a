// Authority: members are suspended, come back, or go for good.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/member_deeds.h"

namespace shield {
namespace {

AccountState StateAfter(DraftDeed deed) {
  if (deed == DraftDeed::kSuspend) return AccountState::kSuspended;
  if (deed == DraftDeed::kReinstate) return AccountState::kActive;
  if (deed == DraftDeed::kRevoke) return AccountState::kRevoked;
  return AccountState::kUnspecified;
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
  if (draft.FindChallenge(id) != nullptr && state != AccountState::kRevoked) {
    return ChallengeOpen(id);
  }
  if (member->state == AccountState::kRevoked) {
    return WithHint(absl::FailedPreconditionError(
                        absl::StrCat("member `", id.text(), "` is revoked, and that is final")),
                    "enrol the person anew, under another id and with new keys");
  }
  member->state = state;
  if (state == AccountState::kRevoked) {
    EndKeys(id, change.time, draft.records);
    std::erase_if(draft.challenges,
                  [&id](const PendingChallenge& pending) { return pending.member == id; });
  }
  draft.changes.push_back(change);
  return Save(draft);
}

absl::Status Authority::Suspend(const MemberId& id, absl::string_view reason, absl::Time now) {
  return ChangeState(id, {now, DraftDeed::kSuspend, id.str(), std::string(reason)});
}

absl::Status Authority::Reinstate(const MemberId& id, absl::string_view reason, absl::Time now) {
  return ChangeState(id, {now, DraftDeed::kReinstate, id.str(), std::string(reason)});
}

absl::Status Authority::Revoke(const MemberId& id, absl::string_view reason, absl::Time now) {
  return ChangeState(id, {now, DraftDeed::kRevoke, id.str(), std::string(reason)});
}

}  // namespace shield
