// Gives the disk back what removed uploads and erased bulletins took.
//
// Removing an upload only writes that it is gone; its bytes stay in logs and blob files until they
// are flushed and compacted. A nearly full disk could not wait for that: publishing would stay
// refused although the space is nobody's. So after enough has been removed a thread of its own does
// both, for the keys that were removed and no others.
#pragma once

#include <cstdint>
#include <thread>

#include "base/mutex.h"
#include "broker/store/rocks_database.h"

namespace shield::store {

// Thread-safe.
class SpaceReclaimer {
 public:
  // Less than this waits for more, or for RocksDB's own compactions.
  static constexpr uint64_t kDueBytes = uint64_t{16} << 20;

  // `database` outlives the reclaimer. A failure trips the database's latch.
  explicit SpaceReclaimer(RocksDatabase& database);
  // Finishes what is due.
  ~SpaceReclaimer();
  SpaceReclaimer(const SpaceReclaimer&) = delete;
  SpaceReclaimer& operator=(const SpaceReclaimer&) = delete;

  // The chunks of uploads `first` to `last`, `bytes` of them, have been removed. Returns at once.
  void Removed(uint64_t first, uint64_t last, uint64_t bytes);

 private:
  // What has been removed and not yet given back.
  struct Removal {
    uint64_t first = UINT64_MAX;
    uint64_t last = 0;
    uint64_t bytes = 0;
  };

  void Run();

  RocksDatabase& database_;
  Mutex mutex_;
  CondVar changed_;
  Removal removal_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace shield::store
