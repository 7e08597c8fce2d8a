#include "client/receive/unnoted_handings.h"

namespace shield {

std::optional<UnnotedHandings::Handed> UnnotedHandings::Find(ByteSpan key) const {
  const auto found = handed_.find(ToString(key));
  if (found == handed_.end()) return std::nullopt;
  return found->second;
}

bool UnnotedHandings::Keep(ByteSpan key, const Handed& handed) {
  if (full() && !Find(key).has_value()) return false;
  handed_.insert_or_assign(ToString(key), handed);
  return true;
}

void UnnotedHandings::Forget(ByteSpan key) { handed_.erase(ToString(key)); }

}  // namespace shield
