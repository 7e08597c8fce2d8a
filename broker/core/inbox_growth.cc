#include "broker/core/inbox_growth.h"

#include <algorithm>

#include "base/status.h"

namespace shield::broker {

InboxGrowth::InboxGrowth(store::Store& store) : store_(store), told_(store.last_commit()) {}

// Registered before the position is read: a commit in between raises the number itself.
absl::StatusOr<std::shared_ptr<WatchedInbox>> InboxGrowth::Watch(const MemberId& member) {
  std::shared_ptr<WatchedInbox> inbox = Entry(member);
  ASSIGN_OR_RETURN(const store::InboxPosition position, store_.ReadPosition(member));
  inbox->RaiseTo(position.last_seq);
  return inbox;
}

std::shared_ptr<WatchedInbox> InboxGrowth::Entry(const MemberId& member) {
  MutexLock lock(mutex_);
  if (watched_.size() >= sweep_at_) {
    absl::erase_if(watched_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max<size_t>(64, 2 * watched_.size());
  }
  std::weak_ptr<WatchedInbox>& known = watched_[member];
  std::shared_ptr<WatchedInbox> inbox = known.lock();
  if (inbox == nullptr) {
    inbox = std::make_shared<WatchedInbox>();
    known = inbox;
  }
  return inbox;
}

absl::StatusOr<bool> InboxGrowth::CatchUp(BulletinShelf& shelf) {
  bool news = false;
  while (told_ < store_.last_commit()) {
    ASSIGN_OR_RETURN(const auto events, store_.ReadCommits(told_, kMaxCommitsPerRead));
    if (events.empty()) return news;
    for (const auto& event : events) {
      news = news || event->kind != store::CommitKind::kReceipt;
      shelf.Forget(event->ended);
      Tell(*event);
      told_ = event->commit;
    }
  }
  return news;
}

void InboxGrowth::Tell(const store::CommitEvent& event) {
  MutexLock lock(mutex_);
  for (size_t leaf = 0; leaf < event.places.size(); ++leaf) {
    const store::InboxPlace& place = event.places[leaf];
    const auto known = watched_.find(place.member);
    if (known == watched_.end()) continue;
    const auto inbox = known->second.lock();
    if (inbox == nullptr) continue;
    if (place.chain_hash.has_value()) {
      inbox->tail().Append({place.seq, *event.id, static_cast<uint32_t>(leaf), *place.chain_hash});
    }
    // Last: who sees the number finds the entry.
    inbox->RaiseTo(place.seq);
  }
}

}  // namespace shield::broker
