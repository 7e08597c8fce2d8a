#include "broker/store/space_reclaimer.h"

#include <algorithm>
#include <utility>

#include "broker/store/store_keys.h"

namespace shield::store {

SpaceReclaimer::SpaceReclaimer(RocksDatabase& database)
    : database_(database), thread_([this] { Run(); }) {}

SpaceReclaimer::~SpaceReclaimer() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void SpaceReclaimer::Removed(uint64_t first, uint64_t last, uint64_t bytes) {
  MutexLock lock(mutex_);
  removal_.first = std::min(removal_.first, first);
  removal_.last = std::max(removal_.last, last);
  removal_.bytes += bytes;
  if (removal_.bytes >= kDueBytes) changed_.NotifyAll();
}

void SpaceReclaimer::Run() {
  while (true) {
    Removal due;
    {
      MutexLock lock(mutex_);
      while (removal_.bytes < kDueBytes && !stopping_) changed_.Wait(mutex_);
      if (removal_.bytes < kDueBytes) return;
      due = std::exchange(removal_, Removal{});
    }
    // It has tripped the latch: there is nobody else to tell.
    const absl::Status given = database_.GiveBack(Column::kPayload, PayloadKey(due.first, 0, 0),
                                                  PayloadKey(due.last + 1, 0, 0));
    if (!given.ok()) return;
  }
}

}  // namespace shield::store
