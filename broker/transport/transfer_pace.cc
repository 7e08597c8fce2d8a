#include "broker/transport/transfer_pace.h"

#include <algorithm>

namespace shield::broker {

void TransferPace::WaitSince(absl::Time now) { since_ = now; }

void TransferPace::Moved(size_t bytes, absl::Time now) {
  waited_ += std::max(absl::ZeroDuration(), now - since_);
  since_ = absl::InfiniteFuture();
  bytes_ += static_cast<double>(bytes);
}

absl::string_view TransferPace::FaultAt(absl::Time now) const {
  if (since_ == absl::InfiniteFuture()) return {};
  const absl::Duration silent = now - since_;
  const absl::Duration waited = waited_ + silent;
  if (bytes_ == 0 && silent >= limits_.first) return "it did not begin in time";
  if (silent >= limits_.idle) return "it stood still for too long";
  if (waited >= limits_.total) return "it took too long";
  const absl::Duration allowed =
      limits_.grace + absl::Seconds(bytes_ / limits_.least_bytes_per_second);
  if (waited >= allowed) return "it was slower than the least rate";
  return {};
}

}  // namespace shield::broker
