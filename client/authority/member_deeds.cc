#include "client/authority/member_deeds.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/authority/create_network.h"
#include "crypto/age_recipient.h"
#include "policy/fields.h"

namespace shield {

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

// From `now` on none of the member's keys counts; one that would begin later never does.
void EndKeys(const MemberId& member, absl::Time now, DirectoryRecords& records) {
  for (KeyRecord& key : records.keys) {
    if (key.member != member) continue;
    key.period.until = std::max(key.period.from, std::min(key.period.until, now));
  }
}

void AddKeys(const EnrolmentRequest& keys, const Period& period, DirectoryRecords& records) {
  std::vector<KeyRecord>& all = records.keys;
  all.push_back({keys.member, KeyUse::kSeal, PrintAgeRecipient(keys.seal), period});
  all.push_back({keys.member, KeyUse::kSign, keys.sign.ToString(), period});
  all.push_back({keys.member, KeyUse::kTls, PrintDigest(keys.tls_pin), period});
}

absl::Status NotTheOwnSeat() {
  return WithHint(
      WithRule(absl::FailedPreconditionError(
                   absl::StrCat("`", kSeatId,
                                "` is the authority's own seat: without it no directory could be "
                                "uploaded again")),
               "OWN_SEAT"),
      "if its keys are stolen, exchange them with `shield network rotate --new-seat`; if they are "
      "lost, restore this home from its copy");
}

absl::Status ChallengeOpen(const MemberId& member) {
  return WithHint(
      WithRule(absl::FailedPreconditionError(
                   absl::StrCat("member `", member.text(),
                                "` has not answered its challenge, and gets nothing until it has")),
               "CHALLENGE_OPEN"),
      "run `shield member confirm` with its answer; if its keys are lost, revoke it and "
      "enrol the person under another id");
}

}  // namespace shield
