// What a statement refers to: whether its author may stand to those bulletins so, and what the
// commit does to them (docs/spec/statement.md, "References").
//
// Who may not know of a bulletin is told no more of it than of one that does not exist: the same
// code and the same words.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/core/core_parts.h"
#include "broker/store/commands.h"
#include "policy/proof/verified_statement.h"
#include "policy/terms.h"

namespace shield::broker {

// How many shares of one bulletin there may be, those that ended included: its withdrawal tells the
// holders of them all in one commit, at most 256 each.
inline constexpr size_t kMaxShares = 1000;
// Of one member; so that nobody takes all of them.
inline constexpr size_t kMaxSharesOfAMember = 64;

// What a share passes on, and how the sharer has it.
struct PassedOn {
  ShelvedBulletinPtr original;
  Reader sharer;
  bool holds_by_share = false;
};

struct CheckedReferences {
  std::vector<store::Referral> referrals;
  std::optional<PassedOn> passed_on;  // of a share
  // What the audience of a withdrawal hides: it is its target's, and so are the openings, of which
  // the author may hold none.
  std::vector<store::StoredOpening> openings;
};

// What policy knows of a bulletin, whether or not its author is a member still. NOT_FOUND when its
// source is in the directory no more.
absl::StatusOr<Terms> TermsOfOriginal(const ShelvedBulletin& original, const Directory& directory);

// Errors:
//   NOT_FOUND                              no such bulletin, or none this member may know of
//   INVALID_ARGUMENT REFERENCE_MISMATCH    it has another text, or the withdrawal's label or
//                                          audience is not its own, or a share is not of an
//                                          original or does not repeat it (policy/share.h), or
//                                          ends later than that by which its sharer has it
//   INVALID_ARGUMENT LIMIT_EXCEEDED        one share more than kMaxShares or kMaxSharesOfAMember
//   PERMISSION_DENIED and a policy rule    NOT_SOURCE, WITHDRAWN, LABEL_IMMUTABLE, …
absl::StatusOr<CheckedReferences> CheckReferences(const CoreParts& parts, const Seat& seat,
                                                  const VerifiedStatement& verified,
                                                  absl::Time now);

// The holders of what the referrals end who are not told of it: revoked, or members no more.
absl::StatusOr<std::vector<MemberId>> NotTold(store::Store& store, const Directory& directory,
                                              const std::vector<store::Referral>& referrals);

}  // namespace shield::broker
