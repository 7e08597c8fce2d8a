// What may enter an edition, once more: read from docs/spec/briefing.md section 1 and not from the
// code, bulletin by bulletin and reader by reader, with the answers of the second model of the
// policy.
#pragma once

#include <vector>

#include "base/strong_id.h"
#include "tests/policy/random_edition.h"

namespace shield::testing {

// Whom the edition is sealed to, its author aside.
std::vector<MemberId> ReadersOf(const RandomEdition& random);

// Whether the bulletin, or that it ended, may be told to all of `readers`.
bool MayEnter(const RandomEdition& random, const RandomBulletin& bulletin,
              const std::vector<MemberId>& readers);

}  // namespace shield::testing
