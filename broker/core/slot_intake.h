// Takes the slots of a bulletin as they arrive and gives each to the recipient it is for.
//
// Slots come without names, ascending by recipient key; who the recipients are the broker has
// computed itself, with the policy the author used. If the leaves over those keys and these slots
// give the root that the author signed, both came to the same recipients and no slot is missing,
// swapped or added.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/strong_id.h"
#include "broker/store/commands.h"
#include "crypto/file_key.h"
#include "crypto/slot.h"
#include "policy/proof/recipient_set.h"
#include "policy/statement.h"

namespace shield::broker {

// A recipient by policy, with the key it is sealed to.
struct Addressee {
  X25519PublicKey key;
  MemberId member;
};

// The slots of a bulletin, complete and as its author signed them.
struct SealedSlots {
  std::shared_ptr<const Bytes> bytes;         // one after the other
  std::vector<store::Delivery> deliveries;    // parts of `bytes`, in the order of …
  std::shared_ptr<const RecipientSet> whose;  // … this set
};

// Thread-compatible.
class SlotIntake {
 public:
  // `addressees` ascending by key, each key once. `clear_key` is the file key of TLP:CLEAR: then
  // each slot's MAC must be under it.
  SlotIntake(std::vector<Addressee> addressees, std::optional<FileKey> clear_key);

  // The next bytes, cut anywhere. INVALID_ARGUMENT: SLOT_MALFORMED naming the slot, or
  // RECIPIENT_SET_MISMATCH when there are more than addressees.
  absl::Status Take(ByteSpan chunk);

  // What to store, once every slot has come. RECIPIENT_SET_MISMATCH when some are missing or their
  // root is not the statement's. Call once.
  absl::StatusOr<SealedSlots> Finish(const Statement& statement);

 private:
  absl::Status Check(ByteSpan slot);

  const std::vector<Addressee> addressees_;
  const std::optional<FileKey> clear_key_;
  Bytes bytes_;                   // all that came, but nothing beyond the last slot
  std::vector<Recipient> taken_;  // of the slots that are whole
};

}  // namespace shield::broker
