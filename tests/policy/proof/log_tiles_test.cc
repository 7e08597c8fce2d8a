#include "policy/proof/log_tiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/sha256.h"

namespace shield {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

// The examples of C2SP tlog-tiles, "Merkle Tree".
TEST(LogTiles, AreNamedAsTheStandardNamesThem) {
  EXPECT_EQ(TilePath({0, 1'234'067}), "tile/0/x001/x234/067");
  EXPECT_EQ(TilePath({0, 0}), "tile/0/000");
  EXPECT_EQ(TilePath({1, 999}), "tile/1/999");
  EXPECT_EQ(TilePath({1, 1000}), "tile/1/x001/000");
  EXPECT_EQ(TilePath({2, 0, 17}), "tile/2/000.p/17");
  EXPECT_EQ(TilePath({0, 273, 112, true}), "tile/entries/273.p/112");
}

size_t Count(const std::vector<TileName>& tiles, uint32_t level, bool full) {
  return static_cast<size_t>(
      std::count_if(tiles.begin(), tiles.end(), [level, full](const TileName& tile) {
        return !tile.entries && tile.level == level && (tile.width == kTileWidth) == full;
      }));
}

// "a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of
// width 112, one full level 1 tile, one partial level 1 tile of width 17, and one partial level 2
// tile of width 1. Note that a tree of size 256 …"
TEST(LogTiles, AreThoseThatTheStandardCountsForATree) {
  const std::vector<TileName> tiles = TilesOf(70'000);
  EXPECT_EQ(Count(tiles, 0, true), 273u);
  EXPECT_EQ(Count(tiles, 0, false), 1u);
  EXPECT_THAT(tiles, Contains(TileName{0, 273, 112}));
  EXPECT_THAT(tiles, Contains(TileName{0, 273, 112, true}));
  EXPECT_EQ(Count(tiles, 1, true), 1u);
  EXPECT_THAT(tiles, Contains(TileName{1, 1, 17}));
  EXPECT_THAT(tiles, Contains(TileName{2, 0, 1}));
  EXPECT_EQ(tiles.size(), 2 * 274u + 2 + 1);
  EXPECT_THAT(TilesOf(256),
              ElementsAre(TileName{0, 0}, TileName{0, 0, kTileWidth, true}, TileName{1, 0, 1}));
  EXPECT_TRUE(TilesOf(0).empty());
}

TEST(LogTiles, EntriesStandAfterTheirLengthInTwoBytes) {
  const std::vector<Bytes> entries = {Bytes(3, 7), Bytes(), Bytes(kMaxLogEntryBytes, 9)};
  const Bytes raw = PackEntries(entries);
  EXPECT_EQ(raw.size(), 3 * 2 + 3 + kMaxLogEntryBytes);
  EXPECT_EQ(Bytes(raw.begin(), raw.begin() + 5), Bytes({0, 3, 7, 7, 7}));
  EXPECT_EQ(*UnpackEntries(raw, 3), entries);
}

TEST(LogTiles, WhatIsNoTileIsRefused) {
  const std::vector<Digest> hashes = {Sha256("a"), Sha256("b")};
  const Bytes tile = PackHashes(hashes);
  EXPECT_EQ(*UnpackHashes(tile, 2), hashes);
  EXPECT_FALSE(UnpackHashes(tile, 1).has_value());
  EXPECT_FALSE(UnpackHashes(ByteSpan(tile).first(63), 2).has_value());
  const Bytes bundle = PackEntries(std::vector<Bytes>{Bytes(3, 7), Bytes(2, 8)});
  for (size_t length = 0; length < bundle.size(); ++length) {
    EXPECT_FALSE(UnpackEntries(ByteSpan(bundle).first(length), 2).has_value()) << length;
  }
  EXPECT_FALSE(UnpackEntries(bundle, 1).has_value());
  EXPECT_FALSE(UnpackEntries(bundle, 3).has_value());
  const Bytes long_entry = PackEntries(std::vector<Bytes>{Bytes(kMaxLogEntryBytes + 1, 7)});
  EXPECT_FALSE(UnpackEntries(long_entry, 1).has_value());
}

}  // namespace
}  // namespace shield
