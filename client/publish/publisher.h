// Publishes drafts: plans, seals, uploads, and seals again when the directory moved meanwhile.
//
// A draft has one id from its first sealing until its outcome is known, over any number of calls
// and processes (client/state/outbox.h). What was sent once is sent again first, byte for byte: the
// broker commits an id once and answers the same bytes with the same receipt for ever. Only bytes
// that it refused are sealed anew, under the same id: a refused publish records nothing, and were
// the refusal wrong, the id would be taken.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/draft/draft.h"
#include "client/publish/attachment_spool.h"
#include "client/publish/held_bulletin.h"
#include "client/publish/outbox_sender.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/plan_share.h"
#include "client/publish/publication_plan.h"
#include "client/publish/publish_conditions.h"
#include "client/publish/seal_bulletin.h"
#include "client/publish/share_source.h"
#include "client/state/outbox.h"

namespace shield {

// How often a bulletin is sealed again because the directory moved while it was on its way.
inline constexpr int kMaxReseals = 5;

// Thread-safe as its parts are.
class Publisher {
 public:
  // Attachments are sealed into `spool_folder`.
  Publisher(const ClientParts& parts, std::string spool_folder)
      : parts_(parts), spool_folder_(std::move(spool_folder)), sender_(parts_, spool_folder_) {}

  // Under the newest directory held.
  absl::StatusOr<PublicationPlan> Plan(const Draft& draft);
  // Whether `member` would be among its readers.
  absl::StatusOr<Decision> Explain(const Draft& draft, const MemberId& member);

  // Under the newest directory the broker has; a draft of which an earlier call does not know the
  // outcome is brought to its end instead (replayed when it had been published). Errors:
  //   FAILED_PRECONDITION DIRECTORY_EXPIRED or DIRECTORY_STALE
  //
  //   ABORTED: the directory moved kMaxReseals times
  //
  //   DATA_LOSS RECEIPT_MISMATCH: the receipt is about another bulletin
  //
  //   DATA_LOSS LOG_…: the broker gave a receipt, and its log does not hold the bulletin, or is
  //   refused itself (client/log/log_keeper.h); it is noted as published
  //
  //   any other that says "is not confirmed" with the id: it may have been published; the same
  //   draft again asks for the answer, within kMaxOutboxAge
  //
  // and with conditions
  //   ABORTED DIRECTORY_MOVED: another directory is in force than the one that was asked; nothing
  //   was sent
  //
  //   ALREADY_EXISTS: what the draft stands instead of was published after all, and the draft not
  absl::StatusOr<Published> Publish(const Draft& draft, const PublishConditions& conditions = {});
  // Whether the broker has committed what an earlier call left open, by the inbox here or by the
  // broker's answer. The errors of SourceStatement but NOT_FOUND.
  absl::StatusOr<bool> IsCommitted(const BulletinId& pending);
  // Takes back a bulletin of the own organisation; once, as Publish does, and under an expired
  // directory too. One that was not sealed to this member need not be here: the broker gives its
  // statement to whoever may withdraw it. Errors as Publish, and
  //   NOT_FOUND: it is not in this home, and the broker gives no statement of it
  //
  //   PERMISSION_DENIED NOT_SOURCE, WITHDRAWN, …: policy refuses it
  absl::StatusOr<Published> Withdraw(const BulletinId& id);
  // Passes a bulletin on, once, as Publish does: seals its file key for those whom `order` names,
  // and uploads nothing else. Not the reason: that is a message of its own (client/client.h).
  // Errors as Publish, and
  //   PERMISSION_DENIED NEED_TO_KNOW_MISSING, CLIENT_NOT_TRANSITIVE, …: policy refuses it
  absl::StatusOr<PublicationPlan> PlanShare(const ShareSource& source, const ShareOrder& order);
  absl::StatusOr<Published> Share(const ShareSource& source, const ShareOrder& order);
  // What an earlier call sent that stands to `target` so, and does not know the outcome of; the
  // newest. The bulletin it ends may have ended, so that the draft cannot be made again.
  absl::StatusOr<std::optional<PendingBulletin>> FindPending(Relation relation,
                                                             const BulletinId& target);
  // Brings it to its end: the same bytes are sent again. Errors as Publish; NOT_FOUND when there is
  // none of this id, ALREADY_EXISTS when the broker has other bytes under it: it is forgotten
  // then. What else the broker refuses stays: publishing the same draft seals it anew.
  absl::StatusOr<Published> Resume(const BulletinId& pending);
  // Whether an earlier call left open what became of this draft: then Publish asks for the answer,
  // and what policy or a clock would say of the draft by now does not matter yet.
  absl::StatusOr<bool> IsUnconfirmed(const Draft& draft);
  // The same of a withdrawal of this bulletin.
  absl::StatusOr<bool> IsWithdrawalUnconfirmed(const BulletinId& id);
  // What Withdraw would be refused with; nothing is sent. Of a bulletin that is not in this home
  // the broker is asked for the statement.
  absl::Status CheckWithdrawal(const BulletinId& id);

 private:
  absl::StatusOr<PlannedBulletin> PlanUnder(const VerifiedDirectory& directory, const Draft& draft,
                                            const BulletinId& id);
  absl::StatusOr<std::vector<Reference>> References(const VerifiedDirectory& directory,
                                                    const Draft& draft);
  absl::StatusOr<HeldBulletin> Held(const BulletinId& id);
  absl::StatusOr<bool> HasWithdrawn(const BulletinId& id);
  absl::StatusOr<HeldBulletin> HeldOrGiven(const BulletinId& id);
  absl::StatusOr<bool> IsPending(const Digest& digest);
  PublishingMember Author() const;

  absl::StatusOr<Published> SendPending(
      const Digest& digest,
      const std::function<absl::StatusOr<Published>(OutboxEntry entry)>& begin);
  // Fills the entry anew for a directory; gives whom nothing could be sealed to.
  using Renewal = std::function<absl::StatusOr<std::vector<PlannedReader>>(
      const VerifiedDirectory& directory, OutboxEntry& entry)>;
  // Sends an entry without attachments as often as the directory moves.
  absl::StatusOr<Published> RenewAndSend(std::shared_ptr<const VerifiedDirectory> directory,
                                         const Renewal& renew, OutboxEntry entry);
  absl::StatusOr<std::vector<PlannedReader>> WrapInto(OutboxEntry& entry, const ShareSource& source,
                                                      const ShareOrder& order,
                                                      const VerifiedDirectory& directory);
  absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> DirectoryForWithdrawal();
  absl::StatusOr<Statement> PlanWithdrawalOf(const BulletinId& target, const BulletinId& id,
                                             const VerifiedDirectory& directory);
  absl::StatusOr<bool> TakesOver(const PublishConditions& conditions, const Digest& draft);
  absl::StatusOr<Published> SealAndSend(const Draft& draft, OutboxEntry entry,
                                        const PublishConditions& conditions);
  absl::Status CheckStoodInstead(const PublishConditions& conditions, const OutboxEntry& entry);
  // Gives whom nothing could be sealed to.
  absl::StatusOr<std::vector<PlannedReader>> SealInto(OutboxEntry& entry, const Draft& draft,
                                                      const AttachmentSpool& spool,
                                                      const VerifiedDirectory& directory);

  const ClientParts parts_;
  const std::string spool_folder_;
  OutboxSender sender_;
};

}  // namespace shield
