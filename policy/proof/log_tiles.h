// The log cut into files, as C2SP tlog-tiles lays it out, so that stock tools can read it.
//
//   TilePath({.level = 0, .index = 1234067, .width = 256})   "tile/0/x001/x234/067"
//   TilePath({.level = 1, .index = 0, .width = 17})          "tile/1/000.p/17"
//
// A tile of level l holds up to 256 roots of complete subtrees of 256^l leaves, 32 bytes each; at
// level 0 the leaf hashes. An entry bundle holds what the hashes of its tile of level 0 are the
// hashes of, each after its length in two bytes. Specification: docs/spec/log.md, "Tiles".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace shield {

inline constexpr uint32_t kTileWidth = 256;
inline constexpr uint32_t kTileHeight = 8;    // levels of the tree in a tile
inline constexpr uint32_t kMaxTileLevel = 7;  // of a tree of 2^63 leaves
inline constexpr size_t kMaxLogEntryBytes = 128;

struct TileName {
  uint32_t level = 0;
  uint64_t index = 0;
  uint32_t width = kTileWidth;  // 1 to kTileWidth; below, a partial tile
  bool entries = false;         // the entry bundle instead of the tile of level 0

  friend bool operator==(const TileName&, const TileName&) = default;
};

// Below the log's prefix, with `/`.
std::string TilePath(const TileName& tile);

// All tiles and bundles of a log of `size` leaves, partial ones last of their level.
std::vector<TileName> TilesOf(uint64_t size);

Bytes PackHashes(std::span<const Digest> hashes);
// Nothing unless `raw` is `count` hashes.
std::optional<std::vector<Digest>> UnpackHashes(ByteSpan raw, size_t count);

// Entries of at most kMaxLogEntryBytes.
Bytes PackEntries(std::span<const Bytes> entries);
// Nothing unless `raw` is `count` such entries.
std::optional<std::vector<Bytes>> UnpackEntries(ByteSpan raw, size_t count);

}  // namespace shield
