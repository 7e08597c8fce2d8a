#include "crypto/merkle.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <string>

#include "base/hex.h"
#include "crypto/merkle_frontier.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

constexpr uint64_t kLargest = 64;

std::string Hex(const Digest& digest) { return HexEncode(digest.span()); }

std::vector<Digest> Leaves(uint64_t count) {
  std::vector<Digest> leaves;
  for (uint64_t i = 0; i < count; ++i)
    leaves.push_back(LeafHash(AsBytes("entry " + std::to_string(i))));
  return leaves;
}

// RFC 6962, section 2.1, word by word.
Digest ModelRoot(std::span<const Digest> leaves) {
  if (leaves.empty()) return Sha256(ByteSpan());
  if (leaves.size() == 1) return leaves[0];
  const size_t k = std::bit_floor(leaves.size() - 1);
  return NodeHash(ModelRoot(leaves.first(k)), ModelRoot(leaves.subspan(k)));
}

// RFC 6962, section 2.1.1.
std::vector<Digest> ModelPath(uint64_t m, std::span<const Digest> leaves) {
  if (leaves.size() == 1) return {};
  const size_t k = std::bit_floor(leaves.size() - 1);
  const bool left = m < k;
  std::vector<Digest> path =
      left ? ModelPath(m, leaves.first(k)) : ModelPath(m - k, leaves.subspan(k));
  path.push_back(ModelRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

// RFC 6962, section 2.1.2.
std::vector<Digest> ModelSubproof(uint64_t m, std::span<const Digest> leaves, bool known) {
  if (m == leaves.size()) return known ? std::vector<Digest>() : std::vector{ModelRoot(leaves)};
  const size_t k = std::bit_floor(leaves.size() - 1);
  const bool left = m <= k;
  std::vector<Digest> path = left ? ModelSubproof(m, leaves.first(k), known)
                                  : ModelSubproof(m - k, leaves.subspan(k), false);
  path.push_back(ModelRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

// Calls `check` with every path that differs from `path` by one flipped bit in one hash, one hash
// left out, one doubled, one added at the end.
template <typename Check>
void ForEachMutation(const std::vector<Digest>& path, Check check) {
  for (size_t i = 0; i < path.size(); ++i) {
    std::vector<Digest> flipped = path;
    flipped[i].bytes[i % 32] ^= 0x10;
    check(flipped);
    std::vector<Digest> shorter = path;
    shorter.erase(shorter.begin() + static_cast<ptrdiff_t>(i));
    check(shorter);
    std::vector<Digest> longer = path;
    longer.insert(longer.begin() + static_cast<ptrdiff_t>(i), path[i]);
    check(longer);
  }
  std::vector<Digest> longer = path;
  longer.push_back(EmptyRoot());
  check(longer);
}

TEST(Merkle, GivesTheRootsOfTheCertificateTransparencyVectors) {
  const std::vector<std::string> entries = {"",
                                            "00",
                                            "10",
                                            "2021",
                                            "3031",
                                            "40414243",
                                            "5051525354555657",
                                            "606162636465666768696a6b6c6d6e6f"};
  const std::vector<std::string> roots = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Digest> leaves;
  MerkleFrontier frontier;
  for (size_t size = 0; size < roots.size(); ++size) {
    EXPECT_EQ(Hex(MerkleTree(leaves).Root()), roots[size]);
    EXPECT_EQ(Hex(frontier.Root()), roots[size]);
    if (size == entries.size()) break;
    leaves.push_back(LeafHash(*HexDecode(entries[size])));
    frontier.Append(leaves.back());
  }
}

TEST(Merkle, PathsAreThoseOfTheStandard) {
  const std::vector<Digest> leaves = Leaves(kLargest);
  for (uint64_t size = 1; size <= kLargest; ++size) {
    const std::span<const Digest> part = std::span(leaves).first(size);
    const MerkleTree tree({part.begin(), part.end()});
    EXPECT_EQ(tree.Root(), ModelRoot(part));
    for (uint64_t i = 0; i < size; ++i) EXPECT_EQ(tree.InclusionPath(i), ModelPath(i, part));
    for (uint64_t old = 1; old <= size; ++old) {
      EXPECT_EQ(tree.ConsistencyPath(old), ModelSubproof(old, part, true)) << old << " of " << size;
    }
  }
}

TEST(Merkle, EveryInclusionPathHoldsAndNoMutationDoes) {
  for (uint64_t size = 1; size <= kLargest; ++size) {
    const std::vector<Digest> leaves = Leaves(size);
    const MerkleTree tree(leaves);
    for (uint64_t i = 0; i < size; ++i) {
      const std::vector<Digest> path = tree.InclusionPath(i);
      ASSERT_TRUE(VerifyInclusion(leaves[i], i, size, path, tree.Root()).ok()) << i << "/" << size;
      ForEachMutation(path, [&](const std::vector<Digest>& mutated) {
        EXPECT_FALSE(VerifyInclusion(leaves[i], i, size, mutated, tree.Root()).ok());
      });
      for (uint64_t other = 0; other <= size; ++other) {
        if (other == i) continue;
        EXPECT_FALSE(VerifyInclusion(leaves[i], other, size, path, tree.Root()).ok());
      }
      Digest wrong_leaf = leaves[i];
      wrong_leaf.bytes[0] ^= 1;
      EXPECT_FALSE(VerifyInclusion(wrong_leaf, i, size, path, tree.Root()).ok());
    }
  }
}

TEST(Merkle, EveryConsistencyPathHoldsAndNoMutationDoes) {
  const std::vector<Digest> leaves = Leaves(kLargest);
  std::vector<Digest> roots;
  for (uint64_t size = 0; size <= kLargest; ++size) {
    roots.push_back(ModelRoot(std::span(leaves).first(size)));
  }
  for (uint64_t size = 1; size <= kLargest; ++size) {
    const MerkleTree tree({leaves.begin(), leaves.begin() + static_cast<ptrdiff_t>(size)});
    for (uint64_t old = 0; old <= size; ++old) {
      const std::vector<Digest> path = tree.ConsistencyPath(old);
      ASSERT_TRUE(VerifyConsistency(old, size, roots[old], roots[size], path).ok())
          << old << " of " << size;
      ForEachMutation(path, [&](const std::vector<Digest>& mutated) {
        EXPECT_FALSE(VerifyConsistency(old, size, roots[old], roots[size], mutated).ok());
      });
      Digest wrong = roots[old];
      wrong.bytes[31] ^= 1;
      EXPECT_FALSE(VerifyConsistency(old, size, wrong, roots[size], path).ok());
      if (old == 0) continue;
      wrong = roots[size];
      wrong.bytes[31] ^= 1;
      EXPECT_FALSE(VerifyConsistency(old, size, roots[old], wrong, path).ok());
      if (old < size) {
        EXPECT_FALSE(VerifyConsistency(size, old, roots[size], roots[old], path).ok());
      }
    }
  }
}

TEST(Merkle, RefusesAPathLongerThanAnyTree) {
  const std::vector<Digest> path(kMaxMerklePath + 1);
  EXPECT_FALSE(VerifyInclusion(EmptyRoot(), 0, uint64_t{1} << 63, path, EmptyRoot()).ok());
  EXPECT_FALSE(VerifyConsistency(3, uint64_t{1} << 63, EmptyRoot(), EmptyRoot(), path).ok());
  EXPECT_FALSE(VerifyInclusion(EmptyRoot(), 0, 0, {}, EmptyRoot()).ok());
}

TEST(MerkleFrontier, StoredNodesGiveTheSameRootsAndPathsAsTheWholeTree) {
  std::map<std::pair<uint32_t, uint64_t>, Digest> stored;
  const auto read = [&stored](uint32_t level, uint64_t index) -> absl::StatusOr<Digest> {
    const auto found = stored.find({level, index});
    if (found == stored.end()) return absl::NotFoundError("no such node");
    return found->second;
  };
  const std::vector<Digest> leaves = Leaves(kLargest);
  MerkleFrontier frontier;
  for (uint64_t size = 1; size <= kLargest; ++size) {
    for (const MerkleNode& node : frontier.Append(leaves[size - 1])) {
      EXPECT_TRUE(stored.emplace(std::pair(node.level, node.index), node.hash).second);
    }
    const MerkleTree tree({leaves.begin(), leaves.begin() + static_cast<ptrdiff_t>(size)});
    EXPECT_EQ(frontier.Root(), tree.Root());
    EXPECT_EQ(*StoredRoot(size, read), tree.Root());
    for (uint64_t i = 0; i < size; ++i) {
      EXPECT_EQ(*StoredInclusionPath(i, size, read), tree.InclusionPath(i));
    }
    for (uint64_t old = 0; old <= size; ++old) {
      EXPECT_EQ(*StoredConsistencyPath(old, size, read), tree.ConsistencyPath(old));
    }
  }
}

// The whole tree as a reader of complete nodes.
auto NodesOf(const MerkleTree& tree) {
  return [&tree](uint32_t level, uint64_t index) -> absl::StatusOr<Digest> {
    return tree.Node(level, index);
  };
}

std::vector<IndexedLeaf> At(const std::vector<uint64_t>& indexes,
                            const std::vector<Digest>& leaves) {
  std::vector<IndexedLeaf> batch;
  batch.reserve(indexes.size());
  for (const uint64_t index : indexes) batch.push_back({index, leaves[index]});
  return batch;
}

TEST(Merkle, EveryBatchOfASmallTreeHoldsAndNoMutationDoes) {
  constexpr uint64_t kSmall = 9;
  const std::vector<Digest> all = Leaves(kSmall);
  for (uint64_t size = 1; size <= kSmall; ++size) {
    const std::vector<Digest> leaves(all.begin(), all.begin() + static_cast<ptrdiff_t>(size));
    const MerkleTree tree(leaves);
    for (uint64_t chosen = 1; chosen < uint64_t{1} << size; ++chosen) {
      std::vector<uint64_t> indexes;
      for (uint64_t i = 0; i < size; ++i) {
        if ((chosen >> i & 1) != 0) indexes.push_back(i);
      }
      const auto path = StoredBatchPath(indexes, size, NodesOf(tree));
      const std::vector<IndexedLeaf> batch = At(indexes, leaves);
      ASSERT_TRUE(VerifyBatch(batch, size, *path, tree.Root()).ok()) << chosen << " of " << size;
      ForEachMutation(*path, [&](const std::vector<Digest>& mutated) {
        EXPECT_FALSE(VerifyBatch(batch, size, mutated, tree.Root()).ok());
      });
      for (size_t i = 0; i < batch.size(); ++i) {
        std::vector<IndexedLeaf> wrong = batch;
        wrong[i].hash.bytes[7] ^= 1;
        EXPECT_FALSE(VerifyBatch(wrong, size, *path, tree.Root()).ok());
        wrong = batch;
        ++wrong[i].index;
        EXPECT_FALSE(VerifyBatch(wrong, size, *path, tree.Root()).ok());
      }
    }
  }
}

TEST(Merkle, ABatchOfOneIsAnInclusionProofAndOneOfAllIsEmpty) {
  const std::vector<Digest> leaves = Leaves(kLargest);
  const MerkleTree tree(leaves);
  std::vector<uint64_t> all;
  for (uint64_t i = 0; i < kLargest; ++i) {
    all.push_back(i);
    const std::vector<uint64_t> one = {i};
    EXPECT_EQ(StoredBatchPath(one, kLargest, NodesOf(tree))->size(), tree.InclusionPath(i).size());
  }
  EXPECT_TRUE(StoredBatchPath(all, kLargest, NodesOf(tree))->empty());
  EXPECT_TRUE(VerifyBatch(At(all, leaves), kLargest, {}, tree.Root()).ok());
}

TEST(Merkle, ABatchOutOfFormIsRefused) {
  const std::vector<Digest> leaves = Leaves(kMaxBatchLeaves + 1);
  const MerkleTree tree(leaves);
  std::vector<uint64_t> all;
  for (uint64_t i = 0; i < leaves.size(); ++i) all.push_back(i);
  EXPECT_FALSE(VerifyBatch(At(all, leaves), leaves.size(), {}, tree.Root()).ok());
  EXPECT_FALSE(VerifyBatch({}, leaves.size(), {{tree.Root()}}, tree.Root()).ok());
  const std::vector<IndexedLeaf> twice = {{0, leaves[0]}, {0, leaves[0]}};
  EXPECT_FALSE(VerifyBatch(twice, 2, {}, NodeHash(leaves[0], leaves[0])).ok());
  const std::vector<IndexedLeaf> outside = {{2, leaves[2]}};
  EXPECT_FALSE(VerifyBatch(outside, 2, {{leaves[0]}}, leaves[2]).ok());
  EXPECT_FALSE(VerifyBatch(outside, 0, {}, leaves[2]).ok());
  const std::vector<Digest> path(64);
  EXPECT_FALSE(VerifyBatch(outside, uint64_t{1} << 63, path, EmptyRoot()).ok());
}

TEST(MerkleFrontier, SurvivesBeingWrittenDown) {
  MerkleFrontier frontier;
  for (const Digest& leaf : Leaves(13)) {
    frontier.Append(leaf);
    std::optional<MerkleFrontier> read = MerkleFrontier::Parse(frontier.Serialise());
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->size(), frontier.size());
    EXPECT_EQ(read->Root(), frontier.Root());
  }
  Bytes raw = frontier.Serialise();
  raw.push_back(0);
  EXPECT_FALSE(MerkleFrontier::Parse(raw).has_value());
  EXPECT_FALSE(MerkleFrontier::Parse(ByteSpan(raw).first(7)).has_value());
  EXPECT_FALSE(MerkleFrontier::Parse(ByteSpan(raw).first(raw.size() - 2)).has_value());
}

}  // namespace
}  // namespace shield
