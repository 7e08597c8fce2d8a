// How far each watched inbox reaches, as one number a subscription can look at for nothing, and
// what was added to it last.
//
// A subscription that is caught up asks "more?" after every commit of the whole network, thousands
// of times more often than the answer is yes. So the answer is an atomic number per member that is
// subscribed now, moved by the commits the store tells of; and who follows live finds its next
// entries beside that number, without a read.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "broker/core/bulletin_shelf.h"
#include "broker/core/inbox_tail.h"
#include "broker/store/store.h"

namespace shield::broker {

// One inbox that somebody follows. Its number may lag behind the store for a moment, never ahead of
// it.
class WatchedInbox {
 public:
  uint64_t last_seq() const { return last_seq_.load(std::memory_order_acquire); }
  InboxTail& tail() { return tail_; }
  void RaiseTo(uint64_t seq) {
    uint64_t known = last_seq_.load(std::memory_order_relaxed);
    while (known < seq && !last_seq_.compare_exchange_weak(known, seq, std::memory_order_release)) {
    }
  }

 private:
  std::atomic<uint64_t> last_seq_{0};
  InboxTail tail_;
};

// Thread-safe.
class InboxGrowth {
 public:
  static constexpr size_t kMaxCommitsPerRead = 1024;

  explicit InboxGrowth(store::Store& store);

  // A member's inbox, kept current as long as somebody holds it.
  absl::StatusOr<std::shared_ptr<WatchedInbox>> Watch(const MemberId& member);

  // Reads the commits since the last call; what ended with them leaves the shelf before any reader
  // is told. Whether any of them was more than a receipt, which is no news to who follows an inbox.
  // From one thread at a time: the committer's.
  absl::StatusOr<bool> CatchUp(BulletinShelf& shelf);

 private:
  std::shared_ptr<WatchedInbox> Entry(const MemberId& member);
  void Tell(const store::CommitEvent& event);

  store::Store& store_;
  uint64_t told_;  // the last commit that was told; of the thread that calls CatchUp
  Mutex mutex_;
  absl::flat_hash_map<MemberId, std::weak_ptr<WatchedInbox>> watched_ ABSL_GUARDED_BY(mutex_);
  size_t sweep_at_ ABSL_GUARDED_BY(mutex_) = 64;  // entries nobody holds are dropped at this size
};

}  // namespace shield::broker
