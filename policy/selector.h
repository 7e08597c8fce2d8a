// The selector of an audience: a part of a community, chosen by sector, region and vetting.
#pragma once

#include <optional>

#include "policy/decision.h"
#include "policy/records.h"
#include "policy/terms.h"

namespace shield {

// Whether the bulletin has a selector. RED, reports, direct messages and recalls have none. AMBER
// and AMBER+STRICT content has one if it names a sector, region or vetting level: a `community:`
// alone selects nobody. GREEN and CLEAR content has one if any selecting word is there, or nothing
// says whom it is for.
bool HasSelector(const Terms& terms);

// Whether `org` is in a community the selector chooses from: one of its communities, the source's
// when it has none. An organisation of kind client is in no community.
bool InSelectedCommunity(const Terms& terms, const OrgRecord& org);

// Whether `org` is in the community GREEN may reach: the source's or one the audience names.
bool InReach(const Terms& terms, const OrgRecord& org);

// SECTOR_MISMATCH or REGION_MISMATCH when the selector asks for what `org` has not. Parent and
// child regions overlap; an organisation without the attribute never matches.
std::optional<Rule> SelectorFault(const Targets& targets, const OrgRecord& org);

// What the label alone asks of a reader's vetting: RED 3, AMBER+STRICT and AMBER 2, GREEN 1.
int SiteFloor(Tlp tlp);
// That and the bulletin's own.
int VettingFloor(const Terms& terms);

}  // namespace shield
