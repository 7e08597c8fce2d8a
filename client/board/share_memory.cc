#include "client/board/share_memory.h"

#include <utility>

namespace shield {

void ShareMemory::Begin(const BulletinId& bulletin, uint64_t directory_version) {
  if (bulletin_ != bulletin) asked_.clear();
  if (directory_version_ != directory_version) {
    std::erase_if(asked_, [](const auto& each) {
      return !each.second.has_value() || !each.second->fault.empty();
    });
  }
  bulletin_ = bulletin;
  directory_version_ = directory_version;
}

void ShareMemory::Note(const BulletinId& share, std::optional<KnownShare> found) {
  asked_.insert_or_assign(share, std::move(found));
}

std::map<BulletinId, KnownShare> ShareMemory::Found() const {
  std::map<BulletinId, KnownShare> found;
  for (const auto& [id, share] : asked_) {
    if (share.has_value()) found.emplace(id, *share);
  }
  return found;
}

}  // namespace shield
