#include "policy/seal_key.h"

#include <algorithm>

namespace shield {

bool CanBeSealedTo(const Directory& directory, const MemberId& member, absl::Time at) {
  const absl::Time then = std::max(at, directory.note().issued);
  return directory.ActiveKey(member, KeyUse::kSeal, then) != nullptr;
}

}  // namespace shield
