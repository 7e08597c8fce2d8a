// Judges receipts that a member hands in: which of them are kept, and by which rule the others are
// refused (docs/spec/receipt.md).
//
// Each is judged for itself: one that is refused, because the broker lost its bulletin or the key
// was changed, hinders no other. What costs least is looked at first: what is refused by what it is
// about, and what is kept already, costs no look at a signature. Who holds no entry of a bulletin
// is told the same as for an id that does not exist.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/core/core_parts.h"
#include "broker/store/commands.h"

namespace shield::broker {

struct JudgedReceipts {
  std::vector<store::NewReceipt> accepted;  // at most one of a bulletin and a state, none kept yet
  // Of each note, in their order; empty for one that is accepted or kept already:
  //   RECEIPT_MALFORMED   no receipt, or not the caller's
  //   NETWORK_MISMATCH    another network's
  //   BAD_SIGNATURE       not signed by a key of the caller's that is in force
  //   NO_SUCH_BULLETIN    none of which the caller was sent a slot, or another text of it
  //   CLOCK_SKEW          before the bulletin was issued, or still to come
  std::vector<std::string> rules;
};

// Errors are those of reading the store.
absl::StatusOr<JudgedReceipts> JudgeReceipts(const CoreParts& parts, const Seat& seat,
                                             std::span<const std::string> notes);

}  // namespace shield::broker
