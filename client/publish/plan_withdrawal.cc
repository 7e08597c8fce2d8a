#include "client/publish/plan_withdrawal.h"

#include <algorithm>

#include "base/status.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/sha256.h"
#include "policy/decide.h"
#include "policy/terms.h"

namespace shield {
namespace {

absl::StatusOr<Terms> TermsOfTarget(const Statement& target, const std::optional<OrgId>& source,
                                    const Directory& directory) {
  const OrgRecord* org = source.has_value() ? directory.FindOrg(*source) : nullptr;
  if (org != nullptr) return TermsOf(target, *org, {});
  return TermsOf(directory, target, {});
}

}  // namespace

absl::StatusOr<Statement> PlanWithdrawal(const WithdrawnBulletin& target, const BulletinId& id,
                                         const PublishingMember& author,
                                         const VerifiedDirectory& directory, absl::Time now) {
  ASSIGN_OR_RETURN(const Statement original, ReadClaimedStatement(target.statement));
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(target.statement));
  ASSIGN_OR_RETURN(const Terms terms,
                   TermsOfTarget(original, target.source, directory.directory()));
  const Decision decision = DecideRelation(
      directory.directory(), terms, {Relation::kWithdraws, author.member, original.tlp}, now);
  if (!decision.allowed) return Annotate(RefusalOf(decision), "withdrawal refused");

  Statement statement{author.network, id, author.member, author.verifier};
  statement.bulletin_class = BulletinClass::kControl;
  statement.issued = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  statement.not_before = statement.issued;
  statement.expires = std::max(original.expires, statement.issued + kWithdrawalLife);
  statement.tlp = original.tlp;
  statement.priority = original.priority;
  statement.status = original.status;
  statement.audience = original.audience;
  statement.references = {{Relation::kWithdraws, original.id, Sha256(note.text)}};
  statement.directory_version = directory.version();
  statement.directory_digest = directory.digest();
  statement.recipients_root = Sha256(ByteSpan());
  statement.payload = {0, Sha256(ByteSpan())};
  return statement;
}

}  // namespace shield
