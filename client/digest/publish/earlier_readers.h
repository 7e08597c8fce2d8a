// For whom an edition is that takes the place of others: those who had one of them.
//
//   request.but = *JoinedSince(gathered, {author, tlp, to}, replaced, now);
//
// Who has joined since was not sent what the edition of that week tells of. Were such a one among
// the readers of its correction, the AMBER that is still in force would stand in it for nobody.
// What GREEN tells of is for all, joiners too, and keeps out nobody. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/digest/publish/gather.h"
#include "client/digest/publish/held_edition.h"
#include "policy/audience_token.h"
#include "policy/edition_plan.h"

namespace shield {

// Words that exclude, in one audience.
inline constexpr size_t kMaxExcluded = 128;

// Words that exclude all whom `edition` would reach at `at` and who were sent none of `replaced`:
// an organisation where nobody of it was, members otherwise. In the order of the directory.
//
// FAILED_PRECONDITION: rule EDITION_READERS_UNKNOWN, nobody here can tell whom one of `replaced`
// was sent to; TOO_MANY_JOINED, it takes more than kMaxExcluded words. Otherwise the errors of
// PlanEdition; of a directory that is not whole none, since no edition is made of it.
absl::StatusOr<std::vector<AudienceToken>> JoinedSince(const Gathered& gathered,
                                                       const EditionTerms& edition,
                                                       const std::vector<HeldEdition>& replaced,
                                                       absl::Time at);

}  // namespace shield
