// What was added last to an inbox that somebody follows, as the commits told it.
//
// Enough to give the entries out once more is needed: which bulletin, which leaf of its recipient
// tree, the chain hash there. Everything else stands on the shelf, once for all readers. A reader
// who falls behind by more than kMaxEntries reads from the store, and so may one who is half as far
// behind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/digest.h"
#include "base/mutex.h"
#include "base/strong_id.h"

namespace shield::broker {

struct TailEntry {
  uint64_t seq = 0;
  BulletinId id;
  uint32_t leaf_index = 0;
  Digest chain_hash = {};
  friend bool operator==(const TailEntry&, const TailEntry&) = default;
};

// Thread-safe.
class InboxTail {
 public:
  static constexpr size_t kMaxEntries = 128;  // 64 bytes each

  // Drops the older half of kMaxEntries to make room, and everything when `entry` is not the next
  // one.
  void Append(const TailEntry& entry);

  // The entries after `after`, dense and ascending, at most `max`; none when the first of them is
  // not here.
  std::vector<TailEntry> After(uint64_t after, size_t max) const;

  // Those up to `seq` have been given out. A second reader of the same inbox who has not got as far
  // finds none of them here.
  void DropThrough(uint64_t seq);

 private:
  mutable Mutex mutex_;
  std::vector<TailEntry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
