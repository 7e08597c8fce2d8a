// Keeps what members signed: each a commit of its own, with a leaf of the log.
#include <algorithm>

#include "base/status.h"
#include "broker/store/check_command.h"
#include "broker/store/pending_group.h"
#include "broker/store/store_errors.h"
#include "broker/store/stored_rows.h"

namespace shield::store {
namespace {

// What a receipt's rows take on disk beyond the note, roughly.
constexpr uint64_t kReceiptOverhead = 400;
// What receipts leave free above the floor: they come by the hundred thousand, and must not use up
// what is kept for withdrawing and revoking.
constexpr uint64_t kKeptFromReceipts = uint64_t{128} << 20;

}  // namespace

absl::StatusOr<uint64_t> PendingGroup::AddReceipts(const ReceiptsCommand& command) {
  RETURN_IF_ERROR(CheckCommand(command));
  const std::optional<MemberStanding> member = members_.Find(command.member);
  if (!member.has_value()) return absl::NotFoundError("a member without an inbox holds nothing");
  uint64_t bytes = 0;
  for (const NewReceipt& receipt : command.receipts) {
    ASSIGN_OR_RETURN(const auto value, ReadBulletinRow(database_, receipt.id));
    if (!value.has_value()) return absl::NotFoundError("a receipt is about no bulletin");
    bytes += kReceiptOverhead + receipt.note.size() + receipt.log_entry.size();
  }
  RETURN_IF_ERROR(
      CheckRoom(bytes, std::min(room_.floor + kKeptFromReceipts, room_.publish_watermark)));
  uint64_t added = 0;
  for (const NewReceipt& receipt : command.receipts) {
    ASSIGN_OR_RETURN(const bool is_new, AddReceipt(member->number, receipt));
    added += is_new ? 1 : 0;
  }
  return added;
}

absl::StatusOr<bool> PendingGroup::AddReceipt(MemberNumber member, const NewReceipt& receipt) {
  const Key key = ReceiptKey(receipt.id, member, receipt.state);
  if (added_receipts_.contains(key)) return false;
  ASSIGN_OR_RETURN(const auto row, database_.Get(Column::kReceipt, key));
  if (row.has_value()) return false;
  const uint64_t log_index = head_.log.size();
  const uint64_t commit = Step({.kind = CommitKind::kReceipt,
                                .log_index = log_index,
                                .directory_version = head_.directory_version,
                                .id = receipt.id},
                               receipt.log_entry);
  Put(Column::kReceipt, key, EncodeReceipt({.commit = commit, .note = receipt.note}));
  added_receipts_.insert(key);
  events_.push_back(
      std::make_shared<const CommitEvent>(CommitEvent{.commit = commit,
                                                      .kind = CommitKind::kReceipt,
                                                      .id = receipt.id,
                                                      .directory_version = head_.directory_version,
                                                      .log_index = log_index}));
  return true;
}

}  // namespace shield::store
