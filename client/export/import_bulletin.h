// Takes an exported folder into the home (docs/spec/carriage.md section 2).
//
// The folder's word counts for nothing: what it holds is judged as an entry of the inbox is, and
// the log proof stands in the place of the broker that would have refused what policy does not
// allow. Bulletin, what it ends, and a newer directory are stored in one transaction; a folder that
// is refused leaves nothing but the alarm of two signed texts that cannot both be true.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "client/client.h"
#include "client/client_parts.h"
#include "policy/proof/network_file.h"

namespace shield {

// Asks no broker. Errors:
//   NOT_FOUND                              the folder, or a file of it, is missing
//   DATA_LOSS EXPORT_MALFORMED             a file is out of form or does not belong there
//   DATA_LOSS DIRECTORY_FORK, BULLETIN_FORK   another signed text has been seen; both are kept
//   DATA_LOSS LOG_PROOF_MISSING            nothing shows that the broker took it
//   DATA_LOSS SLOT_MISSING                 a notice that is no withdrawal
//   DATA_LOSS and another rule             those of VerifyExport, VerifyEntry and OpenContent
//   PERMISSION_DENIED NOT_IN_SNAPSHOT      it was made for another reader
//   PERMISSION_DENIED and a policy rule    this member may not have it, or it has ended: EXPIRED, …
//   ABORTED                                other processes kept changing the home meanwhile
absl::StatusOr<ImportReport> ImportBulletin(const ClientParts& parts, const NetworkFile& network,
                                            const std::string& folder);

}  // namespace shield
