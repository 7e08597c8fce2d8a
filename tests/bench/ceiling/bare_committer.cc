#include "tests/bench/ceiling/bare_committer.h"

#include <utility>

namespace shield::testing {

BareCommitter::BareCommitter(BareLog& log, const std::vector<BareShard*>& shards,
                             std::string folder)
    : log_(log), shards_(shards), folder_(std::move(folder)), thread_([this] { Run(); }) {}

void BareCommitter::Stop() {
  {
    MutexLock lock(mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void BareCommitter::Submit(const BarePublish& publish, BarePublisher& publisher) {
  MutexLock lock(mutex_);
  waiting_.push_back({publish, &publisher});
  changed_.NotifyAll();
}

void BareCommitter::Run() {
  for (;;) {
    const std::vector<Waiting> group = Take();
    if (group.empty()) return;
    Commit(group);
  }
}

// Empty at the end.
std::vector<BareCommitter::Waiting> BareCommitter::Take() {
  MutexLock lock(mutex_);
  while (!ending_ && waiting_.empty()) changed_.Wait(mutex_);
  if (ending_) return {};
  return std::exchange(waiting_, {});
}

void BareCommitter::Commit(const std::vector<Waiting>& group) {
  if (store_ == nullptr) store_ = std::make_unique<RawStore>(folder_ + "/relayed");
  // A benchmark publishes one shape at a time.
  const BarePublish& shape = group.front().publish;
  store_->WriteGroup(group.size(), {shape.recipients, shape.payload_bytes});
  log_.Append(group.size(), shape.entry_bytes);
  for (BareShard* shard : shards_) shard->Wake();
  for (const Waiting& each : group) each.publisher->Committed();
}

}  // namespace shield::testing
