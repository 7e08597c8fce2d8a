// A bulletin that was sent to more readers is one bulletin: an edition is asked about both
// together.
//
//   LiftExtensions(*directory, candidates);
//
// An extension is sealed to those who lack the bulletin, and excludes those who have it, so that
// neither of the two was sent to all. Whom it excludes holds the same content, though, when it was
// sent the bulletin, or another extension of it: in the terms that an edition is asked about
// (BriefingCandidate::asked) such a one is excluded no more, and counts as one it was sent to. Of
// whom nobody here can tell that, the exclusion holds. So it is of an extension that has ended:
// whoever an edition told of it is told that it did.
#pragma once

#include <vector>

#include "client/digest/admit.h"
#include "policy/directory.h"

namespace shield {

// Fills `lifted` and `original` of each extension, by the same source, of a bulletin among
// `candidates` of which it is known whom it was sent to; and adds to its `sent_to`, where that is
// known. A live one counts where the bulletin is live and of the same content; one that has ended
// whatever became of the bulletin, and those who hold it count for others that have ended alone.
// The terms stay as they are: what a bulletin says of itself is asked for where readers hold their
// inbox against it. Each id stands once. Pure.
void LiftExtensions(const Directory& directory, std::vector<BriefingCandidate>& candidates);

}  // namespace shield
