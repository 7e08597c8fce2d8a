// Publishes drafts: plans, seals, uploads, and seals again when the directory moved meanwhile.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/draft/draft.h"
#include "client/publish/attachment_spool.h"
#include "client/publish/plan_bulletin.h"
#include "client/publish/publication_plan.h"
#include "client/publish/seal_bulletin.h"

namespace shield {

// How often a bulletin is sealed again because the directory moved while it was on its way.
inline constexpr int kMaxReseals = 5;

// Thread-safe as its parts are.
class Publisher {
 public:
  // Attachments are sealed into `spool_folder`.
  Publisher(const ClientParts& parts, std::string spool_folder)
      : parts_(parts), spool_folder_(std::move(spool_folder)) {}

  // Under the newest directory held.
  absl::StatusOr<PublicationPlan> Plan(const Draft& draft);
  // Whether `member` would be among its readers.
  absl::StatusOr<Decision> Explain(const Draft& draft, const MemberId& member);

  // Under the newest directory the broker has. A lost answer is asked for again with the same
  // bytes: the broker commits them once. FAILED_PRECONDITION DIRECTORY_EXPIRED or DIRECTORY_STALE;
  // ABORTED when the directory moved kMaxReseals times.
  absl::StatusOr<Published> Publish(const Draft& draft);

 private:
  absl::StatusOr<PlannedBulletin> PlanUnder(const VerifiedDirectory& directory, const Draft& draft);
  absl::StatusOr<std::vector<Reference>> References(const Draft& draft);
  PublishingMember Author() const;
  Published Record(const BulletinId& id, const SealedBulletin& sealed,
                   const PublishReceipt& receipt);
  absl::StatusOr<PublishReceipt> Upload(const SealedBulletin& sealed, const AttachmentSpool& spool);
  absl::StatusOr<PublishReceipt> UploadOnce(const SealedBulletin& sealed,
                                            const AttachmentSpool& spool, absl::Duration timeout);

  const ClientParts parts_;
  const std::string spool_folder_;
};

}  // namespace shield
