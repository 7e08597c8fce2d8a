#include "broker/transport/newest_subscriptions.h"

#include <algorithm>

namespace shield::broker {

std::shared_ptr<const SubscriptionPlace> NewestSubscriptions::Take(absl::string_view owner) {
  auto place = std::make_shared<SubscriptionPlace>();
  MutexLock lock(mutex_);
  if (places_.size() >= sweep_at_) Sweep();
  Places& places = places_[owner];
  std::erase_if(places, [](const auto& other) { return other.expired(); });
  places.push_back(place);
  while (places.size() > each_) {
    if (const auto oldest = places.front().lock(); oldest != nullptr) {
      oldest->replaced_.store(true, std::memory_order_relaxed);
    }
    places.pop_front();
  }
  return place;
}

void NewestSubscriptions::Sweep() {
  absl::erase_if(places_, [](const auto& entry) {
    return std::all_of(entry.second.begin(), entry.second.end(),
                       [](const auto& place) { return place.expired(); });
  });
  sweep_at_ = std::max<size_t>(1024, places_.size() * 2);
}

}  // namespace shield::broker
