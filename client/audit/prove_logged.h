// Writes a proof that the log holds a bulletin, for somebody who has the network's file alone:
// `shield audit prove`, checked by `shield verify`.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client_parts.h"

namespace shield {

// The file of a LoggedProof (client/export/logged_proof.h) for a bulletin that this home received
// or published. It shows what a statement shows, and no opening of hidden names: who, when, which
// label, how many readers; and what the directory says of its author and organisation. NOT_FOUND
// when it is not here, or its author is not shown in the directory any more; DATA_LOSS LOG_MISMATCH
// when the log does not hold it; FAILED_PRECONDITION LOST_BY_BROKER when it does not because the
// broker lost it before the authority named another log key (client/receive/lost_with_log.h).
absl::StatusOr<std::string> ProveLogged(const ClientParts& parts, const BulletinId& id);

}  // namespace shield
