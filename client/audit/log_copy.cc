#include "client/audit/log_copy.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/home/private_file.h"
#include "client/receive/fetch_bytes.h"
#include "crypto/merkle.h"
#include "crypto/merkle_frontier.h"

namespace shield {
namespace {

absl::Status Alarm(absl::string_view rule, absl::string_view sentence) {
  return WithHint(WithRule(absl::DataLossError(absl::StrCat("log refused: ", sentence)), rule),
                  "the broker lost data or is cheating: tell the authority");
}

absl::Status IsNoTile(const TileName& tile) {
  return Alarm("LOG_WITHHELD",
               absl::StrCat("what the broker gives as `", TilePath(tile), "` is of another form"));
}

// Holds kept checkpoints against the leaves as they come.
class KeptRoots {
 public:
  KeptRoots(std::vector<KeptCheckpoint> all, const KeptCheckpoint& newest) {
    for (KeptCheckpoint& each : all) {
      const bool older = each.log_key == newest.log_key && each.size < newest.size;
      if (older) kept_.push_back(std::move(each));
    }
    kept_.push_back(newest);
  }

  absl::Status Take(const Digest& leaf) {
    frontier_.Append(leaf);
    return CheckReached();
  }
  absl::Status CheckReached() {
    if (next_ == kept_.size() || kept_[next_].size != frontier_.size()) return absl::OkStatus();
    if (kept_[next_].root != frontier_.Root()) {
      return Alarm("LOG_MISMATCH", absl::StrCat("its first ", frontier_.size(),
                                                " leaves do not lead to the checkpoint over them"));
    }
    ++next_;
    return CheckReached();
  }

 private:
  std::vector<KeptCheckpoint> kept_;  // ascending by size
  size_t next_ = 0;
  MerkleFrontier frontier_;
};

absl::StatusOr<std::vector<Digest>> FetchHashes(const ClientParts& parts, const TileName& tile) {
  ASSIGN_OR_RETURN(const Bytes raw, FetchTile(parts, tile));
  std::optional<std::vector<Digest>> hashes = UnpackHashes(raw, tile.width);
  if (!hashes.has_value()) return IsNoTile(tile);
  return *std::move(hashes);
}

absl::Status CheckEmpty(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return absl::OkStatus();
  if (std::filesystem::is_directory(folder, error) && std::filesystem::is_empty(folder, error)) {
    return absl::OkStatus();
  }
  return WithHint(absl::AlreadyExistsError(absl::StrCat("`", folder, "` is not empty")),
                  "give --out a folder that is not there yet");
}

absl::Status WriteUnder(const std::string& folder, const std::string& path, ByteSpan bytes) {
  const std::filesystem::path file = std::filesystem::path(folder) / path;
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot make a folder in `", folder, "`: ", error.message()));
  }
  return WritePrivateFile(file.string(), bytes);
}

// The bytes of a tile above level 0, from the leaves.
Bytes TileFrom(const MerkleTree& tree, const TileName& tile) {
  std::vector<Digest> hashes;
  hashes.reserve(tile.width);
  for (uint32_t i = 0; i < tile.width; ++i) {
    hashes.push_back(tree.Node(kTileHeight * tile.level, tile.index * kTileWidth + i));
  }
  return PackHashes(hashes);
}

// A bundle whose entries hash to the leaves.
absl::StatusOr<Bytes> CheckedBundle(const ClientParts& parts, const TileName& tile,
                                    const std::vector<Digest>& leaves) {
  ASSIGN_OR_RETURN(Bytes raw, FetchTile(parts, tile));
  const std::optional<std::vector<Bytes>> entries = UnpackEntries(raw, tile.width);
  if (!entries.has_value()) return IsNoTile(tile);
  for (size_t i = 0; i < entries->size(); ++i) {
    const uint64_t index = tile.index * kTileWidth + i;
    if (LeafHash((*entries)[i]) == leaves[index]) continue;
    return Alarm("LOG_MISMATCH", absl::StrCat("leaf ", index, " is not the hash of its entry"));
  }
  return raw;
}

}  // namespace

absl::StatusOr<Bytes> FetchTile(const ClientParts& parts, const TileName& tile) {
  absl::StatusOr<Bytes> raw = parts.retrier.Run([&](absl::Duration left) {
    return parts.connection.GetTile({tile.level, tile.index, tile.width, tile.entries}, left);
  });
  if (raw.ok() || IsPassing(raw.status()) || absl::IsDataLoss(raw.status())) return raw;
  return Alarm("LOG_WITHHELD", absl::StrCat("the broker does not show `", TilePath(tile),
                                            "`: ", raw.status().message()));
}

absl::StatusOr<std::vector<Digest>> CopyLeaves(const ClientParts& parts,
                                               const KeptCheckpoint& checkpoint) {
  if (checkpoint.size > kMaxCopiedLeaves) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the log has ", checkpoint.size, " leaves, and ", kMaxCopiedLeaves, " are copied at most"));
  }
  ASSIGN_OR_RETURN(std::vector<KeptCheckpoint> kept, parts.state.Checkpoints());
  KeptRoots roots(std::move(kept), checkpoint);
  RETURN_IF_ERROR(roots.CheckReached());
  std::vector<Digest> leaves;
  leaves.reserve(checkpoint.size);
  for (const TileName& tile : TilesOf(checkpoint.size)) {
    if (tile.level > 0 || tile.entries) continue;
    ASSIGN_OR_RETURN(const std::vector<Digest> hashes, FetchHashes(parts, tile));
    for (const Digest& hash : hashes) RETURN_IF_ERROR(roots.Take(hash));
    leaves.insert(leaves.end(), hashes.begin(), hashes.end());
  }
  return leaves;
}

absl::StatusOr<uint64_t> WriteLog(const ClientParts& parts, const KeptCheckpoint& checkpoint,
                                  const std::string& folder) {
  RETURN_IF_ERROR(CheckEmpty(folder));
  ASSIGN_OR_RETURN(std::vector<Digest> leaves, CopyLeaves(parts, checkpoint));
  const MerkleTree tree(leaves);
  uint64_t files = 0;
  for (const TileName& tile : TilesOf(checkpoint.size)) {
    Bytes bytes;
    if (tile.entries) {
      ASSIGN_OR_RETURN(bytes, CheckedBundle(parts, tile, leaves));
    } else {
      bytes = TileFrom(tree, tile);
    }
    RETURN_IF_ERROR(WriteUnder(folder, TilePath(tile), bytes));
    ++files;
  }
  // Last: what it speaks of is there.
  RETURN_IF_ERROR(WriteUnder(folder, "checkpoint", AsBytes(checkpoint.note)));
  return files + 1;
}

}  // namespace shield
