#include "policy/proof/log_tiles.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace shield {
namespace {

constexpr size_t kHashBytes = 32;
constexpr size_t kLengthBytes = 2;

// 1234067 -> "x001/x234/067".
std::string PathOfIndex(uint64_t index) {
  std::string path = absl::StrFormat("%03d", index % 1000);
  for (uint64_t rest = index / 1000; rest > 0; rest /= 1000) {
    path = absl::StrFormat("x%03d/%s", rest % 1000, path);
  }
  return path;
}

}  // namespace

std::string TilePath(const TileName& tile) {
  std::string path = absl::StrCat("tile/", tile.entries ? "entries" : absl::StrCat(tile.level), "/",
                                  PathOfIndex(tile.index));
  if (tile.width < kTileWidth) absl::StrAppend(&path, ".p/", tile.width);
  return path;
}

std::vector<TileName> TilesOf(uint64_t size) {
  std::vector<TileName> tiles;
  uint64_t hashes = size;  // complete nodes at the level
  for (uint32_t level = 0; hashes > 0; ++level, hashes /= kTileWidth) {
    for (uint64_t index = 0; index * kTileWidth < hashes; ++index) {
      const uint64_t rest = hashes - index * kTileWidth;
      const auto width = static_cast<uint32_t>(rest < kTileWidth ? rest : kTileWidth);
      tiles.push_back({level, index, width, false});
      if (level == 0) tiles.push_back({level, index, width, true});
    }
  }
  return tiles;
}

Bytes PackHashes(std::span<const Digest> hashes) {
  Bytes raw;
  raw.reserve(kHashBytes * hashes.size());
  for (const Digest& hash : hashes) Append(raw, hash.span());
  return raw;
}

std::optional<std::vector<Digest>> UnpackHashes(ByteSpan raw, size_t count) {
  if (raw.size() != kHashBytes * count) return std::nullopt;
  std::vector<Digest> hashes;
  hashes.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    hashes.push_back(*Digest::FromBytes(raw.subspan(kHashBytes * i, kHashBytes)));
  }
  return hashes;
}

Bytes PackEntries(std::span<const Bytes> entries) {
  Bytes raw;
  for (const Bytes& entry : entries) {
    raw.push_back(static_cast<uint8_t>(entry.size() >> 8));
    raw.push_back(static_cast<uint8_t>(entry.size()));
    Append(raw, entry);
  }
  return raw;
}

std::optional<std::vector<Bytes>> UnpackEntries(ByteSpan raw, size_t count) {
  std::vector<Bytes> entries;
  entries.reserve(count);
  while (!raw.empty()) {
    if (raw.size() < kLengthBytes || entries.size() == count) return std::nullopt;
    const size_t length = size_t{raw[0]} << 8 | raw[1];
    raw = raw.subspan(kLengthBytes);
    if (length > kMaxLogEntryBytes || length > raw.size()) return std::nullopt;
    entries.push_back(ToBytes(raw.first(length)));
    raw = raw.subspan(length);
  }
  if (entries.size() != count) return std::nullopt;
  return entries;
}

}  // namespace shield
