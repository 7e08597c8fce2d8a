#include "client/publish/publisher.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/board/read_board.h"
#include "client/publish/deadline.h"
#include "client/publish/draft_digest.h"
#include "client/publish/explain.h"
#include "client/publish/plan_withdrawal.h"
#include "client/publish/without_key.h"
#include "client/receive/openings.h"
#include "crypto/sha256.h"
#include "policy/decision.h"
#include "policy/proof/verified_statement.h"

namespace shield {
namespace {

BulletinId NewBulletinId(Random& random) {
  std::array<uint8_t, BulletinId::kSize> raw{};
  random.Fill(raw);
  return BulletinId(raw);
}

absl::Status NotHere(const BulletinId& id) {
  return WithHint(
      absl::NotFoundError(absl::StrCat("there is no bulletin `", id.ToHex(), "` in this home")),
      "fetch the inbox first: `shield inbox ls` lists what is there");
}

// Names a withdrawal in the outbox: one of a bulletin is enough.
Digest WithdrawalDigest(const BulletinId& id) {
  return Sha256(absl::StrCat("shield/withdrawal/v1", id.ToHex()));
}

// Names a share in the outbox.
Digest ShareDigest(const ShareOrder& order) {
  Sha256Hasher hasher;
  hasher.Update("shield/share/v1");
  hasher.Update(order.id.ToHex());
  for (const AudienceToken& token : order.to) {
    hasher.Update(absl::StrCat("\n", PrintAudienceToken(token)));
  }
  hasher.Update(absl::StrCat("\n\n", order.reason));
  return hasher.Finish();
}

// Whom the draft may reach was asked of another directory than the one in force.
absl::Status CheckDirectory(const PublishConditions& conditions,
                            const VerifiedDirectory& directory) {
  if (!conditions.directory.has_value() || *conditions.directory == directory.held()) {
    return absl::OkStatus();
  }
  return WithHint(
      WithRule(absl::AbortedError(absl::StrCat("the directory has moved from version ",
                                               conditions.directory->version, " to ",
                                               directory.version(), "; nothing was sent")),
               "DIRECTORY_MOVED"),
      "ask again whom it may reach, and send it then");
}

void NoteWithoutKey(std::vector<PlannedReader> without_key, Published& published) {
  if (without_key.empty()) return;
  published.warnings.emplace_back(kRecipientWithoutKey);
  published.without_key = std::move(without_key);
}

// Where it is meant to reach the source's own seats alone, the broker's warning of that is none.
absl::StatusOr<Published> MeantSo(const Draft& draft, absl::StatusOr<Published> published) {
  if (published.ok() && OwnSeatsOf(draft) == OwnSeats::kSuffice) {
    std::erase(published->warnings, RuleName(Rule::kEmptyAudience));
  }
  return published;
}

std::vector<MemberId> NamesOf(const Audience& audience) {
  std::vector<MemberId> names;
  names.reserve(audience.recipients.size());
  for (const Chosen& chosen : audience.recipients) names.push_back(chosen.member);
  return names;
}

}  // namespace

PublishingMember Publisher::Author() const {
  return {parts_.keys.network, parts_.keys.member, parts_.keys.Verifier().ToString()};
}

absl::StatusOr<HeldBulletin> Publisher::Held(const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindBulletin(id));
  if (kept.has_value()) return HeldAs(*kept);
  // Its own entry may not have come yet.
  ASSIGN_OR_RETURN(const std::optional<Publication> own, parts_.state.FindPublication(id));
  if (!own.has_value()) return NotHere(id);
  return HeldBulletin{own->statement, std::nullopt, BulletinState::kLive};
}

// What earlier bulletins are called by: the digests of the texts this home holds.
absl::StatusOr<std::vector<Reference>> Publisher::References(const VerifiedDirectory& directory,
                                                             const Draft& draft) {
  std::vector<Reference> references;
  for (const DraftReference& each : draft.refs) {
    ASSIGN_OR_RETURN(const HeldBulletin held, Held(each.id));
    ASSIGN_OR_RETURN(const Reference reference,
                     ReferTo(held, {each.relation, parts_.keys.member, draft.tlp},
                             directory.directory(), parts_.clock.Now()));
    references.push_back(reference);
  }
  return references;
}

// Whether this home has published what takes it back.
absl::StatusOr<bool> Publisher::HasWithdrawn(const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::vector<Publication> publications, parts_.state.Publications());
  for (const Publication& each : publications) {
    ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(each.statement));
    const Reference* target = statement.Find(Relation::kWithdraws);
    if (target != nullptr && target->id == id) return true;
  }
  return false;
}

// What may be withdrawn without being held: RED of a colleague's.
absl::StatusOr<HeldBulletin> Publisher::HeldOrGiven(const BulletinId& id) {
  absl::StatusOr<HeldBulletin> held = Held(id);
  if (!absl::IsNotFound(held.status())) return held;
  absl::StatusOr<std::string> statement = SourceStatement(parts_, id);
  if (absl::IsNotFound(statement.status())) return held;
  RETURN_IF_ERROR(statement.status());
  ASSIGN_OR_RETURN(const bool withdrawn, HasWithdrawn(id));
  return HeldBulletin{*std::move(statement), std::nullopt,
                      withdrawn ? BulletinState::kWithdrawn : BulletinState::kLive};
}

absl::StatusOr<std::optional<PendingBulletin>> Publisher::FindPending(Relation relation,
                                                                      const BulletinId& target) {
  RETURN_IF_ERROR(sender_.Tidy());
  ASSIGN_OR_RETURN(const std::vector<OutboxEntry> outbox, parts_.state.Outbox());
  std::optional<PendingBulletin> newest;
  for (const OutboxEntry& entry : outbox) {
    ASSIGN_OR_RETURN(const Statement statement, ReadClaimedStatement(entry.statement));
    const bool stands_so = std::any_of(
        statement.references.begin(), statement.references.end(),
        [&](const Reference& each) { return each.relation == relation && each.id == target; });
    if (!stands_so) continue;
    ASSIGN_OR_RETURN(const std::vector<Opening> openings, ReadOpenings(entry.openings));
    ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                     OpenAudience(statement.audience, openings, OpeningsNeeded::kSome));
    newest = PendingBulletin{entry.id, statement.tlp, std::move(audience)};
  }
  return newest;
}

absl::StatusOr<Published> Publisher::Resume(const BulletinId& pending) {
  ASSIGN_OR_RETURN(const std::vector<OutboxEntry> outbox, parts_.state.Outbox());
  for (const OutboxEntry& entry : outbox) {
    if (entry.id != pending) continue;
    ASSIGN_OR_RETURN(const SpooledFiles files, sender_.FilesOf(entry));
    if (!files.Complete()) break;
    const absl::StatusOr<Published> published = sender_.Send(entry);
    // Its id has gone to other bytes: these are never taken.
    if (absl::IsAlreadyExists(published.status())) sender_.Discard(entry);
    return published;
  }
  return NotHere(pending);
}

absl::StatusOr<PlannedBulletin> Publisher::PlanUnder(const VerifiedDirectory& directory,
                                                     const Draft& draft, const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::vector<Reference> references, References(directory, draft));
  return PlanBulletin(draft, id, Author(), references, directory, parts_.clock.Now());
}

absl::StatusOr<PublicationPlan> Publisher::Plan(const Draft& draft) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const PlannedBulletin planned,
                   PlanUnder(*directory, draft, NewBulletinId(parts_.random)));
  return DescribePlan(planned);
}

absl::StatusOr<Decision> Publisher::Explain(const Draft& draft, const MemberId& member) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const PlannedBulletin planned,
                   PlanUnder(*directory, draft, NewBulletinId(parts_.random)));
  return ExplainPlanned(planned, member, *directory, parts_.clock.Now());
}

absl::StatusOr<bool> Publisher::IsUnconfirmed(const Draft& draft) {
  ASSIGN_OR_RETURN(const Digest digest, DraftDigest(draft));
  return IsPending(digest);
}

absl::StatusOr<bool> Publisher::IsWithdrawalUnconfirmed(const BulletinId& id) {
  return IsPending(WithdrawalDigest(id));
}

absl::StatusOr<bool> Publisher::IsPending(const Digest& digest) {
  RETURN_IF_ERROR(sender_.Tidy());
  ASSIGN_OR_RETURN(const std::optional<OutboxEntry> pending, parts_.state.FindOutbox(digest));
  return pending.has_value();
}

absl::Status Publisher::CheckWithdrawal(const BulletinId& id) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  return PlanWithdrawalOf(id, NewBulletinId(parts_.random), *directory).status();
}

absl::StatusOr<Published> Publisher::Publish(const Draft& draft,
                                             const PublishConditions& conditions) {
  RETURN_IF_ERROR(sender_.Tidy());
  ASSIGN_OR_RETURN(const Digest digest, DraftDigest(draft));
  const auto begin = [&](OutboxEntry entry) {
    return SealAndSend(draft, std::move(entry), conditions);
  };
  ASSIGN_OR_RETURN(const bool takes_over, TakesOver(conditions, digest));
  if (!takes_over) return MeantSo(draft, SendPending(digest, begin));
  // In the outbox an id stands once: the entry goes in the place of the other.
  OutboxEntry entry{digest, *conditions.instead_of, {}, {}, {}, {}, {}, {}};
  entry.begun = parts_.clock.Now();
  return MeantSo(draft, begin(std::move(entry)));
}

// Whether what it is to stand instead of is on its way still, made from another draft.
absl::StatusOr<bool> Publisher::TakesOver(const PublishConditions& conditions,
                                          const Digest& draft) {
  if (!conditions.instead_of.has_value()) return false;
  ASSIGN_OR_RETURN(const std::vector<OutboxEntry> outbox, parts_.state.Outbox());
  return std::any_of(outbox.begin(), outbox.end(), [&](const OutboxEntry& each) {
    return each.id == *conditions.instead_of && each.draft != draft;
  });
}

absl::StatusOr<bool> Publisher::IsCommitted(const BulletinId& pending) {
  const absl::Status given = SourceStatement(parts_, pending).status();
  if (absl::IsNotFound(given)) return false;
  RETURN_IF_ERROR(given);
  return true;
}

absl::StatusOr<Published> Publisher::Withdraw(const BulletinId& id) {
  RETURN_IF_ERROR(sender_.Tidy());
  return SendPending(WithdrawalDigest(id), [&](OutboxEntry entry) -> absl::StatusOr<Published> {
    ASSIGN_OR_RETURN(auto directory, DirectoryForWithdrawal());
    const Renewal sign = [&](const VerifiedDirectory& newest,
                             OutboxEntry& renewed) -> absl::StatusOr<std::vector<PlannedReader>> {
      ASSIGN_OR_RETURN(const Statement statement, PlanWithdrawalOf(id, renewed.id, newest));
      ASSIGN_OR_RETURN(renewed.statement, SignStatement(statement, parts_.keys.sign));
      return std::vector<PlannedReader>();
    };
    return RenewAndSend(std::move(directory), sign, std::move(entry));
  });
}

absl::StatusOr<PublicationPlan> Publisher::PlanShare(const ShareSource& source,
                                                     const ShareOrder& order) {
  ASSIGN_OR_RETURN(const auto directory, parts_.directory.Newest());
  ASSIGN_OR_RETURN(const PlannedBulletin planned,
                   shield::PlanShare(source.original, order, NewBulletinId(parts_.random), Author(),
                                     *directory, parts_.clock.Now()));
  return DescribePlan(planned);
}

absl::StatusOr<Published> Publisher::Share(const ShareSource& source, const ShareOrder& order) {
  RETURN_IF_ERROR(sender_.Tidy());
  return SendPending(ShareDigest(order), [&](OutboxEntry entry) -> absl::StatusOr<Published> {
    ASSIGN_OR_RETURN(auto directory, parts_.directory.Sync());
    const Renewal wrap = [&](const VerifiedDirectory& newest, OutboxEntry& renewed) {
      return WrapInto(renewed, source, order, newest);
    };
    return RenewAndSend(std::move(directory), wrap, std::move(entry));
  });
}

absl::StatusOr<std::vector<PlannedReader>> Publisher::WrapInto(OutboxEntry& entry,
                                                               const ShareSource& source,
                                                               const ShareOrder& order,
                                                               const VerifiedDirectory& directory) {
  RETURN_IF_ERROR(parts_.directory.CheckFresh(directory, parts_.clock.Now()));
  ASSIGN_OR_RETURN(
      const PlannedBulletin planned,
      shield::PlanShare(source.original, order, entry.id, Author(), directory, parts_.clock.Now()));
  ASSIGN_OR_RETURN(SealedBulletin sealed, SealShare(planned, source.file_key, source.nonce,
                                                    directory, parts_.keys.sign, parts_.random));
  entry.statement = std::move(sealed.offer.statement);
  entry.openings = std::move(sealed.offer.openings);
  entry.slots = std::move(sealed.slots);
  entry.seal_keys = std::move(sealed.seal_keys);
  entry.readers = NamesOf(planned.readers);
  entry.orgs = std::move(sealed.orgs);
  return ReadersOf(planned.without_key);
}

// What was sent before under this digest goes first; `begin` gets an entry with digest, id and
// begin, of which whatever else it holds was refused and is to be replaced.
absl::StatusOr<Published> Publisher::SendPending(
    const Digest& digest,
    const std::function<absl::StatusOr<Published>(OutboxEntry entry)>& begin) {
  ASSIGN_OR_RETURN(std::optional<OutboxEntry> pending, parts_.state.FindOutbox(digest));
  if (!pending.has_value()) {
    OutboxEntry entry{digest, NewBulletinId(parts_.random), {}, {}, {}, {}, {}, {}};
    entry.begun = parts_.clock.Now();
    return begin(std::move(entry));
  }
  ASSIGN_OR_RETURN(const SpooledFiles files, sender_.FilesOf(*pending));
  if (files.Complete()) {
    const absl::StatusOr<Published> published = sender_.Send(*pending);
    if (published.ok() || !WasRefused(published.status())) return published;
  }
  files.Remove();
  return begin(*std::move(pending));
}

absl::StatusOr<Published> Publisher::RenewAndSend(
    std::shared_ptr<const VerifiedDirectory> directory, const Renewal& renew, OutboxEntry entry) {
  for (int attempts = 0;; ++attempts) {
    const std::string replaced = entry.statement;
    ASSIGN_OR_RETURN(std::vector<PlannedReader> without_key, renew(*directory, entry));
    ASSIGN_OR_RETURN(const OutboxEntry held, parts_.state.PutOutbox(entry, replaced));
    if (held.statement != entry.statement) return sender_.Send(held);
    absl::StatusOr<Published> published = sender_.Send(entry);
    if (published.ok()) NoteWithoutKey(std::move(without_key), *published);
    if (published.ok() || !WasRefused(published.status())) return published;
    if (!absl::IsAborted(published.status()) || attempts == kMaxReseals) {
      sender_.Discard(entry);
      return published;
    }
    ASSIGN_OR_RETURN(directory, parts_.directory.Sync());
  }
}

// The newest there is; an expired one will do, and so will a broker that gives none for now.
absl::StatusOr<std::shared_ptr<const VerifiedDirectory>> Publisher::DirectoryForWithdrawal() {
  auto directory = parts_.directory.Sync();
  if (directory.ok() || absl::IsDataLoss(directory.status())) return directory;
  auto held = parts_.directory.Newest();
  return held.ok() ? held : directory;
}

absl::StatusOr<Statement> Publisher::PlanWithdrawalOf(const BulletinId& target,
                                                      const BulletinId& id,
                                                      const VerifiedDirectory& directory) {
  ASSIGN_OR_RETURN(const HeldBulletin held, HeldOrGiven(target));
  return PlanWithdrawal(held, id, Author(), directory, parts_.clock.Now());
}

absl::StatusOr<Published> Publisher::SealAndSend(const Draft& draft, OutboxEntry entry,
                                                 const PublishConditions& conditions) {
  ASSIGN_OR_RETURN(auto directory, parts_.directory.Sync());
  RETURN_IF_ERROR(CheckDirectory(conditions, *directory));
  // What policy refuses is refused before anything is sealed.
  ASSIGN_OR_RETURN(const PlannedBulletin planned, PlanUnder(*directory, draft, entry.id));
  RETURN_IF_ERROR(DateMembers(draft, planned.statement).status());
  ASSIGN_OR_RETURN(AttachmentSpool spool,
                   AttachmentSpool::Seal(draft.attachments, spool_folder_, parts_.random));
  for (int reseals = 0;; ++reseals) {
    const std::string replaced = entry.statement;
    ASSIGN_OR_RETURN(std::vector<PlannedReader> without_key,
                     SealInto(entry, draft, spool, *directory));
    ASSIGN_OR_RETURN(const OutboxEntry held, parts_.state.PutOutbox(entry, replaced));
    // Another process is sending this draft: its bytes are the ones.
    if (held.statement != entry.statement) return sender_.Send(held);
    spool.Keep();
    absl::StatusOr<Published> published = sender_.Send(entry);
    if (published.ok()) {
      RETURN_IF_ERROR(CheckStoodInstead(conditions, entry));
      NoteWithoutKey(std::move(without_key), *published);
    }
    if (published.ok() || !WasRefused(published.status())) return published;
    if (!absl::IsAborted(published.status()) || reseals == kMaxReseals) {
      sender_.Discard(entry);
      return published;
    }
    ASSIGN_OR_RETURN(directory, parts_.directory.Sync());
    const absl::Status moved = CheckDirectory(conditions, *directory);
    if (!moved.ok()) {
      sender_.Discard(entry);
      return moved;
    }
  }
}

// Another process may have brought to its end, meanwhile, what the entry was to stand instead of.
absl::Status Publisher::CheckStoodInstead(const PublishConditions& conditions,
                                          const OutboxEntry& entry) {
  if (conditions.instead_of != entry.id) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<Publication> done, parts_.state.FindPublication(entry.id));
  if (!done.has_value() || done->statement == entry.statement) return absl::OkStatus();
  return PublishedBefore(absl::AlreadyExistsError("the broker has taken what was sent before"),
                         entry.id);
}

absl::StatusOr<std::vector<PlannedReader>> Publisher::SealInto(OutboxEntry& entry,
                                                               const Draft& draft,
                                                               const AttachmentSpool& spool,
                                                               const VerifiedDirectory& directory) {
  RETURN_IF_ERROR(parts_.directory.CheckFresh(directory, parts_.clock.Now()));
  ASSIGN_OR_RETURN(const PlannedBulletin planned, PlanUnder(directory, draft, entry.id));
  ASSIGN_OR_RETURN(const DatedMembers members, DateMembers(draft, planned.statement));
  ASSIGN_OR_RETURN(SealedBulletin sealed, SealBulletin(planned, members.json, spool.attachments(),
                                                       directory, parts_.keys.sign, parts_.random));
  entry.acknowledge_by = members.acknowledge_by;
  entry.statement = std::move(sealed.offer.statement);
  entry.openings = std::move(sealed.offer.openings);
  entry.slots = std::move(sealed.slots);
  entry.seal_keys = std::move(sealed.seal_keys);
  entry.readers = NamesOf(planned.readers);
  entry.orgs = std::move(sealed.orgs);
  entry.payload = std::move(sealed.payload);
  entry.spool = spool.names();
  return ReadersOf(planned.without_key);
}

}  // namespace shield
