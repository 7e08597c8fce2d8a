#include "crypto/merkle_frontier.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/check.h"
#include "base/status.h"
#include "crypto/merkle.h"

namespace shield {
namespace {

// Leaves [start, start + length), start a multiple of the power of two at or above length.
struct Range {
  uint64_t start;
  uint64_t length;
};

std::pair<Range, Range> Split(Range range) {
  const uint64_t left = std::bit_floor(range.length - 1);
  return {{range.start, left}, {range.start + left, range.length - left}};
}

absl::StatusOr<Digest> HashOf(Range range, MerkleNodeReader read) {
  if (std::has_single_bit(range.length)) {
    const auto level = static_cast<uint32_t>(std::countr_zero(range.length));
    return read(level, range.start >> level);
  }
  const auto [left, right] = Split(range);
  ASSIGN_OR_RETURN(const Digest left_hash, HashOf(left, read));
  ASSIGN_OR_RETURN(const Digest right_hash, HashOf(right, read));
  return NodeHash(left_hash, right_hash);
}

// The subtrees of `range` in which none of `indexes`, all within it, stands.
absl::Status AppendBatch(Range range, std::span<const uint64_t> indexes, MerkleNodeReader read,
                         std::vector<Digest>& path) {
  if (indexes.empty()) {
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(range, read));
    return absl::OkStatus();
  }
  if (range.length == 1) return absl::OkStatus();
  const std::pair<Range, Range> halves = Split(range);
  const auto middle = std::lower_bound(indexes.begin(), indexes.end(), halves.second.start);
  const auto left = static_cast<size_t>(middle - indexes.begin());
  RETURN_IF_ERROR(AppendBatch(halves.first, indexes.first(left), read, path));
  return AppendBatch(halves.second, indexes.subspan(left), read, path);
}

}  // namespace

Digest MerkleFrontier::Root() const {
  if (roots_.empty()) return EmptyRoot();
  Digest root = roots_.back();
  for (size_t i = roots_.size() - 1; i > 0; --i) root = NodeHash(roots_[i - 1], root);
  return root;
}

std::vector<MerkleNode> MerkleFrontier::Append(const Digest& leaf) {
  std::vector<MerkleNode> complete = {{0, size_, leaf}};
  // Every trailing one bit of the size is a complete subtree that the new one joins.
  for (uint64_t rest = size_; rest % 2 == 1; rest >>= 1) {
    const MerkleNode& last = complete.back();
    complete.push_back({last.level + 1, last.index >> 1, NodeHash(roots_.back(), last.hash)});
    roots_.pop_back();
  }
  roots_.push_back(complete.back().hash);
  ++size_;
  return complete;
}

Bytes MerkleFrontier::Serialise() const {
  Bytes raw;
  AppendU64(raw, size_);
  for (const Digest& root : roots_) shield::Append(raw, root.span());
  return raw;
}

std::optional<MerkleFrontier> MerkleFrontier::Parse(ByteSpan raw) {
  if (raw.size() < 8) return std::nullopt;
  MerkleFrontier frontier;
  frontier.size_ = ReadU64(raw);
  const auto count = static_cast<size_t>(std::popcount(frontier.size_));
  if (raw.size() != 8 + 32 * count) return std::nullopt;
  for (size_t i = 0; i < count; ++i) {
    frontier.roots_.push_back(*Digest::FromBytes(raw.subspan(8 + 32 * i, 32)));
  }
  return frontier;
}

absl::StatusOr<Digest> StoredRoot(uint64_t size, MerkleNodeReader read) {
  if (size == 0) return EmptyRoot();
  return HashOf({0, size}, read);
}

absl::StatusOr<std::vector<Digest>> StoredInclusionPath(uint64_t index, uint64_t size,
                                                        MerkleNodeReader read) {
  SHIELD_CHECK(index < size);
  std::vector<Digest> path;
  Range range{0, size};
  while (range.length > 1) {
    const auto [left, right] = Split(range);
    const bool goes_left = index < right.start;
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(goes_left ? right : left, read));
    range = goes_left ? left : right;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

absl::StatusOr<std::vector<Digest>> StoredBatchPath(std::span<const uint64_t> indexes,
                                                    uint64_t size, MerkleNodeReader read) {
  SHIELD_CHECK(!indexes.empty() && indexes.back() < size);
  std::vector<Digest> path;
  RETURN_IF_ERROR(AppendBatch({0, size}, indexes, read, path));
  return path;
}

absl::StatusOr<std::vector<Digest>> StoredConsistencyPath(uint64_t old_size, uint64_t new_size,
                                                          MerkleNodeReader read) {
  SHIELD_CHECK(old_size <= new_size);
  std::vector<Digest> path;
  if (old_size == 0 || old_size == new_size) return path;
  Range range{0, new_size};
  while (range.start + range.length > old_size) {
    const auto [left, right] = Split(range);
    const bool goes_left = old_size <= right.start;
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(goes_left ? right : left, read));
    range = goes_left ? left : right;
  }
  if (range.start != 0) {
    ASSIGN_OR_RETURN(path.emplace_back(), HashOf(range, read));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace shield
