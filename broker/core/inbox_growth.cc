#include "broker/core/inbox_growth.h"

#include <algorithm>

#include "base/status.h"

namespace shield::broker {

InboxGrowth::InboxGrowth(store::Store& store) : store_(store), told_(store.last_commit()) {}

// Registered before the position is read: a commit in between raises the number itself.
absl::StatusOr<std::shared_ptr<const InboxLength>> InboxGrowth::Watch(const MemberId& member) {
  std::shared_ptr<InboxLength> length = Entry(member);
  ASSIGN_OR_RETURN(const store::InboxPosition position, store_.ReadPosition(member));
  length->RaiseTo(position.last_seq);
  return length;
}

std::shared_ptr<InboxLength> InboxGrowth::Entry(const MemberId& member) {
  MutexLock lock(mutex_);
  if (lengths_.size() >= sweep_at_) {
    absl::erase_if(lengths_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max<size_t>(64, 2 * lengths_.size());
  }
  std::weak_ptr<InboxLength>& known = lengths_[member];
  std::shared_ptr<InboxLength> length = known.lock();
  if (length == nullptr) {
    length = std::make_shared<InboxLength>();
    known = length;
  }
  return length;
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
  for (const store::InboxPlace& place : event.places) {
    const auto known = lengths_.find(place.member);
    if (known == lengths_.end()) continue;
    if (const auto length = known->second.lock()) length->RaiseTo(place.seq);
  }
}

}  // namespace shield::broker
