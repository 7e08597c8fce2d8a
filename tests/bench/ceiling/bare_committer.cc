#include "tests/bench/ceiling/bare_committer.h"

#include <utility>

#include "absl/time/clock.h"

namespace shield::testing {
namespace {

constexpr absl::Duration kRest = absl::Milliseconds(10);

}  // namespace

BareCommitter::BareCommitter(BareLog& log, const std::vector<BareShard*>& shards,
                             std::string folder)
    : log_(log), shards_(shards), folder_(std::move(folder)), thread_([this] { Run(); }) {}

BareCommitter::~BareCommitter() {
  {
    MutexLock lock(mutex_);
    ending_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
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
    if (absl::Now() - told_ >= kRest) Tell();
  }
}

// Empty at the end.
std::vector<BareCommitter::Waiting> BareCommitter::Take() {
  MutexLock lock(mutex_);
  while (!ending_ && waiting_.empty()) {
    if (!news_) {
      changed_.Wait(mutex_);
    } else if (!changed_.WaitFor(mutex_, told_ + kRest - absl::Now()) && waiting_.empty()) {
      Tell();
    }
  }
  if (ending_) return {};
  return std::exchange(waiting_, {});
}

void BareCommitter::Commit(const std::vector<Waiting>& group) {
  if (store_ == nullptr) store_ = std::make_unique<RawStore>(folder_ + "/relayed");
  // A benchmark publishes one shape at a time.
  const BarePublish& shape = group.front().publish;
  store_->WriteGroup(group.size(), {shape.recipients, shape.payload_bytes});
  log_.Append(group.size(), shape.entry_bytes);
  news_ = true;
  for (const Waiting& each : group) each.publisher->Committed();
}

void BareCommitter::Tell() {
  news_ = false;
  told_ = absl::Now();
  for (BareShard* shard : shards_) shard->Wake();
}

}  // namespace shield::testing
