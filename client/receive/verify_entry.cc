#include "client/receive/verify_entry.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/broken.h"
#include "client/receive/openings.h"
#include "client/receive/verify_ending.h"
#include "client/receive/verify_original.h"
#include "crypto/age_recipient.h"
#include "crypto/sha256.h"
#include "crypto/slot.h"
#include "policy/decide.h"
#include "policy/proof/recipient_set.h"
#include "policy/publisher.h"

namespace shield {
namespace {

absl::Status CheckDirectoryNamed(const Statement& statement, const VerifiedDirectory& directory) {
  if (statement.directory_version > directory.version()) {
    return WithRule(
        absl::FailedPreconditionError(absl::StrCat("bulletin refused: it names directory version ",
                                                   statement.directory_version, ", version ",
                                                   directory.version(), " is the newest here")),
        "DIRECTORY_BEHIND");
  }
  return absl::OkStatus();
}

absl::Status CheckSeen(const VerifiedStatement& verified, const ReaderView& view) {
  const Statement& statement = verified.statement();
  ASSIGN_OR_RETURN(const std::optional<Digest> seen, view.seen(statement.author_key, statement.id));
  if (!seen.has_value() || *seen == verified.text_digest()) return absl::OkStatus();
  return WithHint(
      Broken("BULLETIN_FORK", absl::StrCat("`", statement.author.text(),
                                           "` has signed two texts as ", statement.id.ToHex())),
      "both texts are kept; tell the authority");
}

absl::StatusOr<Terms> TermsAtSource(const Statement& statement, std::vector<AudienceToken> audience,
                                    const ReaderView& view) {
  const Directory& directory = view.directory.directory();
  const OrgRecord* source = view.source.has_value() ? directory.FindOrg(*view.source) : nullptr;
  if (source != nullptr) return TermsOf(statement, *source, std::move(audience));
  return TermsOf(directory, statement, std::move(audience));
}

absl::StatusOr<Terms> ReadTerms(const DeliveredEntry& entry, const Statement& statement,
                                const ReaderView& view) {
  ASSIGN_OR_RETURN(const std::vector<Opening> openings, ReadOpenings(entry.openings));
  ASSIGN_OR_RETURN(std::vector<AudienceToken> audience,
                   OpenAudience(statement.audience, openings, OpeningsNeeded::kSome));
  ASSIGN_OR_RETURN(Terms terms, TermsAtSource(statement, std::move(audience), view));
  terms.author_standing = view.author_standing;
  return terms;
}

// The state by the clock and the policy. An entry that has ended passes: its content is not shown.
absl::StatusOr<InboxState> CheckEntitled(const Terms& terms, const Statement& statement,
                                         const ReaderView& view) {
  Reader reader = Reader::Holder(view.member);
  reader.org_at_publish = view.own_org;
  const Decision decision =
      Decide(view.directory.directory(), terms, reader, ReadingTime(statement, view.now));
  if (decision.allowed) return InboxState::kLive;
  if (decision.rule == Rule::kEmbargoed) return InboxState::kEmbargoed;
  if (decision.rule == Rule::kExpired) return InboxState::kExpired;
  return Annotate(RefusalOf(decision), "bulletin refused");
}

std::vector<std::string> MarksOf(const Terms& terms, const ReaderView& view) {
  const std::optional<Rule> mark = ReportMark(view.directory.directory(), terms, view.now);
  if (!mark.has_value()) return {};
  return {std::string(RuleName(*mark))};
}

// Whether the directory does not say any more which seal key this member had when the statement was
// made: the records of keys that ended long ago go.
bool KeyIsForgotten(const Statement& statement, const ReaderView& view) {
  const Directory& directory = view.directory.directory();
  const MemberRecord* self = directory.FindMember(view.member);
  if (self == nullptr || self->period.from > statement.issued) return false;
  const std::span<const KeyRecord> keys = directory.KeysOf(view.member);
  return std::none_of(keys.begin(), keys.end(), [&statement](const KeyRecord& key) {
    return key.use == KeyUse::kSeal && key.period.from <= statement.issued;
  });
}

// Whether it was sealed to a key of this member that is not in this home: one it had before its
// laptop was lost. No fault of anybody's.
bool IsForKeyNotHere(const DeliveredEntry& entry, const Statement& statement,
                     const ReaderView& view) {
  if (KeyIsForgotten(statement, view)) return true;
  for (const KeyRecord& key : view.directory.directory().KeysOf(view.member)) {
    if (key.use != KeyUse::kSeal) continue;
    const absl::StatusOr<X25519PublicKey> seal = ParseAgeRecipient(key.value);
    if (!seal.ok()) continue;
    const Recipient self{*seal, entry.slot_hash};
    if (VerifyRecipient(self, entry.leaf_index, entry.leaf_proof, statement).ok()) return true;
  }
  return false;
}

absl::StatusOr<size_t> CheckRecipient(const DeliveredEntry& entry, const Statement& statement,
                                      const ReaderView& view) {
  for (size_t i = 0; i < view.seal_keys.size(); ++i) {
    const Recipient self{view.seal_keys[i], entry.slot_hash};
    if (VerifyRecipient(self, entry.leaf_index, entry.leaf_proof, statement).ok()) return i;
  }
  if (IsForKeyNotHere(entry, statement, view)) {
    return WithHint(
        WithRule(absl::FailedPreconditionError(
                     "bulletin closed: it is sealed to a key of this member that is not here"),
                 "KEY_NOT_HERE"),
        "copy identity.txt of the home before into this one's, or ask the source to extend it");
  }
  return Broken("RECIPIENT_SET_MISMATCH", "its author did not seal this slot to this member's key");
}

absl::Status CheckSlot(const DeliveredEntry& entry) {
  if (entry.slot.size() != kSlotSize) return Broken("SLOT_MALFORMED", "its slot is missing");
  if (Sha256(entry.slot) != entry.slot_hash) {
    return Broken("SLOT_MALFORMED", "its slot is not the one of the inbox chain");
  }
  return absl::OkStatus();
}

// How it ended by what is signed, whatever the broker calls it.
absl::StatusOr<InboxState> CheckTombstone(const DeliveredEntry& entry,
                                          const VerifiedStatement& verified,
                                          const std::optional<VerifiedStatement>& original,
                                          InboxState by_clock, const ReaderView& view) {
  absl::Status unproven = absl::DataLossError("nothing signed says so");
  if (!entry.ended_by.empty()) {
    const Directory& directory = view.directory.directory();
    // A share ends with its original, or by its sharer.
    const absl::StatusOr<InboxState> ended =
        VerifyEnding(entry.ended_by, {original.has_value() ? *original : verified, view.source},
                     directory, view.now);
    if (ended.ok()) return ended;
    unproven = ended.status();
    if (original.has_value()) {
      const absl::StatusOr<InboxState> taken_back =
          VerifyEnding(entry.ended_by, {verified, std::nullopt}, directory, view.now);
      if (taken_back.ok()) return taken_back;
    }
  }
  const bool expired = verified.statement().expires <= view.now + kMaxReaderSkew;
  if (by_clock == InboxState::kExpired || expired) return InboxState::kExpired;
  return Broken("TOMBSTONE_UNPROVEN",
                absl::StrCat("the broker says that it has ended: ", unproven.message()));
}

bool IsTombstone(DeliveryState state) {
  return state == DeliveryState::kExpired || state == DeliveryState::kWithdrawn ||
         state == DeliveryState::kSuperseded;
}

// Whether the inbox chain says that the entry never had a slot.
bool WithoutSlot(const DeliveredEntry& entry) {
  return entry.slot.empty() && entry.slot_hash == Sha256(ByteSpan());
}

// A notice is live unless it is proven to have ended: the broker's word takes nothing away from it.
InboxState NoticeState(const DeliveredEntry& entry, const VerifiedStatement& verified,
                       const ReaderView& view) {
  if (!IsTombstone(entry.state)) return InboxState::kLive;
  return CheckTombstone(entry, verified, std::nullopt, InboxState::kLive, view)
      .value_or(InboxState::kLive);
}

// What tells a holder that a bulletin has ended, and gives it nothing to open.
absl::StatusOr<VerifiedEntry> VerifyNotice(const DeliveredEntry& entry, VerifiedStatement verified,
                                           const ReaderView& view) {
  if (view.author_standing == AuthorStanding::kCheckNow) {
    RETURN_IF_ERROR(CheckEnder(verified.statement(), view.directory.directory(),
                               ReadingTime(verified.statement(), view.now)));
  }
  const InboxState state = NoticeState(entry, verified, view);
  return VerifiedEntry{std::move(verified), state, std::nullopt};
}

absl::StatusOr<VerifiedEntry> VerifyControl(const DeliveredEntry& entry, VerifiedStatement verified,
                                            const ReaderView& view) {
  if (!WithoutSlot(entry)) return Broken("SLOT_MALFORMED", "a withdrawal came with a slot");
  return VerifyNotice(entry, std::move(verified), view);
}

// A newer version comes without a slot to those alone who held the older one and whom it is not
// for. That was judged by the directory the statement names: what a newer one says of this reader
// proves nothing about it.
absl::Status CheckNotForReader(const Terms& terms, const Statement& statement,
                               const ReaderView& view) {
  if (view.directory.version() != statement.directory_version) return absl::OkStatus();
  if (!view.directory.SealKey(view.member, statement.issued).has_value()) return absl::OkStatus();
  const Decision decision =
      DecideDelivery(view.directory.directory(), terms, view.member, statement.issued);
  if (!decision.allowed) return absl::OkStatus();
  return Broken("SLOT_MALFORMED", "it is for this member, and its slot is missing");
}

absl::StatusOr<VerifiedEntry> VerifyShare(const DeliveredEntry& entry, VerifiedStatement verified,
                                          const ReaderView& view) {
  ASSIGN_OR_RETURN(VerifiedOriginal original, VerifyOriginal(entry, verified.statement(), view));
  RETURN_IF_ERROR(CheckSeen(original.statement, view));
  const Statement& source = original.statement.statement();
  ASSIGN_OR_RETURN(const Terms terms, TermsAtSource(source, source.audience, view));
  VerifiedEntry share{std::move(verified), original.state, std::nullopt, MarksOf(terms, view)};
  share.original = std::move(original.statement);
  ASSIGN_OR_RETURN(share.own_key, CheckRecipient(entry, share.statement.statement(), view));
  if (IsTombstone(entry.state)) {
    ASSIGN_OR_RETURN(share.state,
                     CheckTombstone(entry, share.statement, share.original, share.state, view));
  } else {
    RETURN_IF_ERROR(CheckSlot(entry));
  }
  return share;
}

}  // namespace

absl::Time ReadingTime(const Statement& statement, absl::Time now) {
  const bool slightly_ahead = statement.issued > now && statement.issued - now <= kMaxReaderSkew;
  return slightly_ahead ? statement.issued : now;
}

absl::StatusOr<VerifiedStatement> VerifyAuthor(absl::string_view note, const ReaderView& view) {
  const Directory& directory = view.directory.directory();
  if (view.author_standing == AuthorStanding::kProvenAtPublish) {
    return VerifyHeldStatement(note, directory.note().network, view.known);
  }
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(note));
  return VerifyStatement(note, directory, KeyTime(directory, ReadingTime(claimed, view.now)),
                         view.known);
}

absl::StatusOr<VerifiedEntry> VerifyEntry(const DeliveredEntry& entry, const ReaderView& view) {
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(entry.statement));
  RETURN_IF_ERROR(CheckDirectoryNamed(claimed, view.directory));
  ASSIGN_OR_RETURN(VerifiedStatement verified, VerifyAuthor(entry.statement, view));
  RETURN_IF_ERROR(CheckSeen(verified, view));
  if (verified.statement().IsWithdrawal()) return VerifyControl(entry, std::move(verified), view);

  if (verified.statement().Find(Relation::kShares) != nullptr) {
    return VerifyShare(entry, std::move(verified), view);
  }
  ASSIGN_OR_RETURN(const Terms terms, ReadTerms(entry, verified.statement(), view));
  if (WithoutSlot(entry) && !EndedBy(verified.statement()).empty()) {
    RETURN_IF_ERROR(CheckNotForReader(terms, verified.statement(), view));
    return VerifyNotice(entry, std::move(verified), view);
  }
  ASSIGN_OR_RETURN(InboxState state, CheckEntitled(terms, verified.statement(), view));
  ASSIGN_OR_RETURN(const size_t own_key, CheckRecipient(entry, verified.statement(), view));
  if (IsTombstone(entry.state)) {
    ASSIGN_OR_RETURN(state, CheckTombstone(entry, verified, std::nullopt, state, view));
  } else {
    RETURN_IF_ERROR(CheckSlot(entry));
  }
  return VerifiedEntry{std::move(verified), state, own_key, MarksOf(terms, view)};
}

}  // namespace shield
