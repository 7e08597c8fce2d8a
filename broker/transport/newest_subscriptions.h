// At most so many subscriptions a member, the newest ones: a client that lost its connection
// without the broker noticing gets in again at once.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"

namespace shield::broker {

// One live subscription; it counts until this is destroyed.
class SubscriptionPlace {
 public:
  // Whether newer subscriptions have taken its place: the stream has to end.
  bool replaced() const { return replaced_.load(std::memory_order_relaxed); }

 private:
  friend class NewestSubscriptions;
  std::atomic<bool> replaced_{false};
};

// Thread-safe.
class NewestSubscriptions {
 public:
  explicit NewestSubscriptions(size_t each) : each_(each) {}

  // Takes a place for a new subscription of `owner`; its oldest one beyond the limit loses its own.
  std::shared_ptr<const SubscriptionPlace> Take(absl::string_view owner);

 private:
  using Places = std::deque<std::weak_ptr<SubscriptionPlace>>;

  // Drops members without live subscriptions, now and then.
  void Sweep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t each_;
  Mutex mutex_;
  absl::flat_hash_map<std::string, Places> places_ ABSL_GUARDED_BY(mutex_);
  size_t sweep_at_ ABSL_GUARDED_BY(mutex_) = 1024;
};

// Those that watch an inbox, and those that leave it at the first mark: a short look ends no watch.
struct MemberSubscriptions {
  NewestSubscriptions watching;
  NewestSubscriptions catching_up;
};

}  // namespace shield::broker
