// What a bulletin refers to, in the broker in memory: whether its author may stand to those so, and
// what becomes of them and of who holds them (docs/spec/statement.md, "References").
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/mock/memory_broker.h"
#include "client/mock/no_such_bulletin.h"
#include "client/receive/openings.h"
#include "crypto/sha256.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/proof/verified_statement.h"
#include "policy/terms.h"

namespace shield {
namespace {

absl::Status ReferenceMismatch(absl::string_view how) {
  return WithRule(absl::InvalidArgumentError(absl::StrCat("bulletin refused: ", how)),
                  "REFERENCE_MISMATCH");
}

// How a bulletin ends that another stands to so; live: it does not.
DeliveryState StateAfter(Relation relation) {
  switch (relation) {
    case Relation::kWithdraws:
      return DeliveryState::kWithdrawn;
    case Relation::kSupersedes:
    case Relation::kRelabels:
      return DeliveryState::kSuperseded;
    case Relation::kExtends:
    case Relation::kPermits:
    case Relation::kReplies:
    case Relation::kShares:
    case Relation::kUnspecified:
      break;
  }
  return DeliveryState::kLive;
}

BulletinState PolicyState(DeliveryState state) {
  if (state == DeliveryState::kWithdrawn) return BulletinState::kWithdrawn;
  if (state == DeliveryState::kSuperseded) return BulletinState::kSuperseded;
  return BulletinState::kLive;
}

bool Contains(const std::vector<MemberId>& members, const MemberId& member) {
  return std::find(members.begin(), members.end(), member) != members.end();
}

absl::Status CheckCopied(const Statement& withdrawal, const Statement& target) {
  if (withdrawal.tlp == target.tlp && withdrawal.audience == target.audience) {
    return absl::OkStatus();
  }
  return ReferenceMismatch("a withdrawal repeats label and audience of what it takes back");
}

}  // namespace

absl::StatusOr<std::vector<MemoryBroker::Referral>> MemoryBroker::CheckReferences(
    const Statement& statement) {
  std::vector<Referral> referrals;
  for (const Reference& reference : statement.references) {
    RETURN_IF_ERROR(CheckReference(statement, reference));
    referrals.push_back({reference.id, StateAfter(reference.relation)});
  }
  return referrals;
}

absl::Status MemoryBroker::CheckReference(const Statement& statement, const Reference& reference) {
  const Directory& records = directory_->directory();
  const auto found = bulletins_.find(reference.id);
  if (found == bulletins_.end()) return NoSuchBulletin();
  const Bulletin& original = found->second;
  const bool shares = reference.relation == Relation::kShares;
  const bool knows = Contains(original.readers, statement.author) ||
                     original.source == records.FindMember(statement.author)->org ||
                     (shares && HeldByShareUntil(statement.author, reference.id).has_value());
  if (!knows) return NoSuchBulletin();
  if (reference.text_digest != original.text_digest) {
    return ReferenceMismatch("a bulletin it refers to has another text than it says");
  }
  if (shares) return absl::OkStatus();  // memory_shares.cc says the rest
  ASSIGN_OR_RETURN(const Statement target, ReadClaimedStatement(original.statement));
  ASSIGN_OR_RETURN(const Terms terms, TermsOfOriginal(original, target));
  const RelationRequest request{reference.relation, statement.author, statement.tlp};
  const Decision decision = DecideRelation(records, terms, request, clock_.Now());
  if (!decision.allowed) return RefusalOf(decision);
  return statement.IsWithdrawal() ? CheckCopied(statement, target) : absl::OkStatus();
}

// What policy knows of it, whether or not its author is a member still.
absl::StatusOr<Terms> MemoryBroker::TermsOfOriginal(const Bulletin& original,
                                                    const Statement& statement) {
  const Directory& records = directory_->directory();
  const OrgRecord* source = records.FindOrg(original.source);
  if (source == nullptr) return NoSuchBulletin();
  std::vector<AudienceToken> audience;
  if (records.FindMember(original.author) != nullptr) {
    ASSIGN_OR_RETURN(audience,
                     OpenAudience(statement.audience, original.openings, OpeningsNeeded::kAll));
  }
  Terms terms = TermsOf(statement, *source, std::move(audience));
  terms.community = original.community;
  terms.author_standing = AuthorStanding::kProvenAtPublish;
  terms.state = PolicyState(original.state);
  return terms;
}

absl::StatusOr<std::vector<Opening>> MemoryBroker::OpeningsOf(const Statement& statement,
                                                              const PublishOffer& offer) {
  if (!statement.IsWithdrawal()) return ReadOpenings(offer.openings);
  if (offer.openings.empty()) return bulletins_.at(statement.references.front().id).openings;
  return WithRule(absl::InvalidArgumentError("the call is out of order: the openings of a "
                                             "withdrawal are those of what it takes back"),
                  "MESSAGE_MALFORMED");
}

std::vector<MemberId> MemoryBroker::HoldersToTell(const Bulletin& bulletin,
                                                  const std::vector<Referral>& referrals) {
  std::set<MemberId> known(bulletin.readers.begin(), bulletin.readers.end());
  std::vector<MemberId> told;
  for (const Referral& referral : referrals) {
    if (referral.state == DeliveryState::kLive) continue;
    for (const BulletinId& id : EndedWith(referral)) {
      const Bulletin& ended = bulletins_.at(id);
      for (const auto* holders : {&ended.readers, &ended.told}) {
        for (const MemberId& holder : *holders) {
          if (!IsGone(holder) && known.insert(holder).second) told.push_back(holder);
        }
      }
    }
  }
  return told;
}

// Revoked, or no member any more: such a one is told nothing.
bool MemoryBroker::IsGone(const MemberId& id) {
  const Directory& records = directory_->directory();
  const MemberRecord* member = records.FindMember(id);
  return member == nullptr || member->state == AccountState::kRevoked ||
         records.OrgOf(*member).state == AccountState::kRevoked;
}

void MemoryBroker::Tell(Bulletin& bulletin, const std::vector<MemberId>& holders) {
  auto index = static_cast<uint32_t>(bulletin.readers.size());
  for (const MemberId& holder : holders) {
    DeliveredEntry entry = EntryFor(bulletin, holder);
    entry.slot_hash = Sha256(ByteSpan());
    entry.leaf_index = index++;
    PutInto(holder, std::move(entry), bulletin.text_digest);
  }
  bulletin.told = holders;
  bulletin.receipt.told = holders.size();
}

// Whoever reads them from now on finds tombstones.
void MemoryBroker::End(const std::vector<Referral>& referrals, const std::string& ending) {
  for (const Referral& referral : referrals) {
    if (referral.state == DeliveryState::kLive) continue;
    for (const BulletinId& id : EndedWith(referral)) {
      Bulletin& ended = bulletins_.at(id);
      // A share that was taken back before stays so.
      if (ended.state == DeliveryState::kWithdrawn && id != referral.id) continue;
      EndOne(ended, referral.state, ending);
    }
  }
}

void MemoryBroker::EndOne(Bulletin& ended, DeliveryState state, const std::string& ending) {
  ended.state = state;
  for (const auto* holders : {&ended.readers, &ended.told}) {
    for (const MemberId& holder : *holders) {
      for (DeliveredEntry& entry : inboxes_[holder].entries) {
        if (entry.statement != ended.statement) continue;
        entry.state = state;
        entry.ended_by = ending;
        entry.slot.clear();
        entry.payload.clear();
      }
    }
  }
}

}  // namespace shield
