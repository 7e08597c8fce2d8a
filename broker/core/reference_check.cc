#include "broker/core/reference_check.h"

#include <optional>
#include <utility>

#include "base/status.h"
#include "broker/core/refusals.h"
#include "policy/account.h"
#include "policy/decide.h"

namespace shield::broker {
namespace {

std::optional<store::Effect> EffectOf(Relation relation) {
  switch (relation) {
    case Relation::kWithdraws:
      return store::Effect::kWithdraws;
    case Relation::kSupersedes:
    case Relation::kRelabels:
      return store::Effect::kSupersedes;
    case Relation::kExtends:
    case Relation::kPermits:
    case Relation::kReplies:
      return store::Effect::kNone;
    case Relation::kShares:
    case Relation::kUnspecified:
      break;
  }
  return std::nullopt;
}

absl::Status CheckCopied(const Statement& withdrawal, const Statement& target) {
  if (withdrawal.tlp == target.tlp && withdrawal.audience == target.audience) {
    return absl::OkStatus();
  }
  return ReferenceMismatch("a withdrawal repeats label and audience of what it takes back");
}

// One reference, of a bulletin that the caller may know of.
absl::Status CheckRelation(const ShelvedBulletin& original, const Seat& seat,
                           const Statement& statement, const Reference& reference, absl::Time now) {
  if (reference.text_digest != original.record.text_digest) {
    return ReferenceMismatch("a bulletin it refers to has another text than it says");
  }
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(original, seat.directory()));
  const RelationRequest request{reference.relation, statement.author, statement.tlp};
  const Decision decision = DecideRelation(seat.directory(), terms, request, now);
  if (!decision.allowed) return RefusalOf(decision);
  return statement.IsWithdrawal() ? CheckCopied(statement, original.statement) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<Terms> TermsOfOriginal(const ShelvedBulletin& original, const Directory& directory) {
  if (original.terms.has_value()) return *original.terms;
  const OrgRecord* source = directory.FindOrg(*original.record.source);
  if (source == nullptr) return NoSuchBulletin();
  Terms terms = TermsOf(original.statement, *source, {});
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  terms.state = PolicyState(original.record.state);
  return terms;
}

absl::StatusOr<CheckedReferences> CheckReferences(const CoreParts& parts, const Seat& seat,
                                                  const VerifiedStatement& verified,
                                                  absl::Time now) {
  CheckedReferences checked;
  const Statement& statement = verified.statement();
  for (const Reference& reference : statement.references) {
    const std::optional<store::Effect> effect = EffectOf(reference.relation);
    if (!effect.has_value()) return RelationUnsupported(PrintRelation(reference.relation));
    const absl::StatusOr<ShelvedBulletinPtr> original =
        parts.shelf.Take(reference.id, *seat.posted);
    if (absl::IsNotFound(original.status())) return NoSuchBulletin();
    RETURN_IF_ERROR(original.status());
    ASSIGN_OR_RETURN(const std::optional<uint32_t> leaf,
                     parts.holders.LeafOf(seat.member->id, reference.id));
    const store::BulletinRecord& record = (*original)->record;
    const bool of_source = record.source == seat.org->id && IsAnalyst(*seat.member, *seat.org);
    if (!leaf.has_value() && !of_source) return NoSuchBulletin();
    RETURN_IF_ERROR(CheckRelation(**original, seat, statement, reference, now));
    checked.referrals.push_back({reference.id, *effect});
    if (statement.IsWithdrawal()) checked.openings = record.openings;
  }
  return checked;
}

absl::StatusOr<std::vector<MemberId>> NotTold(store::Store& store, const Directory& directory,
                                              const std::vector<store::Referral>& referrals) {
  std::vector<MemberId> not_told;
  for (const store::Referral& referral : referrals) {
    if (!store::Ends(referral.effect)) continue;
    ASSIGN_OR_RETURN(std::vector<BulletinId> held, store.ReadShares(referral.id));
    held.push_back(referral.id);
    for (const BulletinId& id : held) {
      ASSIGN_OR_RETURN(const auto holders, store.ReadRecipientCursors(id));
      for (const store::RecipientCursor& holder : holders) {
        const MemberRecord* member = directory.FindMember(holder.member);
        const bool gone = member == nullptr || member->state == AccountState::kRevoked ||
                          directory.OrgOf(*member).state == AccountState::kRevoked;
        if (gone) not_told.push_back(holder.member);
      }
    }
  }
  return not_told;
}

}  // namespace shield::broker
