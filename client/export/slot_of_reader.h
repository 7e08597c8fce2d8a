// The place of one reader among those this home has sealed a bulletin to: what its folder is made
// of. Of no other reader anything is told.
#pragma once

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "client/export/export_texts.h"
#include "client/receive/verify_entry.h"

namespace shield {

struct ExportedSlot {
  ExportProof::InRecipients place;
  Bytes slot;
};

// `verified` is this home's own entry of what it has published. Errors:
//   PERMISSION_DENIED NOT_SOURCE          it was not published from this home
//   FAILED_PRECONDITION SLOTS_NOT_KEPT    it has more than kMaxKeptSlots readers
//   PERMISSION_DENIED NOT_IN_SNAPSHOT     it was not sealed to this member
//   PERMISSION_DENIED and a policy rule   the member may not have it now: EMBARGOED, …
absl::StatusOr<ExportedSlot> SlotOfReader(const ClientParts& parts, const VerifiedEntry& verified,
                                          const MemberId& reader);

}  // namespace shield
