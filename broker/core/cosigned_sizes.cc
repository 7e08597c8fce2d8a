#include "broker/core/cosigned_sizes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace shield::broker {

bool CosignedSizes::Take(uint64_t size, const std::string& witness, const Cosigned& cosigned,
                         uint64_t quorum) {
  const auto [held, fresh] = sizes_[size].try_emplace(witness, cosigned);
  if (!fresh && held->second.time >= cosigned.time) return false;
  held->second = cosigned;
  if (fresh) MakeRoom(witness, quorum);
  // What had to go at once changed nothing.
  const auto kept = sizes_.find(size);
  return kept != sizes_.end() && kept->second.contains(witness);
}

// The smallest of this witness's own goes first, never the one that members are shown.
void CosignedSizes::MakeRoom(const std::string& witness, uint64_t quorum) {
  const uint64_t best = Best(quorum);
  size_t count = 0;
  auto smallest = sizes_.end();
  for (auto each = sizes_.begin(); each != sizes_.end(); ++each) {
    if (each->first == best || !each->second.contains(witness)) continue;
    if (count++ == 0) smallest = each;
  }
  if (count <= kSizesOfOne) return;
  smallest->second.erase(witness);
  if (smallest->second.empty()) sizes_.erase(smallest);
}

void CosignedSizes::Retain(const std::set<std::string>& witnesses) {
  for (auto each = sizes_.begin(); each != sizes_.end();) {
    for (auto by = each->second.begin(); by != each->second.end();) {
      by = witnesses.contains(by->first) ? std::next(by) : each->second.erase(by);
    }
    each = each->second.empty() ? sizes_.erase(each) : std::next(each);
  }
}

uint64_t CosignedSizes::Best(uint64_t quorum) const {
  uint64_t best = 0;
  size_t most = 0;
  for (const auto& [size, cosigned] : sizes_) {
    const size_t counted = std::min<size_t>(cosigned.size(), std::max<uint64_t>(quorum, 1));
    if (counted < most) continue;
    best = size;
    most = counted;
  }
  return best;
}

// What is behind a quorum is nobody's business any more.
uint64_t CosignedSizes::Open(uint64_t quorum) const {
  uint64_t open = 0;
  size_t most = 0;
  for (const auto& [size, cosigned] : sizes_) {
    if (cosigned.size() >= std::max<uint64_t>(quorum, 1)) {
      open = most = 0;
    } else if (cosigned.size() > most) {
      open = size;
      most = cosigned.size();
    }
  }
  return open;
}

std::string CosignedSizes::LinesOf(uint64_t size) const {
  std::string lines;
  const auto found = sizes_.find(size);
  if (found == sizes_.end()) return lines;
  for (const auto& [witness, cosigned] : found->second) {
    absl::StrAppend(&lines, PrintSignatureLine(cosigned.line));
  }
  return lines;
}

}  // namespace shield::broker
