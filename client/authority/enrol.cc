// Authority: organisations and members come in.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/challenge.h"
#include "client/authority/draft_directory.h"
#include "client/authority/member_deeds.h"
#include "client/authority/record_checks.h"
#include "policy/fields.h"
#include "policy/proof/enrolment.h"
#include "policy/regions.h"

namespace shield {
namespace {

// On that day nobody could upload a directory any more, nor prolong anything.
absl::Status SeatWouldEnd(const OrgId& org) {
  return WithHint(WithRule(absl::InvalidArgumentError(absl::StrCat(
                               "organisation `", org.text(),
                               "` not added: the authority's own seat comes with it, and would end "
                               "with it")),
                           "OWN_SEAT"),
                  "leave out --until: the organisation of the authority's own seat has no end");
}

void Enrol(const EnrolmentRequest& request, const NewMember& member, absl::Time now,
           DirectoryDraft& draft, AccountState state = AccountState::kActive) {
  const Period period = {absl::FromUnixSeconds(absl::ToUnixSeconds(now)), member.until};
  draft.records.members.push_back({.id = request.member,
                                   .org = member.org,
                                   .roles = RolesOnce(member.roles),
                                   .vetting = member.vetting,
                                   .state = state,
                                   .period = period,
                                   .exercise = member.exercise});
  AddKeys(request, period, draft.records);
  draft.changes.push_back({now, DraftDeed::kAddMember, request.member.str(), ""});
}

}  // namespace

absl::Status Authority::AddOrg(const NewOrg& org, absl::Time now) {
  RETURN_IF_ERROR(CheckOrg(org, now, "added"));
  DirectoryDraft draft = draft_;
  if (draft.FindOrg(org.id) != nullptr) {
    return WithRule(absl::AlreadyExistsError(absl::StrCat("organisation `", org.id.text(),
                                                          "` not added: it is in the draft")),
                    "ID_TAKEN");
  }
  RETURN_IF_ERROR(AddClientRelation(org, now, draft, "added"));
  const bool has_authority =
      std::any_of(draft.records.orgs.begin(), draft.records.orgs.end(),
                  [](const OrgRecord& other) { return other.kind == OrgKind::kAuthority; });
  draft.records.orgs.push_back(
      {.id = org.id,
       .kind = org.kind,
       .community = org.community.value_or(NetworkCommunity(network_.network)),
       .sectors = SortedOnce(org.sectors),
       .regions = SortedOnce(org.regions),
       .vetting = org.vetting,
       .state = AccountState::kActive,
       .period = {absl::FromUnixSeconds(absl::ToUnixSeconds(now)), org.until}});
  draft.changes.push_back({now, DraftDeed::kAddOrg, org.id.str(), ""});
  if (org.kind == OrgKind::kAuthority && !has_authority) {
    if (org.until != NoEnd()) return SeatWouldEnd(org.id);
    RETURN_IF_ERROR(EnrolSeat(org.id, now, draft));
  }
  return Save(draft);
}

// A network whose first directory holds no authority is legal and useless: nobody could ever upload
// the next one. So the authority's own seat gets a place of its own.
absl::Status Authority::EnsureSeat(absl::Time now) {
  if (draft_.FindMember(*MemberId::Parse(kSeatId)) != nullptr) return absl::OkStatus();
  const std::optional<OrgId> id = OrgId::Parse(NetworkCommunity(network_.network).text());
  if (!id.has_value() || draft_.FindOrg(*id) != nullptr) return absl::OkStatus();
  return AddOrg({.id = *id, .kind = OrgKind::kAuthority, .vetting = kMaxVetting}, now);
}

absl::Status Authority::EnrolSeat(const OrgId& org, absl::Time now, DirectoryDraft& draft) const {
  ASSIGN_OR_RETURN(const std::string note, home_.Read("request.txt"));
  ASSIGN_OR_RETURN(const EnrolmentRequest request, VerifyEnrolmentRequest(note, network_));
  const NewMember seat{.request = note, .org = org, .roles = {Role::kVetting}, .vetting = 0};
  Enrol(request, seat, now, draft);
  return absl::OkStatus();
}

absl::Status Authority::AddMembers(std::span<const NewMember> members, absl::Time now) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Directory> before, IndexDraft(draft_, network_));
  EnrolledKeys enrolled(*before);
  DirectoryDraft draft = draft_;
  for (const NewMember& member : members) {
    ASSIGN_OR_RETURN(const EnrolmentRequest request,
                     VerifyEnrolmentRequest(member.request, network_));
    RETURN_IF_ERROR(enrolled.CheckNew(request));
    enrolled.Add(request);
    RETURN_IF_ERROR(CheckMember(member, request.member, before->FindOrg(member.org), now, "added"));
    Enrol(request, member, now, draft);
  }
  return Save(draft);
}

absl::StatusOr<std::string> Authority::AddPendingMember(const NewMember& member, absl::Time now,
                                                        Random& random) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const Directory> before, IndexDraft(draft_, network_));
  ASSIGN_OR_RETURN(const EnrolmentRequest request,
                   VerifyEnrolmentRequest(member.request, network_));
  RETURN_IF_ERROR(EnrolledKeys(*before).CheckNew(request));
  RETURN_IF_ERROR(CheckMember(member, request.member, before->FindOrg(member.org), now, "added"));
  DirectoryDraft draft = draft_;
  Enrol(request, member, now, draft, AccountState::kPending);
  ASSIGN_OR_RETURN(Challenge challenge,
                   MakeChallenge(network_.network, request.member, request.seal, random));
  draft.challenges.push_back({request.member, challenge.answer_digest});
  RETURN_IF_ERROR(Save(draft));
  return std::move(challenge.sealed);
}

absl::Status Authority::ConfirmMember(const MemberId& id, absl::string_view answer,
                                      absl::Time now) {
  DirectoryDraft draft = draft_;
  const auto challenge =
      std::find_if(draft.challenges.begin(), draft.challenges.end(),
                   [&id](const PendingChallenge& pending) { return pending.member == id; });
  MemberRecord* member = draft.FindMember(id);
  if (challenge == draft.challenges.end() || member == nullptr) {
    return absl::NotFoundError(absl::StrCat("no challenge waits for member `", id.text(), "`"));
  }
  const absl::StatusOr<Digest> digest = AnswerDigest(answer);
  if (!digest.ok() || *digest != challenge->answer_digest) {
    return WithHint(WithRule(absl::PermissionDeniedError(absl::StrCat(
                                 "member `", id.text(),
                                 "` not confirmed: this is not the answer to its challenge")),
                             "WRONG_ANSWER"),
                    "have the member run `shield key answer` on the file it was sent");
  }
  draft.challenges.erase(challenge);
  if (member->state == AccountState::kPending) member->state = AccountState::kActive;
  draft.changes.push_back({now, DraftDeed::kConfirm, id.str(), ""});
  return Save(draft);
}

absl::Status Authority::AddMember(const NewMember& member, absl::Time now) {
  return AddMembers(std::span<const NewMember>(&member, 1), now);
}

}  // namespace shield
