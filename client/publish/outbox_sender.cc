#include "client/publish/outbox_sender.h"

#include <memory>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/log/log_keeper.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/openings.h"
#include "crypto/slot.h"

namespace shield {
namespace {

// What an upload may take beyond the deadline of a small call.
// Half of what fixed windows of 64 KiB let through at a round trip of a second.
constexpr uint64_t kSlowestUploadBytesPerSecond = 32 * 1024;
constexpr absl::Duration kPerRecipient = absl::Milliseconds(2);

absl::Duration UploadAllowance(const OutboxEntry& entry, const SpooledFiles& files) {
  const uint64_t bytes = entry.slots.size() + entry.payload.size() + files.total_bytes();
  return absl::Seconds(bytes / kSlowestUploadBytesPerSecond) +
         kPerRecipient * static_cast<int64_t>(entry.slots.size() / kSlotSize);
}

absl::Status NotConfirmed(const absl::Status& status, const OutboxEntry& entry) {
  const std::string own = HintOf(status);
  const absl::StatusOr<Statement> statement = ReadClaimedStatement(entry.statement);
  const bool withdrawal = statement.ok() && statement->IsWithdrawal();
  return WithHint(
      Annotate(status, absl::StrCat("bulletin `", entry.id.ToHex(), "` is not confirmed")),
      absl::StrCat(own, own.empty() ? "" : "; ",
                   withdrawal ? "withdraw it again: it is taken back once"
                              : "publish the same draft again: it is published once"));
}

absl::Status CheckReceipt(const PublishReceipt& receipt, const OutboxEntry& entry) {
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(entry.statement));
  if (receipt.id == entry.id && receipt.recipients == statement.recipients &&
      receipt.directory_version == statement.directory_version) {
    return absl::OkStatus();
  }
  return WithHint(WithRule(absl::DataLossError("the broker's receipt is about another bulletin"),
                           "RECEIPT_MISMATCH"),
                  "the broker is broken or cheating: tell its operator");
}

}  // namespace

bool WasRefused(const absl::Status& status) {
  if (absl::IsFailedPrecondition(status)) {
    const std::string rule = RuleOf(status);
    return rule == "CLOCK_SKEW" || rule == "DIRECTORY_EXPIRED" || rule == "DIRECTORY_STALE";
  }
  return absl::IsAborted(status) || absl::IsAlreadyExists(status) || absl::IsNotFound(status) ||
         absl::IsInvalidArgument(status) || absl::IsPermissionDenied(status);
}

absl::Status PublishedBefore(const absl::Status& status, const BulletinId& id) {
  return WithHint(
      Annotate(status, absl::StrCat("an earlier attempt published bulletin `", id.ToHex(), "`")),
      absl::StrCat("`shield bulletin show ", id.ToHex(), "` shows it; nothing was sent twice"));
}

absl::StatusOr<Published> OutboxSender::Send(const OutboxEntry& entry) {
  ASSIGN_OR_RETURN(const SpooledFiles files, FilesOf(entry));
  const absl::StatusOr<PublishReceipt> receipt = Upload(entry, files);
  if (receipt.ok()) return Conclude(entry, files, *receipt);
  // Another process may have brought it to its end meanwhile.
  ASSIGN_OR_RETURN(const std::optional<Publication> done, parts_.state.FindPublication(entry.id));
  if (done.has_value()) {
    return Published{done->id,
                     done->recipients,
                     done->directory_version,
                     done->log_index,
                     /*told=*/0,
                     /*replayed=*/true,
                     {},
                     done->acknowledge_by};
  }
  if (absl::IsAlreadyExists(receipt.status())) return PublishedBefore(receipt.status(), entry.id);
  if (WasRefused(receipt.status())) return receipt.status();
  return NotConfirmed(receipt.status(), entry);
}

// It is published, whether this home can note so or not.
absl::StatusOr<Published> OutboxSender::Conclude(const OutboxEntry& entry,
                                                 const SpooledFiles& files,
                                                 const PublishReceipt& receipt) {
  RETURN_IF_ERROR(CheckReceipt(receipt, entry));
  Published published{entry.id,          receipt.recipients,  receipt.directory_version,
                      receipt.log_index, receipt.told,        receipt.replayed,
                      receipt.warnings,  entry.acknowledge_by};
  Publication publication{entry.id,           entry.statement,           entry.openings,
                          receipt.recipients, receipt.directory_version, receipt.log_index,
                          parts_.clock.Now(), entry.acknowledge_by};
  if (receipt.recipients <= kMaxKeptSlots) {
    publication.seal_keys = entry.seal_keys;
    publication.slots = entry.slots;
    publication.orgs = entry.orgs;
  }
  const absl::Status recorded = parts_.state.RecordPublication(publication, entry.readers);
  if (!recorded.ok()) {
    published.warnings.emplace_back("NOT_RECORDED");
    return published;
  }
  files.Remove();
  RETURN_IF_ERROR(CheckLogged(entry.id));
  return published;
}

// A receipt is the broker's word; that its log holds the bulletin is proof. What cannot be asked
// now is asked at the next synchronisation.
absl::Status OutboxSender::CheckLogged(const BulletinId& id) {
  const absl::Status logged = LogKeeper(parts_).CheckPublication(id);
  if (logged.ok() || IsPassing(logged)) return absl::OkStatus();
  return WithHint(
      Annotate(logged, absl::StrCat("bulletin `", id.ToHex(),
                                    "` has been published, and the broker does not prove it")),
      "do not publish it again: that makes a second bulletin; tell the authority, and whom it is "
      "for "
      "in another way");
}

void OutboxSender::Discard(const OutboxEntry& entry) {
  // A row that stays costs one more question to the broker.
  if (!parts_.state.RemoveOutbox(entry).ok()) return;
  const absl::StatusOr<SpooledFiles> files = FilesOf(entry);
  if (files.ok()) files->Remove();
}

absl::Status OutboxSender::Tidy() {
  const absl::Time now = parts_.clock.Now();
  RETURN_IF_ERROR(parts_.state.ForgetOutbox(now - kMaxOutboxAge));
  ASSIGN_OR_RETURN(const std::set<std::string> in_use, parts_.state.SpoolInUse());
  SweepSpool(spool_folder_, in_use, now - kSpoolOrphanAge);
  return absl::OkStatus();
}

absl::StatusOr<SpooledFiles> OutboxSender::FilesOf(const OutboxEntry& entry) const {
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(entry.statement));
  // A share sends none: its objects are the original's.
  if (statement.Find(Relation::kShares) != nullptr) return SpooledFiles(spool_folder_, {}, {});
  return SpooledFiles(spool_folder_, entry.spool, statement.objects);
}

absl::StatusOr<PublishReceipt> OutboxSender::Upload(const OutboxEntry& entry,
                                                    const SpooledFiles& files) {
  return parts_.retrier.Run([&](absl::Duration left) {
    return UploadOnce(entry, files, left + UploadAllowance(entry, files));
  });
}

absl::StatusOr<PublishReceipt> OutboxSender::UploadOnce(const OutboxEntry& entry,
                                                        const SpooledFiles& files,
                                                        absl::Duration timeout) {
  ASSIGN_OR_RETURN(const std::unique_ptr<PublishWriter> writer,
                   parts_.connection.Publish({entry.statement, entry.openings}, timeout));
  RETURN_IF_ERROR(writer->WriteSlots(entry.slots));
  RETURN_IF_ERROR(writer->WritePayload(entry.payload));
  for (size_t i = 0; i < files.size(); ++i) {
    absl::Status sent;
    const absl::Status read = files.Read(i, [&](ByteSpan bytes) {
      sent = writer->WriteObject(static_cast<uint32_t>(i), bytes);
      return sent;
    });
    if (read.ok()) continue;
    writer->Cancel();
    return sent.ok() ? absl::InternalError(read.message()) : sent;
  }
  return writer->Finish();
}

}  // namespace shield
