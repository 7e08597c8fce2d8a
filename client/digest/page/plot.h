// The drawings of a page: where the week's bulletins are, and how many there were. Inline SVG that
// loads nothing, each with a title and a description; the tables beside them say the same.
//
// Pure: the same edition gives the same bytes. Severity is told by shape as well as by colour. The
// colours stand in attributes, for programs that print; a page's style may set others by class.
#pragma once

#include <string>

#include "client/digest/edition.h"

namespace shield::page {

inline constexpr int kMapWidth = 440;
inline constexpr int kMapHeight = 320;

// The places of the edition, but those far from the others (SplitPlaces), on an equirectangular
// plot whose parallels have their true length in its middle: graticule, scale bar, north above, a
// mark for each place, and its name where that meets no other and cannot be read as that of another
// mark; else the number of its first bulletin, `[7]`, or nothing. Empty when there is no place.
std::string DrawMap(const Edition& edition);

// A bar for each week, its number above, and, where they compare, the mean of the weeks before as a
// line. Empty when nothing appeared in any of them.
std::string DrawTrend(const Edition& edition);

// "extreme" … "minor", "none": for a class of the style.
absl::string_view SeverityClass(Severity severity);

}  // namespace shield::page
