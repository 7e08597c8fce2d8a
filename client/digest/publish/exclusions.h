// Whom an edition that takes the place of others is not for: those for whose sake something that
// the others tell would be told to nobody.
//
//   ASSIGN_OR_RETURN(const auto excluding, ExclusionsOf(gathered, edition, replaced, now));
//
// Who has joined since was not sent what the edition of that week tells of; who has moved since may
// not have it any more. Were such a one among the readers of its correction, it would stand in it
// for nobody: AMBER that is still in force would be lost, and nobody would be told of AMBER that
// was withdrawn. What every reader may have excludes nobody: what GREEN tells of is for all,
// joiners too. Pure.
//
// Worked example. The edition told p, in force, and w, withdrawn since, both AMBER to the hotels.
//   a seat of a hotel that was enrolled afterwards    excluded
//   a seat that was sent it and left the hotels       excluded, if the edition reaches it still
//   a new digest seat of the police                   stays: it makes the next one
//   all hotels have left the network                  p and w are told to nobody: excludes nobody
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

// Words that exclude those readers of `edition` at `at` for whose sake something would not enter
// that one of `replaced` tells, as live or as ended: an organisation where all are such and nobody
// of it ever had an edition of this source, week and tier and is a reader no more; members
// otherwise. In the order of the directory. Nobody is excluded for the sake of what does not enter
// all the same, since somebody keeps it out who stays:
//   - the analysts and the digest seat of the author's own organisation, who make the next one;
//   - whoever would keep out what is in force and stands in `edition` by another that says the same
//     (lift_extensions.h);
//   - who had one of `replaced`, though none that tells it: of two that held at once;
//   - all who had one of them.
// Of several that say the same, the one for whose sake it takes fewest who ever had such an
// edition, then fewest at all; fewest at all first where that would take more than kMaxExcluded
// words.
//
// FAILED_PRECONDITION: rule EDITION_READERS_UNKNOWN, nobody here can tell whom one of `replaced`
// was sent to. TOO_MANY_JOINED, it takes more than kMaxExcluded words. Otherwise the errors of
// PlanEdition; of a directory that is not whole none, since no edition is made of it.
absl::StatusOr<std::vector<AudienceToken>> ExclusionsOf(const Gathered& gathered,
                                                        const EditionTerms& edition,
                                                        const std::vector<HeldEdition>& replaced,
                                                        absl::Time at);

}  // namespace shield
