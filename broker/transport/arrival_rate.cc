#include "broker/transport/arrival_rate.h"

#include <algorithm>

namespace shield::broker {

bool ArrivalRate::Take(absl::string_view group, absl::Time now) {
  if (buckets_.size() >= kMaxGroups) MakeRoom(now);
  Bucket& bucket = buckets_.try_emplace(group, Bucket{burst_, now}).first->second;
  bucket = {LeftAt(bucket, now), now};
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

void ArrivalRate::GiveBack(absl::string_view group) {
  const auto found = buckets_.find(group);
  if (found != buckets_.end()) found->second.left = std::min(burst_, found->second.left + 1);
}

double ArrivalRate::LeftAt(const Bucket& bucket, absl::Time now) const {
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - bucket.at));
  return std::min(burst_, bucket.left + seconds * per_second_);
}

void ArrivalRate::MakeRoom(absl::Time now) {
  absl::erase_if(buckets_,
                 [this, now](const auto& entry) { return LeftAt(entry.second, now) >= burst_; });
  // So many addresses at once are nobody's customers: any one of them may start afresh.
  if (buckets_.size() >= kMaxGroups) buckets_.erase(buckets_.begin());
}

}  // namespace shield::broker
