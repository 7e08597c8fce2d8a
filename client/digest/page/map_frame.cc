#include "client/digest/page/map_frame.h"

#include <algorithm>
#include <cmath>

namespace shield::page {
namespace {

constexpr double kMetresPerDegree = 111'195;  // of a great circle, mean radius 6,371 km
constexpr double kMargin = 1.35;              // of the span, so that names have room
constexpr double kMinCosine = 0.1;            // near the poles

double Clamped(double degrees, double most) {
  return std::isfinite(degrees) ? std::clamp(degrees, -most, most) : 0;
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// In degrees of latitude.
double DistanceFrom(double longitude, double latitude, const EditionPlace& place) {
  const double cosine = std::max(kMinCosine, std::cos(latitude * M_PI / 180));
  return std::hypot((Clamped(place.longitude, 180) - longitude) * cosine,
                    Clamped(place.latitude, 90) - latitude);
}

}  // namespace

PlacesOfMap SplitPlaces(const std::vector<EditionPlace>& places) {
  if (places.empty()) return {};
  std::vector<double> longitudes;
  std::vector<double> latitudes;
  for (const EditionPlace& place : places) {
    longitudes.push_back(Clamped(place.longitude, 180));
    latitudes.push_back(Clamped(place.latitude, 90));
  }
  const double longitude = Median(longitudes);
  const double latitude = Median(latitudes);
  std::vector<double> distances;
  distances.reserve(places.size());
  for (const EditionPlace& place : places) {
    distances.push_back(DistanceFrom(longitude, latitude, place));
  }
  std::vector<double> sorted = distances;
  std::sort(sorted.begin(), sorted.end());
  const double near = sorted[(places.size() * 3 + 3) / 4 - 1];
  const double most = std::max(near, MapFrame::kMinSpanDegrees / 2) * kFarTimes;
  PlacesOfMap split;
  for (size_t i = 0; i < places.size(); ++i) {
    (distances[i] <= most ? split.on : split.off).push_back(places[i]);
  }
  return split;
}

MapFrame::MapFrame(const std::vector<EditionPlace>& places, double width, double height)
    : width_(width), height_(height) {
  double west = 180;
  double east = -180;
  double south = 90;
  double north = -90;
  for (const EditionPlace& place : places) {
    west = std::min(west, Clamped(place.longitude, 180));
    east = std::max(east, Clamped(place.longitude, 180));
    south = std::min(south, Clamped(place.latitude, 90));
    north = std::max(north, Clamped(place.latitude, 90));
  }
  const double middle = (south + north) / 2;
  const double cosine = std::max(kMinCosine, std::cos(middle * M_PI / 180));
  const double high =
      std::max({(north - south) * kMargin, (east - west) * kMargin * cosine * height / width,
                kMinSpanDegrees});
  y_scale_ = height / high;
  x_scale_ = y_scale_ * cosine;
  north_ = middle + high / 2;
  west_ = (west + east) / 2 - width / x_scale_ / 2;
}

MapPoint MapFrame::Project(double longitude, double latitude) const {
  return {(Clamped(longitude, 180) - west_) * x_scale_,
          (north_ - Clamped(latitude, 90)) * y_scale_};
}

double MapFrame::metres_per_unit() const { return kMetresPerDegree / y_scale_; }

double RoundLength(double most) {
  const double power = std::pow(10, std::floor(std::log10(most)));
  for (const double factor : {5.0, 2.0}) {
    if (factor * power <= most) return factor * power;
  }
  return power;
}

}  // namespace shield::page
