// PlacesOf: where the week's bulletins are about.
#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "client/digest/edition_sections.h"

namespace shield {
namespace {

// About eleven metres: closer than that, one name is one place.
constexpr double kSameDegrees = 1e-4;

using PlaceKey = std::tuple<std::string, int64_t, int64_t>;

PlaceKey KeyOf(const BriefedPlace& place) {
  return {place.name, std::llround(place.longitude / kSameDegrees),
          std::llround(place.latitude / kSameDegrees)};
}

class PlaceList {
 public:
  void Add(const Numbered& bulletins) {
    for (const NumberedBulletin& of : bulletins) {
      if (!IsActual(*of.bulletin)) continue;
      for (const BriefedPlace& place : of.bulletin->content.places) Add(place, of);
    }
  }

  // Gravest first, then by the number of the first bulletin.
  std::vector<EditionPlace> Sorted() && {
    std::sort(places_.begin(), places_.end(), [](const EditionPlace& a, const EditionPlace& b) {
      return std::make_tuple(-static_cast<int>(a.severity), a.items.front(), a.name, a.longitude,
                             a.latitude) < std::make_tuple(-static_cast<int>(b.severity),
                                                           b.items.front(), b.name, b.longitude,
                                                           b.latitude);
    });
    return std::move(places_);
  }

 private:
  void Add(const BriefedPlace& place, const NumberedBulletin& of) {
    const auto [found, is_new] = index_.try_emplace(KeyOf(place), places_.size());
    if (is_new) {
      places_.push_back({.name = place.name,
                         .longitude = place.longitude,
                         .latitude = place.latitude,
                         .severity = Severity::kUnspecified,
                         .items = {}});
    }
    EditionPlace& known = places_[found->second];
    known.severity = std::max(known.severity, of.bulletin->content.severity);
    if (known.items.empty() || known.items.back() != of.number) known.items.push_back(of.number);
  }

  std::vector<EditionPlace> places_;
  absl::flat_hash_map<PlaceKey, size_t> index_;
};

}  // namespace

std::vector<EditionPlace> PlacesOf(const EditionChoice& choice, const EditionOrder& order,
                                   size_t& left_out) {
  const size_t most = order.Most(kMaxEditionPlaces);
  PlaceList list;
  list.Add(choice.full);
  list.Add(choice.also);
  std::vector<EditionPlace> places = std::move(list).Sorted();
  left_out = places.size() > most ? places.size() - most : 0;
  if (left_out > 0) places.resize(most);
  return places;
}

}  // namespace shield
