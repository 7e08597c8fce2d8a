#include "broker/core/reference_check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status.h"
#include "broker/core/refusals.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/share.h"

namespace shield::broker {
namespace {

store::Effect EffectOf(Relation relation) {
  switch (relation) {
    case Relation::kWithdraws:
      return store::Effect::kWithdraws;
    case Relation::kSupersedes:
    case Relation::kRelabels:
      return store::Effect::kSupersedes;
    case Relation::kShares:
      return store::Effect::kShares;
    case Relation::kExtends:
    case Relation::kPermits:
    case Relation::kReplies:
    case Relation::kUnspecified:
      break;
  }
  return store::Effect::kNone;
}

absl::Status CheckCopied(const Statement& withdrawal, const Statement& target) {
  if (withdrawal.tlp == target.tlp && withdrawal.audience == target.audience) {
    return absl::OkStatus();
  }
  return ReferenceMismatch("a withdrawal repeats label and audience of what it takes back");
}

bool HasEnded(const store::BulletinRecord& share, absl::Time now) {
  return share.state != store::BulletinState::kLive || share.expires <= now;
}

// Whether the share named the holder of this leaf where it is now. Its sender, who holds it too, it
// does not name.
bool NamedIn(const store::BulletinRecord& share, uint32_t leaf, const OrgId& org) {
  for (const store::NamedRecipient& named : share.named) {
    if (named.leaf_index == leaf) return named.org == org;
  }
  return false;
}

// Until when the member holds the bulletin by shares: by those of others that named it in the
// organisation it has, and have neither been taken back nor come to their end. Nothing when by
// none.
absl::StatusOr<std::optional<absl::Time>> HeldByShareUntil(const CoreParts& parts, const Seat& seat,
                                                           const BulletinId& original,
                                                           absl::Time now) {
  std::optional<absl::Time> until;
  ASSIGN_OR_RETURN(const std::vector<BulletinId> shares, parts.store.ReadShares(original));
  for (const BulletinId& share : shares) {
    ASSIGN_OR_RETURN(const std::optional<uint32_t> leaf,
                     parts.holders.LeafOf(seat.member->id, share));
    if (!leaf.has_value()) continue;
    ASSIGN_OR_RETURN(const store::BulletinRecord record, parts.store.ReadBulletin(share));
    const bool own = record.sender == seat.member->id;
    if (own || HasEnded(record, now) || !NamedIn(record, *leaf, seat.org->id)) continue;
    until = std::max(record.expires, until.value_or(record.expires));
  }
  return until;
}

// What ends a bulletin tells everybody who holds a share of it, in one commit.
absl::Status CheckRoomForShare(const CoreParts& parts, const BulletinId& original,
                               const MemberId& sharer) {
  ASSIGN_OR_RETURN(const std::vector<BulletinId> shares, parts.store.ReadShares(original));
  if (shares.size() >= kMaxShares) {
    return TooMuch("shares of one bulletin", shares.size() + 1, kMaxShares);
  }
  size_t own = 0;
  for (const BulletinId& share : shares) {
    ASSIGN_OR_RETURN(const store::BulletinRecord record, parts.store.ReadBulletin(share));
    own += record.sender == sharer ? 1 : 0;
  }
  if (own < kMaxSharesOfAMember) return absl::OkStatus();
  return TooMuch("shares of one bulletin by one member", own + 1, kMaxSharesOfAMember);
}

// The bulletin that a reference names, and how its author has it.
struct Referred {
  ShelvedBulletinPtr bulletin;
  std::optional<uint32_t> leaf;
  std::optional<absl::Time> by_share_until;  // it has it by a share alone
};

// NOT_FOUND, in the same words, for one that is not there and one this member may not know of.
absl::StatusOr<Referred> FindReferred(const CoreParts& parts, const Seat& seat,
                                      const Reference& reference, absl::Time now) {
  const MemberId& member = seat.member->id;
  Referred referred;
  absl::StatusOr<ShelvedBulletinPtr> found = parts.shelf.Take(reference.id, *seat.posted);
  if (absl::IsNotFound(found.status())) return NoSuchBulletin();
  ASSIGN_OR_RETURN(referred.bulletin, std::move(found));
  ASSIGN_OR_RETURN(referred.leaf, parts.holders.LeafOf(member, reference.id));
  if (referred.leaf.has_value()) return referred;
  if (reference.relation == Relation::kShares) {
    ASSIGN_OR_RETURN(referred.by_share_until, HeldByShareUntil(parts, seat, reference.id, now));
  }
  if (referred.by_share_until.has_value()) return referred;
  const bool own =
      referred.bulletin->record.source == seat.org->id && IsAnalyst(*seat.member, *seat.org);
  if (!own) return NoSuchBulletin();
  return referred;
}

absl::Status CheckText(const Referred& referred, const Reference& reference) {
  if (reference.text_digest == referred.bulletin->record.text_digest) return absl::OkStatus();
  return ReferenceMismatch("a bulletin it refers to has another text than it says");
}

// Any relation but shares.
absl::Status CheckRelation(const ShelvedBulletin& original, const Seat& seat,
                           const Statement& statement, const Reference& reference, absl::Time now) {
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(original, seat.directory()));
  const RelationRequest request{reference.relation, statement.author, statement.tlp};
  const Decision decision = DecideRelation(seat.directory(), terms, request, now);
  if (!decision.allowed) return RefusalOf(decision);
  return statement.IsWithdrawal() ? CheckCopied(statement, original.statement) : absl::OkStatus();
}

// Whether policy lets it be passed on is asked with its audience.
absl::StatusOr<PassedOn> CheckPassedOn(const Referred& referred, const Seat& seat,
                                       const Statement& share) {
  const ShelvedBulletin& original = *referred.bulletin;
  if (original.statement.Find(Relation::kShares) != nullptr) {
    return ReferenceMismatch("a share names the original, not another share");
  }
  RETURN_IF_ERROR(CheckRepeats(share, original.statement));
  if (share.expires > referred.by_share_until.value_or(share.expires)) {
    return ReferenceMismatch(
        "a share ends no later than that by which its sharer has the bulletin");
  }
  if (!original.terms.has_value()) return NoSuchBulletin();
  const MemberId& member = seat.member->id;
  Reader sharer = referred.leaf.has_value() ? original.HolderOf(member, *referred.leaf)
                                            : Reader::WithoutEntry(member);
  return PassedOn{referred.bulletin, std::move(sharer), referred.by_share_until.has_value()};
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
    ASSIGN_OR_RETURN(const Referred referred, FindReferred(parts, seat, reference, now));
    RETURN_IF_ERROR(CheckText(referred, reference));
    if (reference.relation == Relation::kShares) {
      ASSIGN_OR_RETURN(checked.passed_on, CheckPassedOn(referred, seat, statement));
      RETURN_IF_ERROR(CheckRoomForShare(parts, reference.id, statement.author));
    } else {
      RETURN_IF_ERROR(CheckRelation(*referred.bulletin, seat, statement, reference, now));
    }
    checked.referrals.push_back({reference.id, EffectOf(reference.relation)});
    if (statement.IsWithdrawal()) checked.openings = referred.bulletin->record.openings;
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
