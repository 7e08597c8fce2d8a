// Writes a bulletin with everything that proves it into a folder (docs/spec/content.md, "Exports").
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/client.h"
#include "client/client_parts.h"
#include "client/receive/inbox_shelf.h"

namespace shield {

//   statement.txt   the signed note
//   directory.txt   the directory note, the author's organisation and the reader's, with proofs
//   proof.txt       that the reader's key is in the recipient set, and that the log has it
//   bulletin.age    slot and payload: `age -d -i identity.txt bulletin.age`
//   content.json    what that opens to, without padding
//   attachments/    each opened, and beside it sealed (.age) as the statement names it
//
// `folder` must be empty or not there; it comes into being whole or not at all. Files have mode
// 0600. ALREADY_EXISTS, PERMISSION_DENIED with the rule for what may not be read now,
// FAILED_PRECONDITION SHARE_NOT_EXPORTED for what was passed on.
absl::StatusOr<ExportReport> ExportBulletin(const ClientParts& parts, InboxShelf& shelf,
                                            const KeptEntry& kept, const std::string& folder);

}  // namespace shield
