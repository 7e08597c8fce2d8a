#include "crypto/merkle.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

absl::Status NotIncluded(absl::string_view why) {
  return absl::DataLossError(absl::StrCat("inclusion proof refused: ", why));
}

absl::Status NotConsistent(absl::string_view why) {
  return absl::DataLossError(absl::StrCat("consistency proof refused: ", why));
}

// The size of the left part of a tree of `size` > 1 leaves: the largest power of two below it.
uint64_t LeftSize(uint64_t size) { return std::bit_floor(size - 1); }

// The level at which one hash covers `size` leaves from an aligned start on.
size_t LevelOf(uint64_t size) { return static_cast<size_t>(std::bit_width(size - 1)); }

// Two roots that grow together along a consistency path (RFC 9162, section 2.1.4.2).
struct GrowingRoots {
  Digest old_root;
  Digest new_root;
};

}  // namespace

Digest LeafHash(ByteSpan entry) {
  thread_local Sha256Hasher hasher;
  static constexpr uint8_t kLeaf[] = {0x00};
  hasher.Update(ByteSpan(kLeaf));
  hasher.Update(entry);
  return hasher.Finish();
}

Digest NodeHash(const Digest& left, const Digest& right) {
  std::array<uint8_t, 65> node;
  node[0] = 0x01;
  std::copy(left.bytes.begin(), left.bytes.end(), node.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(), node.begin() + 33);
  return Sha256(ByteSpan(node));
}

Digest EmptyRoot() { return Sha256(ByteSpan()); }

MerkleTree::MerkleTree(std::vector<Digest> leaf_hashes) {
  levels_.push_back(std::move(leaf_hashes));
  while (levels_.back().size() > 1) {
    const std::vector<Digest>& below = levels_.back();
    std::vector<Digest> level;
    level.reserve((below.size() + 1) / 2);
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      level.push_back(NodeHash(below[i], below[i + 1]));
    }
    if (below.size() % 2 == 1) level.push_back(below.back());
    levels_.push_back(std::move(level));
  }
}

Digest MerkleTree::Root() const {
  return levels_.front().empty() ? EmptyRoot() : levels_.back().front();
}

std::vector<Digest> MerkleTree::InclusionPath(uint64_t index) const {
  SHIELD_CHECK(index < size());
  std::vector<Digest> path;
  path.reserve(levels_.size() - 1);
  for (const std::vector<Digest>& level : levels_) {
    const uint64_t sibling = index ^ 1;
    if (sibling < level.size()) path.push_back(level[sibling]);
    index >>= 1;
  }
  return path;
}

std::vector<Digest> MerkleTree::ConsistencyPath(uint64_t old_size) const {
  SHIELD_CHECK(old_size <= size());
  std::vector<Digest> path;
  if (old_size == 0 || old_size == size()) return path;
  // RFC 6962, section 2.1.2: SUBPROOF, from the top down, of the leaves [start, start + length).
  const auto hash = [this](uint64_t start, uint64_t length) {
    const size_t level = LevelOf(length);
    return levels_[level][start >> level];
  };
  uint64_t start = 0;
  uint64_t length = size();
  uint64_t old_length = old_size;
  while (old_length < length) {
    const uint64_t left = LeftSize(length);
    if (old_length <= left) {
      path.push_back(hash(start + left, length - left));
      length = left;
    } else {
      path.push_back(hash(start, left));
      start += left;
      length -= left;
      old_length -= left;
    }
  }
  // The old tree itself is known to who checks, when nothing stands to its left.
  if (start != 0) path.push_back(hash(start, length));
  std::reverse(path.begin(), path.end());
  return path;
}

absl::Status VerifyInclusion(const Digest& leaf, uint64_t index, uint64_t size,
                             std::span<const Digest> path, const Digest& root) {
  if (index >= size) return NotIncluded("its index lies outside the tree");
  if (path.size() > kMaxMerklePath) return NotIncluded("it is too long");
  uint64_t node = index;
  uint64_t last = size - 1;
  Digest hash = leaf;
  for (const Digest& sibling : path) {
    if (last == 0) return NotIncluded("it is longer than the tree is high");
    if (node % 2 == 1 || node == last) {
      hash = NodeHash(sibling, hash);
      // A last node without sibling rose unchanged until it was a right child.
      while (node % 2 == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return NotIncluded("it is shorter than the tree is high");
  if (hash != root) return NotIncluded("it leads to another root");
  return absl::OkStatus();
}

namespace {

// The root that leaves and proof lead to, from the leaf at `start` on.
class BatchReader {
 public:
  BatchReader(std::span<const IndexedLeaf> leaves, std::span<const Digest> proof)
      : leaves_(leaves), proof_(proof) {}

  // Of `length` leaves. Nothing when the proof has too few hashes.
  std::optional<Digest> Root(uint64_t start, uint64_t length) {
    const bool empty = leaves_.empty() || leaves_.front().index - start >= length;
    if (empty) return TakeHash();
    if (length == 1) return TakeLeaf();
    const uint64_t left = LeftSize(length);
    const std::optional<Digest> left_root = Root(start, left);
    if (!left_root.has_value()) return std::nullopt;
    const std::optional<Digest> right_root = Root(start + left, length - left);
    if (!right_root.has_value()) return std::nullopt;
    return NodeHash(*left_root, *right_root);
  }
  bool Finished() const { return leaves_.empty() && proof_.empty(); }

 private:
  std::optional<Digest> TakeHash() {
    if (proof_.empty()) return std::nullopt;
    const Digest hash = proof_.front();
    proof_ = proof_.subspan(1);
    return hash;
  }
  Digest TakeLeaf() {
    const Digest hash = leaves_.front().hash;
    leaves_ = leaves_.subspan(1);
    return hash;
  }

  std::span<const IndexedLeaf> leaves_;  // that have not been taken: none below where it reads
  std::span<const Digest> proof_;
};

bool AscendsBelow(std::span<const IndexedLeaf> leaves, uint64_t size) {
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].index >= size) return false;
    if (i > 0 && leaves[i].index <= leaves[i - 1].index) return false;
  }
  return true;
}

}  // namespace

absl::Status VerifyBatch(std::span<const IndexedLeaf> leaves, uint64_t size,
                         std::span<const Digest> proof, const Digest& root) {
  if (leaves.empty() || leaves.size() > kMaxBatchLeaves) return NotIncluded("it is of no batch");
  if (!AscendsBelow(leaves, size)) return NotIncluded("an index lies outside the tree");
  BatchReader reader(leaves, proof);
  const std::optional<Digest> reached = reader.Root(0, size);
  if (!reached.has_value()) return NotIncluded("it is shorter than the batch asks");
  if (!reader.Finished()) return NotIncluded("it is longer than the batch asks");
  if (*reached != root) return NotIncluded("it leads to another root");
  return absl::OkStatus();
}

absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size, const Digest& old_root,
                               const Digest& new_root, std::span<const Digest> path) {
  if (old_size > new_size) return NotConsistent("the tree became smaller");
  if (path.size() > kMaxMerklePath) return NotConsistent("it is too long");
  if (old_size == 0 || old_size == new_size) {
    if (!path.empty()) return NotConsistent("it should be empty");
    if (old_size == 0 && old_root != EmptyRoot()) return NotConsistent("the empty root is wrong");
    if (old_size == new_size && old_root != new_root) return NotConsistent("two roots of one size");
    return absl::OkStatus();
  }
  // When the old tree is one complete subtree, its root is the first hash.
  const bool complete = std::has_single_bit(old_size);
  if (!complete && path.empty()) return NotConsistent("it is too short");
  uint64_t node = old_size - 1;
  uint64_t last = new_size - 1;
  while (node % 2 == 1) {
    node >>= 1;
    last >>= 1;
  }
  const Digest first = complete ? old_root : path.front();
  GrowingRoots grown{first, first};
  for (const Digest& sibling : path.subspan(complete ? 0 : 1)) {
    if (last == 0) return NotConsistent("it is too long");
    if (node % 2 == 1 || node == last) {
      grown.old_root = NodeHash(sibling, grown.old_root);
      grown.new_root = NodeHash(sibling, grown.new_root);
      while (node % 2 == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      grown.new_root = NodeHash(grown.new_root, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return NotConsistent("it is too short");
  if (grown.old_root != old_root) return NotConsistent("it leads to another old root");
  if (grown.new_root != new_root) return NotConsistent("it leads to another new root");
  return absl::OkStatus();
}

}  // namespace shield
