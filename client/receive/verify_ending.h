// Whether a signed statement ends an earlier bulletin (docs/spec/statement.md, "References").
//
// It does when its author speaks for the source: an analyst of the organisation that published the
// bulletin, or the author; of RED the author alone relabels. A signature by somebody of the same
// house is not enough: an auditor or a reader ends nothing.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/strong_id.h"
#include "client/receive/inbox_item.h"
#include "policy/decide.h"
#include "policy/directory.h"
#include "policy/proof/verified_statement.h"
#include "policy/vocabulary.h"

namespace shield {

// One bulletin that a statement withdraws, supersedes or relabels.
struct EndedReference {
  BulletinId id;
  Digest text_digest;
  Relation relation = Relation::kWithdraws;
  InboxState state = InboxState::kWithdrawn;  // withdrawn or superseded
};
// Empty for a statement that ends none.
std::vector<EndedReference> EndedBy(const Statement& ending);

// The bulletin that is said to have ended. Borrows its statement.
struct EndedBulletin {
  const VerifiedStatement& statement;
  // The organisation its author published it for, if known; else where the directory has it now.
  std::optional<OrgId> source;
};

// How `ending` ends `ended` at `at`; by the seat its author had then, if that is given, which has
// been found to be one that may publish it (CheckEnder). Errors:
//   DATA_LOSS ENDING_MISMATCH                it does not name this bulletin with this text
//   DATA_LOSS NOT_SOURCE, PUBLISHER_NOT_AUTHORISED, LABEL_IMMUTABLE   its author cannot do that
//   PERMISSION_DENIED and a policy rule      its author's account does not stand now, or the
//                                            bulletin had ended anyway
absl::StatusOr<InboxState> JudgeEnding(const VerifiedStatement& ending, const EndedBulletin& ended,
                                       const Directory& directory, absl::Time at,
                                       const std::optional<PastSeat>& seat_then = std::nullopt);

// The same for a note whose signature has not been checked: as VerifyStatement at
// KeyTime, then JudgeEnding.
absl::StatusOr<InboxState> VerifyEnding(absl::string_view note, const EndedBulletin& ended,
                                        const Directory& directory, absl::Time at,
                                        const std::optional<PastSeat>& seat_then = std::nullopt);

// Whether the author of what ends others has a seat that may publish it, whatever it ends.
// DATA_LOSS PUBLISHER_NOT_AUTHORISED for one that cannot; PERMISSION_DENIED when its account does
// not stand.
absl::Status CheckEnder(const Statement& ending, const Directory& directory, absl::Time at);

}  // namespace shield
