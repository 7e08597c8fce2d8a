// Fetches a payload or an object whole, resuming where a broken stream stopped.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/strong_id.h"
#include "client/connection.h"
#include "client/retry/retrier.h"
#include "crypto/byte_sink.h"
#include "policy/statement.h"

namespace shield {

// What a download must bring on the average of each timeout; a slower one is given up.
inline constexpr uint64_t kSlowestDownloadBytesPerSecond = 4 * 1024;

// Hands exactly the bytes that `expected` describes to `sink`, in order; `object` as in
// FetchSource. A download may take many timeouts, over any number of broken streams, as long as it
// goes on at kSlowestDownloadBytesPerSecond: a broker that drips cannot hold a reader. DATA_LOSS,
// rule DIGEST_MISMATCH, when the broker gives more, fewer or other bytes: what the sink got is then
// of no use.
absl::Status FetchBytes(Connection& connection, Retrier& retrier, const BulletinId& id,
                        uint32_t object, const SizedDigest& expected, const ByteSink& sink);

// The same into memory; for payloads. Of its errors two say something of the bulletin, DATA_LOSS
// DIGEST_MISMATCH and NOT_FOUND: the broker does not serve the payload, for its rule or none. Of
// the others IsPassing is true: damage of the broker's own store comes as UNAVAILABLE.
absl::StatusOr<Bytes> FetchPayload(Connection& connection, Retrier& retrier, const BulletinId& id,
                                   const SizedDigest& expected);

// Whether an error says nothing of the bulletin that was asked for: broker or local state could not
// answer, or do not let this member in now, or the client was stopped. It is asked for again.
bool IsPassing(const absl::Status& status);

}  // namespace shield
