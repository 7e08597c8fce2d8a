// Asks the broker for a bulletin's readers and makes the board of them.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/board/share_memory.h"
#include "client/board/status_board.h"
#include "client/client_parts.h"
#include "client/receive/inbox_shelf.h"
#include "policy/proof/verified_statement.h"

namespace shield {

// How many shares are asked for, found or not, by a single look and by each look of a watch, which
// does not ask again for what it knows. Receipts about others do not count yet.
inline constexpr size_t kMaxSharesAsked = 4'096;
inline constexpr size_t kMaxSharesAskedInWatch = 256;

// Under the newest directory the broker has. At most `most_shares` are asked for that `memory` does
// not know; it learns them, also when the look fails. A receipt that is refused is no error: see
// StatusBoard::Fault. NOT_FOUND: there is no such bulletin, or its readers are not for this member
// to know. DATA_LOSS for a statement of the bulletin that the broker gave and that does not hold; a
// share's that does not hold is a fault of the readers who have it by that share.
absl::StatusOr<StatusBoard> ReadBoard(const ClientParts& parts, InboxShelf& shelf,
                                      const BulletinId& id, size_t most_shares,
                                      ShareMemory& memory);

// The statement of a bulletin of this home; of one that is not here, what the broker gives to those
// who may withdraw it, verified: its author is in the newest directory and signed exactly this
// under this id, by a key that was in force when it was issued. NOT_FOUND when the broker gives
// none.
absl::StatusOr<std::string> SourceStatement(const ClientParts& parts, const BulletinId& id);

}  // namespace shield
