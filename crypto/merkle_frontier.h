// A Merkle tree that only grows: what a log keeps in memory and on disk.
//
// The frontier is the at most 64 roots of the complete subtrees that make up the tree; appending
// needs nothing else. Append also hands out every node that just became complete, so that a store
// can keep them under (level, index) and later build proofs with the functions below
// without holding the leaves.
//
//   for (const MerkleNode& node : frontier.Append(leaf_hash)) batch.Put(node.level, node.index, …);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace shield {

// The root of the complete subtree of leaves [index * 2^level, (index + 1) * 2^level).
struct MerkleNode {
  uint32_t level;
  uint64_t index;
  Digest hash;
};

// Thread-compatible; copyable.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;

  uint64_t size() const { return size_; }
  Digest Root() const;

  // Adds a leaf hash. Returns the nodes now complete, the leaf itself (level 0) first.
  std::vector<MerkleNode> Append(const Digest& leaf);

  // u64be size, then the roots, largest subtree first.
  Bytes Serialise() const;
  // Nothing when `raw` is not what Serialise() gives.
  static std::optional<MerkleFrontier> Parse(ByteSpan raw);

 private:
  uint64_t size_ = 0;
  std::vector<Digest> roots_;  // largest subtree first; one per bit set in size_
};

// Reads a stored complete node.
using MerkleNodeReader = absl::FunctionRef<absl::StatusOr<Digest>(uint32_t level, uint64_t index)>;

// Root and proofs of the first `size` leaves, from stored nodes. `index` below `size`, `old_size`
// at most `new_size`; errors are the reader's. They agree with MerkleTree (crypto/merkle.h).
absl::StatusOr<Digest> StoredRoot(uint64_t size, MerkleNodeReader read);
absl::StatusOr<std::vector<Digest>> StoredInclusionPath(uint64_t index, uint64_t size,
                                                        MerkleNodeReader read);
// `indexes` strictly ascending, at least one, all below `size`; for VerifyBatch of crypto/merkle.h.
absl::StatusOr<std::vector<Digest>> StoredBatchPath(std::span<const uint64_t> indexes,
                                                    uint64_t size, MerkleNodeReader read);
absl::StatusOr<std::vector<Digest>> StoredConsistencyPath(uint64_t old_size, uint64_t new_size,
                                                          MerkleNodeReader read);

}  // namespace shield
