#include "client/digest/read_places.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace shield {
namespace {

constexpr double kMaxRadiusM = 20'038'000;  // half way round

struct Box {
  double west = 180;
  double east = -180;
  double south = 90;
  double north = -90;
  bool empty = true;
};

// A position: [longitude, latitude], perhaps a height.
bool IsPosition(const Json& value) {
  return value.is_array() && value.size() >= 2 && value[0].is_number();
}

bool Widen(const Json& position, Box& box) {
  const std::optional<double> longitude = NumberOf(position[0]);
  const std::optional<double> latitude = NumberOf(position[1]);
  if (!longitude.has_value() || !latitude.has_value()) return false;
  if (*longitude < -180 || *longitude > 180 || *latitude < -90 || *latitude > 90) return false;
  box.west = std::min(box.west, *longitude);
  box.east = std::max(box.east, *longitude);
  box.south = std::min(box.south, *latitude);
  box.north = std::max(box.north, *latitude);
  box.empty = false;
  return true;
}

// Every position in nested lists; a document is nested 16 deep at most. False when one is not on
// earth.
bool WidenAll(const Json& coordinates, Box& box) {
  if (!coordinates.is_array()) return false;
  if (IsPosition(coordinates)) return Widen(coordinates, box);
  return std::all_of(coordinates.begin(), coordinates.end(),
                     [&box](const Json& inner) { return WidenAll(inner, box); });
}

bool WidenByGeometry(const Json& geometry, Box& box) {
  const Json& parts = ListAt(geometry, "geometries");
  if (!parts.empty()) {
    return std::all_of(parts.begin(), parts.end(),
                       [&box](const Json& part) { return WidenByGeometry(part, box); });
  }
  return WidenAll(ListAt(geometry, "coordinates"), box);
}

// `name` beside the geometry or among the properties.
std::string NameOf(const Json& feature) {
  std::string name = LineAt(feature, "name");
  return name.empty() ? LineAt(ObjectAt(feature, "properties"), "name") : name;
}

std::optional<double> RadiusOf(const Json& feature) {
  std::optional<double> radius = NumberAt(feature, "radius_m");
  if (!radius.has_value()) radius = NumberAt(ObjectAt(feature, "properties"), "radius_m");
  if (radius.has_value() && (*radius < 0 || *radius > kMaxRadiusM)) return std::nullopt;
  return radius;
}

std::optional<BriefedPlace> ReadPlace(const Json& feature) {
  BriefedPlace place;
  place.name = NameOf(feature);
  // A geometry may stand without the feature around it.
  const Json& inner = ObjectAt(feature, "geometry");
  Box box;
  const bool read = WidenByGeometry(inner.empty() ? feature : inner, box);
  if (!read || box.empty || place.name.empty()) return std::nullopt;
  place.longitude = (box.west + box.east) / 2;
  place.latitude = (box.south + box.north) / 2;
  place.radius_m = RadiusOf(feature);
  return place;
}

}  // namespace

std::vector<BriefedPlace> ReadPlaces(const Json& document, size_t& left_out) {
  const Json& list = ListAt(document, "areas");
  const Json& collection = ListAt(ObjectAt(document, "areas"), "features");
  std::vector<BriefedPlace> places;
  for (const Json& feature : list.empty() ? collection : list) {
    std::optional<BriefedPlace> place = ReadPlace(feature);
    if (place.has_value()) AddBounded(*std::move(place), kMaxBriefedPlaces, places, left_out);
  }
  return places;
}

}  // namespace shield
