// Places as codes: NUTS regions of the European Union ("BE", "BE2", "BE21", "BE211") and ISO 3166-1
// alpha-2 countries ("US") (docs/spec/tlp.md).
//
// NUTS writes Greece EL and the United Kingdom UK where ISO writes GR and GB; both are accepted and
// mean the same place.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace shield {

// Whether there is such a region. A code of a member state of the Union is one of NUTS 2024
// (policy/nuts.h); of Albania, Iceland, Kosovo, Liechtenstein, Montenegro, North Macedonia, Norway,
// Serbia, Switzerland, Turkey and the United Kingdom, level 1 is checked and the rest has the form.
bool IsRegion(absl::string_view code);

// Whether one of two region codes lies inside the other or is the same: BE21 overlaps BE, BE2, BE21
// and BE211, not BE22.
bool RegionsOverlap(absl::string_view a, absl::string_view b);

// The code with Greece and the United Kingdom as NUTS writes them; every other code as it is. Two
// codes overlap if one of their canonical forms begins with the other.
std::string CanonicalRegion(absl::string_view code);

}  // namespace shield
