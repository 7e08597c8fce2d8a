// RFC 6962 Merkle trees: the directory, the recipients of a bulletin and the log are such trees.
//
//   leaf   = SHA-256(00 || entry)          node = SHA-256(01 || left || right)
//   root of nothing = SHA-256 of nothing
//
// A proof is a list of hashes, lowest first, at most kMaxMerklePath long. Inclusion proofs show
// that a leaf hash stands at an index of a tree; consistency proofs show that a tree is the
// beginning of a larger one (RFC 9162, section 2.1, has the checks). A batch proof shows many
// leaves of one tree at once: the roots of the largest subtrees in which none of them stands, from
// left to right (docs/spec/log.md, "Batch proofs").
//
//   MerkleTree tree(leaf_hashes);
//   Status status = VerifyInclusion(leaf, 3, tree.size(), tree.InclusionPath(3), tree.Root());
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace shield {

// A tree of 2^63 leaves has no longer path, and a consistency path is at most one longer.
inline constexpr size_t kMaxMerklePath = 64;

// Leaves of one batch proof. In a tree of 2^40 leaves such a proof has 4,351 hashes at most.
inline constexpr size_t kMaxBatchLeaves = 128;

struct IndexedLeaf {
  uint64_t index = 0;
  Digest hash = {};  // leaf hash
};

Digest LeafHash(ByteSpan entry);
Digest NodeHash(const Digest& left, const Digest& right);
Digest EmptyRoot();

// A whole tree in memory, about 64 bytes a leaf. Immutable.
class MerkleTree {
 public:
  explicit MerkleTree(std::vector<Digest> leaf_hashes);

  uint64_t size() const { return levels_.front().size(); }
  Digest Root() const;

  // `index` below size().
  std::vector<Digest> InclusionPath(uint64_t index) const;

  // The root of the complete subtree of leaves [index * 2^level, (index + 1) * 2^level), all of
  // them in the tree: what StoredBatchPath of crypto/merkle_frontier.h reads.
  Digest Node(uint32_t level, uint64_t index) const { return levels_[level][index]; }

  // That the first `old_size` leaves are the tree of that size; `old_size` at most size(). Empty
  // for 0 and for size().
  std::vector<Digest> ConsistencyPath(uint64_t old_size) const;

 private:
  // levels_[0] are the leaves; an odd last hash rises unchanged, which gives RFC 6962's shape.
  std::vector<std::vector<Digest>> levels_;
};

// OK when `leaf` (a leaf hash) stands at `index` of the tree of `size` leaves with `root`.
// DATA_LOSS otherwise.
absl::Status VerifyInclusion(const Digest& leaf, uint64_t index, uint64_t size,
                             std::span<const Digest> path, const Digest& root);

// OK when each of `leaves`, strictly ascending by index, stands at its index of the tree of `size`
// leaves with `root`. DATA_LOSS otherwise. The proof is StoredBatchPath of
// crypto/merkle_frontier.h.
absl::Status VerifyBatch(std::span<const IndexedLeaf> leaves, uint64_t size,
                         std::span<const Digest> proof, const Digest& root);

// OK when the tree of `old_size` leaves with `old_root` is the beginning of the other one.
// DATA_LOSS otherwise. A tree of no leaves is the beginning of every tree.
absl::Status VerifyConsistency(uint64_t old_size, uint64_t new_size, const Digest& old_root,
                               const Digest& new_root, std::span<const Digest> path);

}  // namespace shield
