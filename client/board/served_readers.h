// Who needs no extension of a bulletin: who certainly has it from its source and may have it now.
//
// The broker's word serves nobody. To seal a bulletin twice to somebody does no harm; to leave out
// one who lacks it keeps it from them, and the extension would say so over the source's signature.
#pragma once

#include <set>

#include "absl/status/statusor.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "client/receive/inbox_shelf.h"

namespace shield {

// Of a bulletin of this home, under the newest directory:
//   where this home published it   whom it sealed it to
//   elsewhere                      who signed a receipt about exactly this statement that holds
//                                  every check of the board; its author, and this home's member
// and of those whom policy lets have it now, where they are now. Whoever holds a share of it only,
// or was only told of it, does not have it from its source. Errors: those of ReadBoard, and
// DATA_LOSS with the rule of a board that shows what nobody signed (StatusBoard::Fault).
// docs/spec/cli.md.
absl::StatusOr<std::set<MemberId>> ServedReaders(const ClientParts& parts, InboxShelf& shelf,
                                                 const BulletinId& id);

}  // namespace shield
