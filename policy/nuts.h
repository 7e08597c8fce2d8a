// The regions of the European Union by their codes: NUTS 2024, in force since 1 January 2024
// (Regulation (EC) No 1059/2003 as amended by Delegated Regulation (EU) 2023/674): 92 regions of
// level 1 ("BE2"), 244 of level 2 ("BE21"), 1165 of level 3 ("BE211"), complete for all 27
// countries.
//
//   IsNutsRegion("BE211")   // Arr. Antwerpen
//   IsNutsRegion("BE219")   // false: there is no such region
//
// Codes of earlier versions are not in it: a place has one code. docs/spec/tlp.md, "Audience".
#pragma once

#include <array>
#include <span>

#include "absl/strings/string_view.h"

namespace shield {

// A region of level 2 and the last characters of the regions of level 3 in it.
struct NutsLevel2 {
  absl::string_view code;
  absl::string_view level3;
};

// Sorted by code.
std::span<const NutsLevel2> AllNutsLevel2();

// Whether the list is complete for this country: its codes of two characters, Greece as EL.
bool HasNutsRegions(absl::string_view country);

// Whether `code` is a region of level 1, 2 or 3: three, four or five characters.
bool IsNutsRegion(absl::string_view code);

}  // namespace shield
