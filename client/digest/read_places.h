// Where a bulletin is about: the features of its `areas` (docs/spec/content.md), as GeoJSON of RFC
// 7946 writes them, each with a name beside its geometry or among its properties.
#pragma once

#include <cstddef>
#include <vector>

#include "client/digest/briefed_content.h"
#include "client/digest/content_fields.h"

namespace shield {

// At most kMaxBriefedPlaces; what goes beyond is counted. A feature without a name or position, or
// with a position that is not on earth, is none.
std::vector<BriefedPlace> ReadPlaces(const Json& document, size_t& left_out);

}  // namespace shield
