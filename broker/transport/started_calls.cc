#include "broker/transport/started_calls.h"

#include <algorithm>

namespace shield::broker {

bool StartedCalls::Start(const Digest& pin, absl::Time now) {
  MutexLock lock(mutex_);
  if (counts_.size() >= kMaxKeys) ForgetIdle(now);
  Count& count = counts_.try_emplace(pin, Count{0, now}).first->second;
  count = {WaitingAt(count, now), now};
  if (count.waiting + 1 > waiting_) return false;
  count.waiting += 1;
  return true;
}

void StartedCalls::Begin(const Digest& pin) {
  MutexLock lock(mutex_);
  const auto found = counts_.find(pin);
  if (found == counts_.end()) return;
  found->second.waiting -= 1;
  if (found->second.waiting <= 0) counts_.erase(found);
}

double StartedCalls::WaitingAt(const Count& count, absl::Time now) {
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - count.at));
  return std::max(0.0, count.waiting - seconds * kForgivenPerSecond);
}

void StartedCalls::ForgetIdle(absl::Time now) {
  absl::erase_if(counts_, [now](const auto& entry) { return WaitingAt(entry.second, now) <= 0; });
}

}  // namespace shield::broker
