// For whom an edition is that takes the place of others: those who had one of them.
//
//   ASSIGN_OR_RETURN(const auto excluding, JoinedSince(gathered, edition, replaced, now));
//   ASSIGN_OR_RETURN(const auto naming, CarriedTo(gathered, edition, carried, now));
//
// Who has joined since was not sent what the edition of that week tells of. Were such a one among
// the readers of its correction, the AMBER that is still in force would stand in it for nobody. So
// whoever would keep something out is excluded, and nobody else: what GREEN tells of is for all,
// joiners too. Whom an edition was carried to by an extension (`shield bulletin extend`) is named,
// for the same reason only where that keeps nothing out. Pure.
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

// Words that exclude, in one audience, and words that name.
inline constexpr size_t kMaxExcluded = 128;
inline constexpr size_t kMaxCarriedTo = 64;

// Words that exclude whom `edition` would reach at `at`, who never had an edition of its source,
// week and tier, and whom something was not sent that stands in one of `replaced`, is in force and
// is not for all: an organisation where that is so of all, members otherwise. In the order of the
// directory. The analysts and the digest seat of the author's own organisation are never excluded:
// they make the next one.
//
// FAILED_PRECONDITION: rule EDITION_READERS_UNKNOWN, nobody here can tell whom one of `replaced`
// was sent to; of earlier ones what is not known is passed over. TOO_MANY_JOINED, it takes more
// than kMaxExcluded words. Otherwise the errors of PlanEdition; of a directory that is not whole
// none, since no edition is made of it.
absl::StatusOr<std::vector<AudienceToken>> JoinedSince(const Gathered& gathered,
                                                       const EditionTerms& edition,
                                                       const std::vector<HeldEdition>& replaced,
                                                       absl::Time at);

// Who has one of `carried`, by a word of it that lets them in still, and is none of `readers`: whom
// `edition` was made for and sent to (Admission::readers). Members of the directory in its order;
// the author and whom nothing can be sealed to are none.
std::vector<MemberId> NotReached(const Gathered& gathered, const MemberSet& readers,
                                 const std::vector<HeldEdition>& carried, absl::Time at);

// Words that name those whom `edition` would not reach (NotReached): an organisation where all who
// can be sealed to were sent one of `carried`, members otherwise. Of an organisation for the sake
// of which something would not enter that enters without it there are none, nor beyond
// kMaxCarriedTo. Errors are those of PlanEdition for `edition`.
absl::StatusOr<std::vector<AudienceToken>> CarriedTo(const Gathered& gathered,
                                                     const EditionTerms& edition,
                                                     const std::vector<HeldEdition>& carried,
                                                     absl::Time at);

}  // namespace shield
