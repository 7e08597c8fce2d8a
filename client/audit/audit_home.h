// Walks everything that a home can hold against the broker: `shield audit verify`.
//
//   the whole log, tile by tile, leads to the newest checkpoint, and its beginnings to all older
//   ones that are kept; the directories that are kept name each other and are leaves of it in their
//   order; the chain of the inbox leads to the highest head; every entry and publication is the
//   leaf at its index, and what ended an entry or was passed on with it is a leaf; as many
//   witnesses as the directory asks for have seen it.
//
// docs/spec/log.md, "Auditing".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "policy/proof/log_leaf.h"

namespace shield {

// What was walked and held.
struct AuditReport {
  uint64_t log_size = 0;
  uint64_t checkpoints = 0;  // kept ones of this log's key
  uint64_t directories = 0;  // kept versions
  uint64_t entries = 0;      // of the inbox
  uint64_t refused = 0;      // of them, closed for good: what they say counts for nothing
  uint64_t publications = 0;
  // Directories and publications that the log does not hold and that are older than the directory
  // by which the authority named its present key in another's place: it says that they were lost.
  uint64_t lost = 0;
};

// Asks the broker for its log. DATA_LOSS at the first break, with a sentence that names it:
//   LOG_…           as LogKeeper::Check, and LOG_MISMATCH for whatever is not the leaf it should be
//   DIRECTORY_FORK  a directory names another before it than the one that is kept
//   INBOX_GAP       the chain of the inbox is broken in this home, or does not lead to its head
absl::StatusOr<AuditReport> AuditHome(const ClientParts& parts);

// A leaf of the log that this home knows.
struct KnownLeaf {
  uint64_t index = 0;
  LogKind kind = LogKind::kUnspecified;
  std::optional<BulletinId> id = {};               // of a bulletin
  std::optional<uint64_t> directory_version = {};  // of a directory; only found by asking
};

struct KnownLeaves {
  uint64_t log_size = 0;  // of the newest checkpoint
  std::vector<KnownLeaf> leaves;
};

// The leaves that this home knows, ascending: bulletins received and published as they are kept;
// with `ask` the log is copied, and directories are found in it.
absl::StatusOr<KnownLeaves> ListLog(const ClientParts& parts, bool ask);

}  // namespace shield
