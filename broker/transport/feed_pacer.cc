#include "broker/transport/feed_pacer.h"

namespace shield::broker {

FeedPacer::Step FeedPacer::Next(absl::Time now) const {
  const absl::Duration quiet = now - last_write_;
  if (writing_) return quiet >= stalled_ ? Step::kStalled : Step::kWait;
  if (news_) return Step::kAsk;
  return quiet >= heartbeat_ ? Step::kHeartbeat : Step::kWait;
}

}  // namespace shield::broker
