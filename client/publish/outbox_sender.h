// Sends what stands in the outbox, and concludes from the broker's answer what became of it.
//
// What is sent are the bytes of the entry and the files in the spool, and nothing is made here: the
// same entry can be sent any number of times and is committed once. A receipt turns the entry into
// a publication of this home; a refusal leaves it to whoever seals it anew or discards it; anything
// else leaves it in the outbox, to be asked about again.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "client/publish/publication_plan.h"
#include "client/publish/spooled_files.h"
#include "client/state/outbox.h"

namespace shield {

// Whether the broker looked at these bytes and did not commit them. Everything else leaves open
// what became of them: the answer got lost, the door was closed, somebody else stood at it, a quota
// was spent.
bool WasRefused(const absl::Status& status);

// Ids are drawn at random: whoever took this one is an earlier attempt of which the bytes are gone.
absl::Status PublishedBefore(const absl::Status& status, const BulletinId& id);

// Thread-safe as its parts are.
class OutboxSender {
 public:
  // Sealed attachments wait in `spool_folder`.
  OutboxSender(const ClientParts& parts, std::string spool_folder)
      : parts_(parts), spool_folder_(std::move(spool_folder)) {}

  // The files of the entry must be complete (SpooledFiles). Errors:
  //   what WasRefused knows: nothing of it was committed
  //
  //   ALREADY_EXISTS ID_TAKEN: an earlier attempt, of which the bytes are gone, was committed
  //
  //   DATA_LOSS RECEIPT_MISMATCH, or a rule of client/log/log_keeper.h: it was committed, and the
  //   broker does not prove it
  //
  //   any other says "is not confirmed": it may have been committed
  absl::StatusOr<Published> Send(const OutboxEntry& entry);
  // Of no use any more: the broker refused it.
  void Discard(const OutboxEntry& entry);
  // Forgets what is too old to be waited for, and what processes that died left in the spool.
  absl::Status Tidy();
  absl::StatusOr<SpooledFiles> FilesOf(const OutboxEntry& entry) const;

 private:
  absl::StatusOr<Published> Conclude(const OutboxEntry& entry, const SpooledFiles& files,
                                     const PublishReceipt& receipt);
  absl::Status CheckLogged(const BulletinId& id);
  absl::StatusOr<PublishReceipt> Upload(const OutboxEntry& entry, const SpooledFiles& files);
  absl::StatusOr<PublishReceipt> UploadOnce(const OutboxEntry& entry, const SpooledFiles& files,
                                            absl::Duration timeout);

  const ClientParts parts_;
  const std::string spool_folder_;
};

}  // namespace shield
