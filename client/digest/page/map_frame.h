// Which part of the world a map shows, and where on the drawing a place lies.
#pragma once

#include <vector>

#include "client/digest/edition.h"

namespace shield::page {

struct MapPoint {
  double x = 0;
  double y = 0;
};

// Places that a map shows, and those that lie so far from most of the others that with them it
// would show nothing of these. Each in the order of `places`.
struct PlacesOfMap {
  std::vector<EditionPlace> on;
  std::vector<EditionPlace> off;
};

// Three quarters of the places, nearest to the one in the middle of all, are always on it; one that
// is more than kFarTimes as far from there as they are is off it. Pure; coordinates that are no
// numbers count as 0.
PlacesOfMap SplitPlaces(const std::vector<EditionPlace>& places);

inline constexpr double kFarTimes = 4;

// Equirectangular: degrees are even, and a degree of longitude is as much shorter as it is in the
// middle of the map. Immutable value.
class MapFrame {
 public:
  // All of `places` with a margin around, at least kMinSpanDegrees high, in the proportions of
  // `width` to `height`. `places` is not empty; coordinates that are no numbers count as 0.
  MapFrame(const std::vector<EditionPlace>& places, double width, double height);

  MapPoint Project(double longitude, double latitude) const;

  double west() const { return west_; }
  double east() const { return west_ + width_ / x_scale_; }
  double south() const { return north_ - height_ / y_scale_; }
  double north() const { return north_; }
  double metres_per_unit() const;  // in the middle of the map

  static constexpr double kMinSpanDegrees = 0.03;  // some three kilometres

 private:
  double width_;
  double height_;
  double x_scale_ = 1;  // units a degree
  double y_scale_ = 1;
  double west_ = 0;
  double north_ = 0;
};

// 1, 2 or 5 times a power of ten, the largest that is not above `most`, which is positive.
double RoundLength(double most);

}  // namespace shield::page
