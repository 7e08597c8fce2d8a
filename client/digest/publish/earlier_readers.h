// Who had an edition that another one takes the place of.
//
//   ASSIGN_OR_RETURN(const auto naming, CarriedTo(gathered, edition, carried, now));
//
// Whom an edition was carried to by an extension (`shield bulletin extend`) is none of its
// audience: what replaces it names such readers, where that keeps nothing out for the others. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/digest/publish/gather.h"
#include "client/digest/publish/held_edition.h"
#include "policy/audience_token.h"
#include "policy/edition_plan.h"
#include "policy/member_set.h"

namespace shield {

// Words that name, in one audience.
inline constexpr size_t kMaxCarriedTo = 64;

// Whom the bulletin of `edition` was sent to; null: nobody here can tell.
const MemberSet* WhomSent(const Gathered& gathered, const HeldEdition& edition);

// Whom any edition of the source, week and tier of `edition` was sent to that was ever here, or
// what carries one: as far as it is known.
MemberSet WhoEverHad(const Gathered& gathered, const HeldEdition& edition);

// Who has `edition` and is let in by it still, the author of the next one aside: somebody whose
// vetting has fallen since is not named because of what was sent before that. Nobody where it is
// not known whom it was sent to. Who has no key now is among them.
MemberSet LetIn(const Gathered& gathered, const HeldEdition& edition, absl::Time at);

// Words that name those whom `edition` would not reach, though one of `carried` lets them in and
// they can be sealed to: an organisation where all who can be are such, members otherwise. Whom
// `edition` excludes is not named, nor whom its label does not let in all the same, nor an
// organisation for the sake of which something would not enter that enters without it, nor whoever
// is beyond kMaxCarriedTo. Errors are those of PlanEdition for `edition`; of a directory that is
// not whole none, since no edition is made of it.
absl::StatusOr<std::vector<AudienceToken>> CarriedTo(const Gathered& gathered,
                                                     const EditionTerms& edition,
                                                     const std::vector<HeldEdition>& carried,
                                                     absl::Time at);

}  // namespace shield
