#include "broker/core/inbox_tail.h"

#include <algorithm>
#include <cstddef>

namespace shield::broker {
namespace {

constexpr size_t kCapacityKept = 4;

}  // namespace

void InboxTail::Append(const TailEntry& entry) {
  MutexLock lock(mutex_);
  if (!entries_.empty() && entry.seq != entries_.back().seq + 1) entries_.clear();
  // Half of them at once: the committing thread does this for every reader who has fallen behind.
  if (entries_.size() == kMaxEntries) {
    entries_.erase(entries_.begin(), entries_.begin() + kMaxEntries / 2);
  }
  entries_.push_back(entry);
}

std::vector<TailEntry> InboxTail::After(uint64_t after, size_t max) const {
  MutexLock lock(mutex_);
  if (entries_.empty() || after + 1 < entries_.front().seq || after >= entries_.back().seq) {
    return {};
  }
  const auto skip = static_cast<size_t>(after + 1 - entries_.front().seq);
  const size_t count = std::min(max, entries_.size() - skip);
  const auto first = entries_.begin() + static_cast<std::ptrdiff_t>(skip);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

void InboxTail::DropThrough(uint64_t seq) {
  MutexLock lock(mutex_);
  const auto kept = std::find_if(entries_.begin(), entries_.end(),
                                 [seq](const TailEntry& entry) { return entry.seq > seq; });
  entries_.erase(entries_.begin(), kept);
  // After a burst: ten thousand readers follow, and few of them are ever behind.
  if (entries_.empty() && entries_.capacity() > kCapacityKept) entries_.shrink_to_fit();
}

}  // namespace shield::broker
