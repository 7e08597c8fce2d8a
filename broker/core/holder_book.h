// Who holds which bulletin, for those that were asked for last.
//
// The store can tell all holders of a bulletin, at the cost of reading them all; a large attachment
// is fetched by most of them within minutes. So the answer is kept, within kMaxMembers names in
// all. Who received a bulletin never changes, so nothing kept here grows old.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "broker/store/store.h"

namespace shield::broker {

// Thread-safe.
class HolderBook {
 public:
  static constexpr size_t kMaxMembers = 500'000;

  explicit HolderBook(store::Store& store, size_t max_members = kMaxMembers);

  // The leaf of the inbox entry that `member` has of the bulletin; nothing when it has none or one
  // without slot, and for an id nobody used.
  absl::StatusOr<std::optional<uint32_t>> LeafOf(const MemberId& member, const BulletinId& id);

 private:
  using Leaves = absl::flat_hash_map<MemberId, uint32_t>;
  using Holders = std::shared_ptr<const Leaves>;
  using Page = std::list<std::pair<BulletinId, Holders>>::iterator;

  Holders Find(const BulletinId& id);
  void Keep(const BulletinId& id, const Holders& holders);

  store::Store& store_;
  const size_t max_members_;
  Mutex mutex_;
  std::list<std::pair<BulletinId, Holders>> order_ ABSL_GUARDED_BY(mutex_);  // newest first
  absl::flat_hash_map<BulletinId, Page> pages_ ABSL_GUARDED_BY(mutex_);
  size_t members_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace shield::broker
