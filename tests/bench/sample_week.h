// Five weeks of bulletins to make a briefing of, over a SectorNetwork with a digest seat.
//
//   const std::vector<BriefingCandidate> candidates =
//       SampleCandidates(*directory, 5'000, Tlp::kGreen, ForCommunity);
#pragma once

#include <functional>
#include <vector>

#include "client/digest/admit.h"
#include "client/digest/edition_input.h"
#include "policy/directory.h"
#include "policy/terms.h"

namespace shield::testing {

// The week of the briefing, and when the accounts of the network are valid.
Week SampleWeek();
Period SamplePeriod();

// `count` bulletins of 4 KB, each addressed by `audience` of its number and sent to everyone.
std::vector<BriefingCandidate> SampleCandidates(const Directory& directory, int count, Tlp tlp,
                                                const std::function<Targets(int)>& audience);
Targets ForCommunity(int number);

// What the edition of the digest seat is made of, and the order for it.
EditionInput SampleInput(std::vector<BriefedBulletin> bulletins);
EditionOrder SampleOrder();

}  // namespace shield::testing
