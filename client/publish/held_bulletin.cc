#include "client/publish/held_bulletin.h"

#include "base/status.h"
#include "client/receive/openings.h"
#include "crypto/note.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

BulletinState StateOf(DeliveryState state) {
  if (state == DeliveryState::kWithdrawn) return BulletinState::kWithdrawn;
  if (state == DeliveryState::kSuperseded) return BulletinState::kSuperseded;
  return BulletinState::kLive;
}

absl::StatusOr<Terms> TermsOfHeld(const HeldBulletin& held, const Statement& statement,
                                  const Directory& directory) {
  const OrgRecord* org = held.source.has_value() ? directory.FindOrg(*held.source) : nullptr;
  if (org != nullptr) return TermsOf(statement, *org, {});
  return TermsOf(directory, statement, {});
}

}  // namespace

// The organisation that is kept with a share is that of its original's author, not the sharer's.
HeldBulletin HeldAs(const KeptEntry& kept) {
  return {kept.delivered.statement, kept.original.has_value() ? std::nullopt : kept.author_org,
          StateOf(kept.delivered.state)};
}

absl::StatusOr<Reference> ReferTo(const HeldBulletin& held, const RelationRequest& request,
                                  const Directory& directory, absl::Time now) {
  ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(held.statement));
  ASSIGN_OR_RETURN(const SignedNote note, ParseNote(held.statement));
  const Reference reference{request.relation, statement.id, Sha256(note.text)};
  if (request.relation == Relation::kReplies) return reference;
  ASSIGN_OR_RETURN(Terms terms, TermsOfHeld(held, statement, directory));
  terms.state = held.state;
  const Decision decision = DecideRelation(directory, terms, request, now);
  if (!decision.allowed) return Annotate(RefusalOf(decision), "bulletin refused");
  return reference;
}

}  // namespace shield
