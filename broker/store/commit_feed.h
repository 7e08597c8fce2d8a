// The newest commits, kept in memory for the hub: following the feed costs no disk read. Older ones
// are rebuilt from the database by the store.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "broker/store/records.h"

namespace shield::store {

// Thread-safe.
class CommitFeed {
 public:
  using Events = std::vector<std::shared_ptr<const CommitEvent>>;
  static constexpr size_t kMaxEvents = 4096;
  static constexpr size_t kMaxPlaces = 200'000;  // inbox places of all kept events

  // Commits in order, following those pushed before. Drops the oldest beyond the limits, though
  // never the last.
  void Push(const Events& events) {
    MutexLock lock(mutex_);
    for (const auto& event : events) {
      places_ += event->places.size();
      events_.push_back(event);
    }
    while (events_.size() > 1 && (events_.size() > kMaxEvents || places_ > kMaxPlaces)) {
      places_ -= events_.front()->places.size();
      events_.pop_front();
    }
  }

  // Up to `max` events after `after`; nothing when the first of them is not kept here.
  std::optional<Events> Read(uint64_t after, size_t max) {
    MutexLock lock(mutex_);
    if (events_.empty() || after + 1 < events_.front()->commit) return std::nullopt;
    Events found;
    const uint64_t skip = after + 1 - events_.front()->commit;
    for (uint64_t i = skip; i < events_.size() && found.size() < max; ++i) {
      found.push_back(events_[i]);
    }
    return found;
  }

 private:
  Mutex mutex_;
  std::deque<std::shared_ptr<const CommitEvent>> events_ ABSL_GUARDED_BY(mutex_);
  size_t places_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace shield::store
