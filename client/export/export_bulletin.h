// Writes a bulletin with everything that proves it into a folder (docs/spec/carriage.md;
// docs/spec/content.md, "Exports").
#pragma once

#include "absl/status/statusor.h"
#include "client/client.h"
#include "client/client_parts.h"
#include "client/receive/inbox_shelf.h"

namespace shield {

//   statement.txt   the signed note
//   original.txt    of a share: the signed note of what it passes on
//   directory.txt   the directory note; of its organisations those of author, sharer and reader,
//   and
//                   those of kind authority, with proofs
//   proof.txt       that the reader's key is in the recipient set, and that the log has it
//   bulletin.age    slot and payload: `age -d -i identity.txt bulletin.age`
//   content.json    what that opens to, without padding; not in a folder that is to be carried
//   attachments/    each sealed (.age) as the statement names it, and beside it opened; in a folder
//                   that is to be carried sealed alone, under numbers
//
// The folder must be empty or not there; it comes into being whole or not at all. Files have mode
// 0600. ALREADY_EXISTS, PERMISSION_DENIED with the rule for what may not be read now; with a
// reader, also the errors of client/export/slot_of_reader.h.
absl::StatusOr<ExportReport> ExportBulletin(const ClientParts& parts, InboxShelf& shelf,
                                            const KeptEntry& kept, const ExportOrder& order);

}  // namespace shield
