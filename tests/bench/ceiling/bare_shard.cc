#include "tests/bench/ceiling/bare_shard.h"

#include <grpc/support/time.h>

#include "absl/time/clock.h"

namespace shield::testing {

void BareShard::Start() {
  thread_ = std::thread([this] {
    void* tag = nullptr;
    bool ok = false;
    while (queue_->Next(&tag, &ok)) static_cast<BareTag*>(tag)->Arrived(ok);
  });
}

void BareShard::Wake() {
  if (!woken_.exchange(true, std::memory_order_acq_rel)) bell_.Ring();
}

void BareShard::ShutDown() {
  if (closing_.exchange(true)) return;
  queue_->Shutdown();
  if (thread_.joinable()) {
    thread_.join();
    return;
  }
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) continue;
}

void BareShard::Bell::Arrived(bool ok) {
  // Before the next ring may ask how long to rest.
  if (ok) shard_.pacer_.Begin(absl::Now());
  shard_.woken_.store(false, std::memory_order_release);
  if (!ok) return;
  shard_.end_ = shard_.log_.size();
  for (BareStream* stream : shard_.streams_) stream->Step();
  shard_.pacer_.End(absl::Now());
}

// A deadline in the past: one of this very moment would wait for the next turn of gRPC's timers.
void BareShard::Bell::Ring() {
  if (shard_.closing_) return;
  const absl::Duration rest = shard_.pacer_.RestAt(absl::Now());
  const gpr_timespec when =
      rest == absl::ZeroDuration()
          ? gpr_time_0(GPR_CLOCK_MONOTONIC)
          : gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                         gpr_time_from_nanos(absl::ToInt64Nanoseconds(rest), GPR_TIMESPAN));
  alarm_.Set(shard_.queue(), when, this);
}

}  // namespace shield::testing
