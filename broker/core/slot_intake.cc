#include "broker/core/slot_intake.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/core/refusals.h"
#include "crypto/sha256.h"

namespace shield::broker {

SlotIntake::SlotIntake(std::vector<Addressee> addressees, std::optional<FileKey> clear_key)
    : addressees_(std::move(addressees)), clear_key_(std::move(clear_key)) {
  taken_.reserve(addressees_.size());
  deliveries_.reserve(addressees_.size());
}

absl::Status SlotIntake::Take(ByteSpan chunk) {
  while (!chunk.empty()) {
    if (partial_.empty() && chunk.size() >= kSlotSize) {
      RETURN_IF_ERROR(TakeSlot(chunk.first(kSlotSize)));
      chunk = chunk.subspan(kSlotSize);
      continue;
    }
    const size_t wanted = std::min(kSlotSize - partial_.size(), chunk.size());
    Append(partial_, chunk.first(wanted));
    chunk = chunk.subspan(wanted);
    if (partial_.size() < kSlotSize) continue;
    RETURN_IF_ERROR(TakeSlot(partial_));
    partial_.clear();
  }
  return absl::OkStatus();
}

absl::Status SlotIntake::TakeSlot(ByteSpan slot) {
  const size_t index = taken_.size();
  if (index == addressees_.size()) {
    return WrongRecipients(absl::StrCat("more than ", addressees_.size(), " slots"));
  }
  if (const auto parsed = ParseSlot(slot); !parsed.ok()) {
    return Annotate(parsed.status(), absl::StrCat("slot ", index));
  }
  if (clear_key_.has_value() && !SlotMacMatches(slot, *clear_key_)) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat(
                        "slot ", index, " does not hold the key that the statement publishes")),
                    "SLOT_MALFORMED");
  }
  const Addressee& addressee = addressees_[index];
  const Recipient recipient{addressee.key, Sha256(slot)};
  taken_.push_back(recipient);
  deliveries_.push_back(
      {addressee.member, ToBytes(slot), recipient.slot_digest, RecipientLeafHash(recipient)});
  return absl::OkStatus();
}

absl::StatusOr<SealedSlots> SlotIntake::Finish(const Statement& statement) {
  if (!partial_.empty()) return WrongRecipients("the last slot is cut off");
  if (taken_.size() != addressees_.size()) {
    return WrongRecipients(
        absl::StrCat(taken_.size(), " slots for ", addressees_.size(), " recipients"));
  }
  ASSIGN_OR_RETURN(RecipientSet set, RecipientSet::Create(std::move(taken_)));
  RETURN_IF_ERROR(set.CheckNamedBy(statement));
  return SealedSlots{std::move(deliveries_), std::make_shared<const RecipientSet>(std::move(set))};
}

}  // namespace shield::broker
