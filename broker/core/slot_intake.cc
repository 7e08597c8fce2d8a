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
  bytes_.reserve(addressees_.size() * kSlotSize);
  taken_.reserve(addressees_.size());
}

absl::Status SlotIntake::Take(ByteSpan chunk) {
  const size_t room = addressees_.size() * kSlotSize - bytes_.size();
  Append(bytes_, chunk.first(std::min(room, chunk.size())));
  while (bytes_.size() - taken_.size() * kSlotSize >= kSlotSize) {
    const ByteSpan slot = ByteSpan(bytes_).subspan(taken_.size() * kSlotSize, kSlotSize);
    RETURN_IF_ERROR(Check(slot));
    taken_.push_back({addressees_[taken_.size()].key, Sha256(slot)});
  }
  if (chunk.size() <= room) return absl::OkStatus();
  return WrongRecipients(absl::StrCat("more than ", addressees_.size(), " slots"));
}

absl::Status SlotIntake::Check(ByteSpan slot) {
  const size_t index = taken_.size();
  if (const auto parsed = ParseSlot(slot); !parsed.ok()) {
    return Annotate(parsed.status(), absl::StrCat("slot ", index));
  }
  if (clear_key_.has_value() && !SlotMacMatches(slot, *clear_key_)) {
    return WithRule(absl::InvalidArgumentError(absl::StrCat(
                        "slot ", index, " does not hold the key that the statement publishes")),
                    "SLOT_MALFORMED");
  }
  return absl::OkStatus();
}

absl::StatusOr<SealedSlots> SlotIntake::Finish(const Statement& statement) {
  if (bytes_.size() != taken_.size() * kSlotSize) {
    return WrongRecipients("the last slot is cut off");
  }
  if (taken_.size() != addressees_.size()) {
    return WrongRecipients(
        absl::StrCat(taken_.size(), " slots for ", addressees_.size(), " recipients"));
  }
  ASSIGN_OR_RETURN(RecipientSet set, RecipientSet::Create(std::move(taken_)));
  RETURN_IF_ERROR(set.CheckNamedBy(statement));
  SealedSlots sealed{std::make_shared<const Bytes>(std::move(bytes_)), {}, nullptr};
  sealed.deliveries.reserve(addressees_.size());
  for (size_t i = 0; i < addressees_.size(); ++i) {
    sealed.deliveries.push_back({addressees_[i].member,
                                 ByteSpan(*sealed.bytes).subspan(i * kSlotSize, kSlotSize),
                                 set.recipients()[i].slot_digest, set.tree().Node(0, i)});
  }
  sealed.whose = std::make_shared<const RecipientSet>(std::move(set));
  return sealed;
}

}  // namespace shield::broker
