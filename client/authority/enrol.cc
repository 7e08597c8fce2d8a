// Authority: organisations and members come in.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/challenge.h"
#include "client/authority/draft_directory.h"
#include "client/authority/member_deeds.h"
#include "policy/fields.h"
#include "policy/proof/enrolment.h"
#include "policy/regions.h"

namespace shield {
namespace {

absl::Status Refused(absl::string_view what, absl::string_view id, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(what, " `", id, "` not added: ", why));
}

std::vector<std::string> SortedOnce(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

absl::Status CheckOrg(const NewOrg& org, absl::Time now) {
  const auto refused = [&org](absl::string_view why) {
    return Refused("organisation", org.id.text(), why);
  };
  if (org.kind == OrgKind::kUnspecified) return refused("it has no kind");
  if (org.vetting < 0 || org.vetting > kMaxVetting) return refused("vetting levels are 0 to 3");
  if (org.until <= now) return refused("its membership would be over already");
  for (const std::string& code : org.sectors) {
    if (!IsSector(code)) {
      return WithRule(refused(absl::StrCat("no such sector: ", Quoted(code))), "UNKNOWN_CODE");
    }
  }
  for (const std::string& code : org.regions) {
    if (!IsRegion(code)) {
      return WithRule(refused(absl::StrCat("no such region: ", Quoted(code))), "UNKNOWN_CODE");
    }
  }
  if (org.client_of.has_value() && org.kind != OrgKind::kClient) {
    return refused("only an organisation of kind client is a client of another");
  }
  return absl::OkStatus();
}

// Writes the relation where it belongs: on the provider's line.
absl::Status AddClientRelation(const NewOrg& org, absl::Time now, DirectoryDraft& draft) {
  if (!org.client_of.has_value()) return absl::OkStatus();
  OrgRecord* provider = draft.FindOrg(*org.client_of);
  if (provider == nullptr || provider->id == org.id) {
    return WithHint(absl::NotFoundError(absl::StrCat(
                        "organisation `", org.id.text(), "` not added: no organisation `",
                        org.client_of->text(), "` in the draft that it could be a client of")),
                    "add the provider first");
  }
  const Period period = {org.client_from.value_or(now), org.until};
  if (period.until <= period.from) {
    return Refused("organisation", org.id.text(), "the relation would end before it begins");
  }
  provider->clients.push_back({org.id, period});
  return absl::OkStatus();
}

// On that day nobody could upload a directory any more, nor prolong anything.
absl::Status SeatWouldEnd(const OrgId& org) {
  return WithHint(WithRule(Refused("organisation", org.text(),
                                   "the authority's own seat comes with it, and would end with it"),
                           "OWN_SEAT"),
                  "leave out --until: the organisation of the authority's own seat has no end");
}

bool NeedsAuthority(Role role) {
  return role == Role::kAnalyst || role == Role::kDigest || role == Role::kVetting;
}

absl::Status CheckMember(const NewMember& member, const MemberId& id, const OrgRecord* org,
                         absl::Time now) {
  const auto refused = [&id](absl::string_view why) { return Refused("member", id.text(), why); };
  if (org == nullptr) {
    return WithHint(
        absl::NotFoundError(absl::StrCat("member `", id.text(), "` not added: no organisation `",
                                         member.org.text(), "` in the draft")),
        "add the organisation first: shield org add");
  }
  if (id.text() == kSeatId) return refused("this id is the authority's own seat");
  if (member.vetting < 0 || member.vetting > kMaxVetting) {
    return refused("vetting levels are 0 to 3");
  }
  if (member.until <= now) return refused("the membership would be over already");
  if (member.roles.empty()) {
    return WithHint(refused("no role was given"),
                    "roles are analyst, reader, desk, digest, vetting and auditor");
  }
  for (Role role : member.roles) {
    if (role == Role::kUnspecified) return refused("a role is on no list");
    if (NeedsAuthority(role) && org->kind != OrgKind::kAuthority) {
      return refused(absl::StrCat("the role ", PrintRole(role), " is for authorities, and `",
                                  member.org.text(), "` is none"));
    }
  }
  return absl::OkStatus();
}

std::vector<Role> RolesOnce(std::vector<Role> roles) {
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  return roles;
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
  draft.changes.push_back({now, Deed::kAddMember, request.member.str(), ""});
}

}  // namespace

absl::Status Authority::AddOrg(const NewOrg& org, absl::Time now) {
  RETURN_IF_ERROR(CheckOrg(org, now));
  DirectoryDraft draft = draft_;
  if (draft.FindOrg(org.id) != nullptr) {
    return WithRule(absl::AlreadyExistsError(absl::StrCat("organisation `", org.id.text(),
                                                          "` not added: it is in the draft")),
                    "ID_TAKEN");
  }
  RETURN_IF_ERROR(AddClientRelation(org, now, draft));
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
  draft.changes.push_back({now, Deed::kAddOrg, org.id.str(), ""});
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
    RETURN_IF_ERROR(CheckMember(member, request.member, before->FindOrg(member.org), now));
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
  RETURN_IF_ERROR(CheckMember(member, request.member, before->FindOrg(member.org), now));
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
  draft.changes.push_back({now, Deed::kConfirm, id.str(), ""});
  return Save(draft);
}

absl::Status Authority::AddMember(const NewMember& member, absl::Time now) {
  return AddMembers(std::span<const NewMember>(&member, 1), now);
}

}  // namespace shield
