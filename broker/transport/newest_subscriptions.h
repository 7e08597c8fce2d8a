// At most so many subscriptions a key, the newest ones: a client that lost its connection without
// the broker noticing gets in again at once.
#pragma once

#include <atomic>
#include <deque>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "base/digest.h"
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
  explicit NewestSubscriptions(size_t per_key) : per_key_(per_key) {}

  // Takes a place for a new subscription of `pin`; the oldest one beyond the limit loses its own.
  std::shared_ptr<const SubscriptionPlace> Take(const Digest& pin);

 private:
  using Places = std::deque<std::weak_ptr<SubscriptionPlace>>;

  // Drops keys without live subscriptions, now and then.
  void Sweep() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t per_key_;
  Mutex mutex_;
  absl::flat_hash_map<Digest, Places> places_ ABSL_GUARDED_BY(mutex_);
  size_t sweep_at_ ABSL_GUARDED_BY(mutex_) = 1024;
};

}  // namespace shield::broker
