#include "broker/core/holder_book.h"

#include <iterator>

#include "base/status.h"

namespace shield::broker {

HolderBook::HolderBook(store::Store& store, size_t max_members)
    : store_(store), max_members_(max_members) {}

absl::StatusOr<std::optional<uint32_t>> HolderBook::LeafOf(const MemberId& member,
                                                           const BulletinId& id) {
  Holders holders = Find(id);
  if (holders == nullptr) {
    const absl::StatusOr<std::vector<store::RecipientCursor>> cursors =
        store_.ReadRecipientCursors(id);
    if (absl::IsNotFound(cursors.status())) return std::nullopt;
    RETURN_IF_ERROR(cursors.status());
    Leaves leaves;
    for (uint32_t leaf = 0; leaf < cursors->size(); ++leaf) {
      if ((*cursors)[leaf].told) break;  // they stand last
      leaves.emplace((*cursors)[leaf].member, leaf);
    }
    holders = std::make_shared<const Leaves>(std::move(leaves));
    Keep(id, holders);
  }
  const auto found = holders->find(member);
  if (found == holders->end()) return std::nullopt;
  return found->second;
}

HolderBook::Holders HolderBook::Find(const BulletinId& id) {
  MutexLock lock(mutex_);
  const auto found = pages_.find(id);
  if (found == pages_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->second;
}

void HolderBook::Keep(const BulletinId& id, const Holders& holders) {
  MutexLock lock(mutex_);
  if (pages_.contains(id)) return;
  order_.emplace_front(id, holders);
  pages_.emplace(id, order_.begin());
  members_ += holders->size();
  while (members_ > max_members_ && order_.size() > 1) {
    const Page oldest = std::prev(order_.end());
    members_ -= oldest->second->size();
    pages_.erase(oldest->first);
    order_.erase(oldest);
  }
}

}  // namespace shield::broker
