// What a share passes on (docs/spec/statement.md, "Shares"): the original statement travels along,
// and the reader checks it as if it had come by itself, but for the slot, which is the share's.
//
//   1 it is the text that the share names; its author's signature; the network
//   2 no share and no recall; the share repeats it and ends no later
//   3 the sharer has a seat that passes things on
//   4 policy: who has it by a share may read it now (policy/share.h). Whether the sharer might give
//     it to this member depends on an audience that is hidden from both: that the broker checked.
#pragma once

#include "absl/status/statusor.h"
#include "client/connection.h"
#include "client/receive/inbox_item.h"
#include "client/receive/verify_entry.h"
#include "policy/proof/verified_statement.h"

namespace shield {

struct VerifiedOriginal {
  VerifiedStatement statement;
  InboxState state = InboxState::kLive;  // live, embargoed or expired, by the clock
};

// Faults, by rule: those of VerifyStatement; DATA_LOSS REFERENCE_MISMATCH for another text, another
// label, payload, list of objects or a later end; DATA_LOSS PUBLISHER_NOT_AUTHORISED for a sharer
// without such a seat; PERMISSION_DENIED and a policy rule.
absl::StatusOr<VerifiedOriginal> VerifyOriginal(const DeliveredEntry& entry, const Statement& share,
                                                const ReaderView& view);

// Whether `original` is the very text that `share` passes on, is no share or recall itself, and is
// repeated by it. DATA_LOSS, REFERENCE_MISMATCH otherwise. `share` holds one reference `shares`.
absl::Status CheckIsOriginalOf(const VerifiedStatement& original, const Statement& share);

}  // namespace shield
