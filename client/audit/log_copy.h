// A copy of the whole log, fetched as tiles and held against a signed checkpoint.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/digest.h"
#include "client/client_parts.h"
#include "client/state/state.h"
#include "policy/proof/log_tiles.h"

namespace shield {

// A larger log is not copied into memory: 16 million leaves take half a gigabyte.
inline constexpr uint64_t kMaxCopiedLeaves = uint64_t{1} << 24;

// The bytes of one tile or bundle, of its right length. Errors as LogKeeper's: LOG_WITHHELD when
// the broker refuses it or gives something else.
absl::StatusOr<Bytes> FetchTile(const ClientParts& parts, const TileName& tile);

// All leaf hashes of the log of `checkpoint`. DATA_LOSS, rule LOG_MISMATCH, when they do not lead
// to its root, or the beginning of them to that of an older checkpoint of the same key that is
// kept; RESOURCE_EXHAUSTED above kMaxCopiedLeaves.
absl::StatusOr<std::vector<Digest>> CopyLeaves(const ClientParts& parts,
                                               const KeptCheckpoint& checkpoint);

// Writes the log of `checkpoint` into `folder`, which must be empty or not there, as C2SP
// tlog-tiles lays it out: checkpoint, tile/<L>/<N>, tile/entries/<N>. Everything is held against
// the checkpoint first. ALREADY_EXISTS for a folder in which something lies. How many files it
// wrote.
absl::StatusOr<uint64_t> WriteLog(const ClientParts& parts, const KeptCheckpoint& checkpoint,
                                  const std::string& folder);

}  // namespace shield
