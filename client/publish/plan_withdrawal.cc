#include "client/publish/plan_withdrawal.h"

#include <algorithm>

#include "base/status.h"
#include "client/receive/openings.h"
#include "crypto/sha256.h"

namespace shield {

absl::StatusOr<Statement> PlanWithdrawal(const HeldBulletin& target, const BulletinId& id,
                                         const PublishingMember& author,
                                         const VerifiedDirectory& directory, absl::Time now) {
  ASSIGN_OR_RETURN(const Statement original, ReadClaimedStatement(target.statement));
  ASSIGN_OR_RETURN(const Reference reference,
                   ReferTo(target, {Relation::kWithdraws, author.member, original.tlp},
                           directory.directory(), now));

  Statement statement{author.network, id, author.member, author.verifier};
  statement.bulletin_class = BulletinClass::kControl;
  statement.issued = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  statement.not_before = statement.issued;
  statement.expires = std::max(original.expires, statement.issued + kWithdrawalLife);
  statement.tlp = original.tlp;
  statement.priority = original.priority;
  statement.status = original.status;
  statement.audience = original.audience;
  statement.references = {reference};
  statement.directory_version = directory.version();
  statement.directory_digest = directory.digest();
  statement.recipients_root = Sha256(ByteSpan());
  statement.payload = {0, Sha256(ByteSpan())};
  return statement;
}

}  // namespace shield
