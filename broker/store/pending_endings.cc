// What a publish does to the bulletins it refers to: which of them end, who is told, and whose
// payload it gives on.
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/pending_group.h"
#include "broker/store/store_errors.h"
#include "broker/store/stored_rows.h"

namespace shield::store {
namespace {

BulletinState StateAfter(Effect effect) {
  return effect == Effect::kWithdraws ? BulletinState::kWithdrawn : BulletinState::kSuperseded;
}

absl::Status CheckShared(const PublishCommand& command, const BulletinRecord& original) {
  if (FindShared(original.referrals) != nullptr) {
    return absl::InvalidArgumentError("a share names the original, not another share");
  }
  if (command.part_bytes == original.part_bytes) return absl::OkStatus();
  return absl::InvalidArgumentError("a share has the parts of its original and no others");
}

}  // namespace

absl::StatusOr<PendingGroup::Endings> PendingGroup::ReadEndings(const PublishCommand& command) {
  Endings endings;
  const bool ends = EndsOthers(command.referrals);
  // Who holds a bulletin is read from what is committed: an earlier publish of this group might
  // share what this one ends.
  if (ends && !published_.empty()) {
    return absl::InternalError("what ends other bulletins goes alone in its group");
  }
  absl::flat_hash_set<MemberId> known(command.not_told.begin(), command.not_told.end());
  if (ends) {
    for (const Delivery& delivery : command.deliveries) known.insert(delivery.member);
  }
  for (const Referral& referral : command.referrals) {
    ASSIGN_OR_RETURN(std::optional<BulletinValue> value, ReadBulletinRow(database_, referral.id));
    if (!value.has_value()) return BulletinMoved(referral.id);
    RETURN_IF_ERROR(AddStanding(database_, value->record));
    if (!Permits(referral.effect, value->record.state)) return BulletinMoved(referral.id);
    if (referral.effect == Effect::kShares) {
      RETURN_IF_ERROR(CheckShared(command, value->record));
      endings.shared = std::move(value);
      continue;
    }
    if (!Ends(referral.effect)) continue;
    RETURN_IF_ERROR(AddHolders(*value, known, endings.told));
    ASSIGN_OR_RETURN(const std::vector<BulletinId> shares, ReadShareRows(database_, referral.id));
    for (const BulletinId& share : shares) {
      ASSIGN_OR_RETURN(const std::optional<BulletinValue> shared,
                       ReadBulletinRow(database_, share));
      if (!shared.has_value()) return database_.Damaged("a share that is listed is not there");
      RETURN_IF_ERROR(AddHolders(*shared, known, endings.told));
      endings.with_them.push_back(share);
    }
    endings.ended.push_back(*std::move(value));
  }
  return endings;
}

absl::Status PendingGroup::AddHolders(const BulletinValue& value,
                                      absl::flat_hash_set<MemberId>& known,
                                      std::vector<MemberId>& told) {
  const BulletinRecord& record = value.record;
  ASSIGN_OR_RETURN(const std::vector<RecipientValue> rows,
                   ReadRecipientRows(database_, record.id, record.recipients + record.told));
  for (const RecipientValue& row : rows) {
    std::optional<MemberId> member = members_.Name(row.member);
    if (!member.has_value()) return database_.Damaged("a recipient row names an unknown member");
    if (known.insert(*member).second) told.push_back(*std::move(member));
  }
  return absl::OkStatus();
}

// What ended with this commit, shares included.
std::vector<BulletinId> PendingGroup::PutEndings(const PublishCommand& command,
                                                 const Endings& endings) {
  if (endings.shared.has_value()) {
    Put(Column::kMeta, ShareKey(endings.shared->record.id, command.id), "");
  }
  std::vector<BulletinId> ended;
  for (BulletinValue value : endings.ended) {
    const BulletinId id = value.record.id;
    for (const Referral& referral : command.referrals) {
      if (referral.id == id) value.record.state = StateAfter(referral.effect);
    }
    value.record.ended_by = command.id;
    Put(Column::kBulletin, BulletinKey(id), EncodeBulletin(value));
    Put(Column::kMeta, ErasureKey(id), EncodeU64(0));
    ended.push_back(id);
  }
  for (const BulletinId& share : endings.with_them) {
    Put(Column::kMeta, ErasureKey(share), EncodeU64(0));
    ended.push_back(share);
  }
  return ended;
}

}  // namespace shield::store
