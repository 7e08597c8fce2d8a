// Authority: a member's keys are exchanged for new ones, or end at once.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/authority.h"
#include "client/authority/directory_file.h"
#include "client/authority/draft_directory.h"
#include "client/authority/member_deeds.h"
#include "policy/fields.h"
#include "policy/proof/enrolment.h"
#include "policy/proof/rekey.h"

namespace shield {
namespace {

// What either kind of request comes to.
struct NewKeys {
  EnrolmentRequest keys;
  std::optional<VerifierKey> replaces;  // nothing: the fingerprint alone shows whose they are
};

absl::StatusOr<NewKeys> ReadRequest(absl::string_view request, const NetworkFile& network) {
  if (IsRekeyRequest(request)) {
    ASSIGN_OR_RETURN(RekeyRequest rekey, VerifyRekeyRequest(request, network));
    return NewKeys{std::move(rekey.keys), std::move(rekey.replaces)};
  }
  ASSIGN_OR_RETURN(EnrolmentRequest keys, VerifyEnrolmentRequest(request, network));
  return NewKeys{std::move(keys), std::nullopt};
}

// When each key ends by a version.
using EndsOfKeys = absl::flat_hash_map<std::string, absl::Time>;

absl::StatusOr<EndsOfKeys> EndsIn(const DirectoryUpload& upload) {
  EndsOfKeys ends;
  ASSIGN_OR_RETURN(const std::vector<OrgLines> orgs, GroupByOrg(upload.lines));
  for (const OrgLines& org : orgs) {
    ASSIGN_OR_RETURN(const DirectoryRecords records, ParseOrgLines(org));
    for (const KeyRecord& key : records.keys) ends.emplace(key.value, key.period.until);
  }
  return ends;
}

bool Ends(const KeyRecord& key, absl::Time now) { return key.period.until <= now; }

absl::Status CheckRight(const NewKeys& request, const Directory& draft, absl::Time now) {
  const std::span<const KeyRecord> keys = draft.KeysOf(request.keys.member);
  const std::string id(request.keys.member.text());
  if (!request.replaces.has_value()) {
    if (std::all_of(keys.begin(), keys.end(), [now](const KeyRecord& k) { return Ends(k, now); })) {
      return absl::OkStatus();
    }
    return WithHint(
        WithRule(absl::FailedPreconditionError(absl::StrCat(
                     "new keys of `", id, "` not taken: its present key has not signed for them")),
                 "KEYS_ACTIVE"),
        absl::StrCat("the member runs `shield key rotate`; if its keys are lost, end them first: "
                     "`shield member end-keys ",
                     id, " --reason TEXT`"));
  }
  const std::string present = request.replaces->ToString();
  const bool holds = std::any_of(keys.begin(), keys.end(), [&](const KeyRecord& key) {
    return key.use == KeyUse::kSign && key.value == present && key.period.from <= now &&
           !Ends(key, now);
  });
  if (holds) return absl::OkStatus();
  return WithHint(
      WithRule(absl::PermissionDeniedError(absl::StrCat("new keys of `", id,
                                                        "` not taken: the key that signed for them "
                                                        "is not its present one")),
               "NOT_PRESENT_KEY"),
      "ask the member on the telephone what it has sent");
}

absl::Status CheckMember(const MemberRecord* member, const MemberId& id) {
  if (id.text() == kSeatId) return NotTheOwnSeat();
  if (member == nullptr) {
    return absl::NotFoundError(absl::StrCat("no member `", id.text(), "` in the draft"));
  }
  if (member->state != AccountState::kRevoked) return absl::OkStatus();
  return WithHint(absl::FailedPreconditionError(
                      absl::StrCat("member `", id.text(), "` is revoked, and that is final")),
                  "enrol the person anew, under another id and with new keys");
}

void Replace(const EnrolmentRequest& request, absl::Duration overlap, absl::Time now,
             absl::Time until, std::vector<KeyRecord>& keys) {
  for (KeyRecord& key : keys) {
    if (key.member != request.member || Ends(key, now)) continue;
    // Nothing is sealed to the old key from now on, not even when both were made in one second.
    const absl::Time last = key.use == KeyUse::kSeal ? now : now + overlap;
    key.period.until = std::max(key.period.from, std::min(key.period.until, last));
  }
  const Period period = {now, until};
  keys.push_back({request.member, KeyUse::kSeal, PrintAgeRecipient(request.seal), period});
  keys.push_back({request.member, KeyUse::kSign, request.sign.ToString(), period});
  keys.push_back({request.member, KeyUse::kTls, PrintDigest(request.tls_pin), period});
}

}  // namespace

absl::StatusOr<MemberId> Authority::RekeyMember(absl::string_view request, absl::Duration overlap,
                                                absl::Time now) {
  now = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  if (overlap < absl::ZeroDuration() || overlap > kMaxOverlap) {
    return absl::InvalidArgumentError("new keys not taken: old ones overlap for 0 to 90 days");
  }
  ASSIGN_OR_RETURN(const NewKeys taken, ReadRequest(request, network_));
  DirectoryDraft draft = draft_;
  const MemberRecord* member = draft.FindMember(taken.keys.member);
  RETURN_IF_ERROR(CheckMember(member, taken.keys.member));
  if (draft.FindChallenge(taken.keys.member) != nullptr) return ChallengeOpen(taken.keys.member);
  ASSIGN_OR_RETURN(const std::shared_ptr<const Directory> before, IndexDraft(draft_, network_));
  RETURN_IF_ERROR(EnrolledKeys(*before).CheckKeysNew(taken.keys));
  RETURN_IF_ERROR(CheckRight(taken, *before, now));
  const absl::Time until = member->period.until;
  if (until <= now) {
    return absl::FailedPreconditionError(
        absl::StrCat("the membership of `", taken.keys.member.text(), "` is over: enrol it anew"));
  }
  Replace(taken.keys, overlap, now, until, draft.records.keys);
  draft.changes.push_back({now, DraftDeed::kRekey, taken.keys.member.str(), ""});
  RETURN_IF_ERROR(Save(draft));
  return taken.keys.member;
}

absl::Status Authority::EndMemberKeys(const MemberId& id, absl::string_view reason,
                                      absl::Time now) {
  RETURN_IF_ERROR(CheckReason(reason));
  DirectoryDraft draft = draft_;
  RETURN_IF_ERROR(CheckMember(draft.FindMember(id), id));
  EndKeys(id, absl::FromUnixSeconds(absl::ToUnixSeconds(now)), draft.records);
  draft.changes.push_back({now, DraftDeed::kEndKeys, id.str(), std::string(reason)});
  return Save(draft);
}

absl::Status Authority::EndKeysWithNext(absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<DirectoryUpload> published, Published());
  if (!published.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const EndsOfKeys ends, EndsIn(*published));
  DirectoryDraft draft = draft_;
  bool changed = false;
  for (KeyRecord& key : draft.records.keys) {
    const auto before = ends.find(key.value);
    const bool counted = before != ends.end() && before->second > now &&
                         key.period.from < key.period.until && key.period.until < now;
    if (!counted) continue;
    key.period.until = now;
    changed = true;
  }
  return changed ? Save(draft) : absl::OkStatus();
}

absl::Status Authority::ForgetOldKeys(absl::Time now) {
  DirectoryDraft draft = draft_;
  const size_t forgotten = std::erase_if(draft.records.keys, [now](const KeyRecord& key) {
    return now - key.period.until > kKeyRecordLife;
  });
  return forgotten == 0 ? absl::OkStatus() : Save(draft);
}

}  // namespace shield
