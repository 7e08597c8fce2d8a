#include "client/receive/asking_pauses.h"

#include <algorithm>

namespace shield {

bool AskingPauses::MayAsk(uint64_t seq, absl::Time now) const {
  const auto found = pauses_.find(seq);
  if (found == pauses_.end()) return true;
  return now < found->second.begun || now - found->second.begun >= found->second.length;
}

void AskingPauses::Refused(uint64_t seq, absl::Time now) {
  const auto found = pauses_.find(seq);
  if (found != pauses_.end()) {
    found->second = {now, std::min(2 * found->second.length, kLongestPause)};
  } else if (pauses_.size() < kMaxPauses) {
    pauses_.emplace(seq, Pause{now, kFirstPause});
  }
}

}  // namespace shield
