#include "broker/core/holder_book.h"

#include <iterator>

#include "base/status.h"

namespace shield::broker {

HolderBook::HolderBook(store::Store& store, size_t max_members)
    : store_(store), max_members_(max_members) {}

absl::StatusOr<bool> HolderBook::Holds(const MemberId& member, const BulletinId& id) {
  if (const Holders known = Find(id)) return known->contains(member);
  const absl::StatusOr<std::vector<store::RecipientCursor>> cursors =
      store_.ReadRecipientCursors(id);
  if (absl::IsNotFound(cursors.status())) return false;
  RETURN_IF_ERROR(cursors.status());
  absl::flat_hash_set<MemberId> members;
  for (const store::RecipientCursor& each : *cursors) members.insert(each.member);
  const auto holders = std::make_shared<const absl::flat_hash_set<MemberId>>(std::move(members));
  Keep(id, holders);
  return holders->contains(member);
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
