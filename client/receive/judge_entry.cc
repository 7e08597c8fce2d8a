#include "client/receive/judge_entry.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/content/content.h"
#include "client/directory/seen_versions.h"
#include "client/receive/broken.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/open_content.h"
#include "client/receive/openings.h"
#include "client/receive/verify_ending.h"
#include "crypto/note.h"
#include "crypto/padding.h"
#include "crypto/payload.h"
#include "crypto/sha256.h"
#include "policy/account.h"
#include "policy/decide.h"
#include "policy/decision.h"
#include "policy/proof/verified_statement.h"

namespace shield {
namespace {

std::optional<DeliveryState> DeliveryStateOf(InboxState state) {
  switch (state) {
    case InboxState::kExpired:
      return DeliveryState::kExpired;
    case InboxState::kWithdrawn:
      return DeliveryState::kWithdrawn;
    case InboxState::kSuperseded:
      return DeliveryState::kSuperseded;
    default:
      return std::nullopt;
  }
}

bool IsTombstone(const DeliveredEntry& entry) {
  return entry.state == DeliveryState::kExpired || entry.state == DeliveryState::kWithdrawn ||
         entry.state == DeliveryState::kSuperseded;
}

// Whether an ending was refused because the bulletin had ended by then.
bool EndsAnyway(absl::string_view rule) {
  return rule == RuleName(Rule::kExpired) || rule == RuleName(Rule::kWithdrawn) ||
         rule == RuleName(Rule::kSuperseded);
}

// One judgement: what it is made of, and what it finds.
class Judgement {
 public:
  Judgement(const ClientParts& parts, const VerifiedDirectory& directory, KeptEntry& kept)
      : parts_(parts), directory_(directory), kept_(kept), now_(parts.clock.Now()) {}

  absl::Status Check(Fetching fetching) {
    if (!kept_.carried) {
      RETURN_IF_ERROR(CheckOrder());
      RETURN_IF_ERROR(CheckRepeated());
    }
    RETURN_IF_ERROR(CheckEnvelope());
    RETURN_IF_ERROR(CheckNamed(verified_->statement));
    if (verified_->original.has_value()) RETURN_IF_ERROR(CheckNamed(*verified_->original));
    RETURN_IF_ERROR(CheckEnded());
    RETURN_IF_ERROR(CheckTargets());
    return CheckContent(fetching);
  }

  // Not OK when the state could not answer: then nothing is known about the entry.
  const absl::Status& state_error() const { return state_error_; }

  EntryEffects Hold() {
    const Statement& statement = verified_->statement.statement();
    kept_.finding = Finding::kHeld;
    kept_.fault.clear();
    kept_.fault_sentence.clear();
    kept_.checked = now_;
    kept_.marks = verified_->marks;
    kept_.own_org = OrgOf(parts_.keys.member);
    kept_.author_org = OrgOf(verified_->Source().statement().author);
    effects_.held = now_;
    effects_.seat = SeatOf(statement.author);
    effects_.seen =
        SeenBulletin{statement.author_key, statement.id, verified_->statement.text_digest()};
    if (verified_->original.has_value()) {
      const Statement& original = verified_->original->statement();
      effects_.original_seen =
          SeenBulletin{original.author_key, original.id, verified_->original->text_digest()};
    }
    return std::move(effects_);
  }

 private:
  absl::Status CheckOrder();
  absl::Status CheckRepeated();
  absl::Status CheckEnvelope();
  absl::Status CheckNamed(const VerifiedStatement& statement);
  absl::Status CheckEnded();
  absl::Status CheckEndedAs(const VerifiedStatement& statement);
  absl::StatusOr<InboxState> JudgeKeptEnding(const KeptEnding& kept,
                                             const VerifiedStatement& statement);
  absl::Status CheckTargets();
  absl::StatusOr<VerifiedStatement> VerifyTarget(const std::string& note, Finding finding);
  absl::Status CheckTarget(const EndedReference& reference);
  absl::Status CheckContent(Fetching fetching);

  template <typename T>
  absl::StatusOr<T> Asked(absl::StatusOr<T> answer) {
    if (!answer.ok()) state_error_ = answer.status();
    return answer;
  }
  void BecomeTombstone(DeliveryState state) {
    kept_.delivered.state = state;
    kept_.delivered.slot.clear();
    kept_.delivered.payload.clear();
  }
  std::optional<OrgId> OrgOf(const MemberId& id) const {
    const MemberRecord* member = directory_.directory().FindMember(id);
    if (member == nullptr) return std::nullopt;
    return member->org;
  }

  std::optional<PastSeat> SeatOf(const MemberId& id) const {
    const MemberRecord* member = directory_.directory().FindMember(id);
    if (member == nullptr) return std::nullopt;
    return PastSeat{member->org, IsAnalyst(*member, directory_.directory().OrgOf(*member))};
  }

  const ClientParts& parts_;
  const VerifiedDirectory& directory_;
  KeptEntry& kept_;
  const absl::Time now_;
  std::optional<VerifiedEntry> verified_;
  EntryEffects effects_;
  absl::Status state_error_;
};

absl::Status Judgement::CheckOrder() {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> highest,
                   Asked(parts_.state.HighestLogIndex(kept_.delivered.seq - 1)));
  if (!highest.has_value() || kept_.delivered.log_index > *highest) return absl::OkStatus();
  return Broken("INBOX_REORDER", absl::StrCat("its log index is ", kept_.delivered.log_index,
                                              ", an entry before it has ", *highest));
}

absl::Status Judgement::CheckRepeated() {
  if (!kept_.id.has_value()) return absl::OkStatus();
  const absl::StatusOr<SignedNote> note = ParseNote(kept_.delivered.statement);
  if (!note.ok()) return absl::OkStatus();  // VerifyEntry says so
  ASSIGN_OR_RETURN(const std::vector<std::string> earlier,
                   Asked(parts_.state.EarlierStatements(*kept_.id, kept_.delivered.seq)));
  for (const std::string& statement : earlier) {
    const absl::StatusOr<SignedNote> other = ParseNote(statement);
    if (other.ok() && other->text == note->text) {
      return Broken("DUPLICATE", "an entry before it brought the same statement");
    }
  }
  return absl::OkStatus();
}

absl::Status Judgement::CheckEnvelope() {
  const SeenLookup seen = [this](absl::string_view key, const BulletinId& id) {
    return Asked(parts_.state.FindSeen(key, id));
  };
  ReaderView view{directory_, parts_.keys.member, parts_.seal_keys, seen, now_};
  view.known = &parts_.known_notes;
  ASSIGN_OR_RETURN(verified_, VerifyEntry(kept_.delivered, view));
  // The state that is proven, not the broker's word.
  const std::optional<DeliveryState> ended = DeliveryStateOf(verified_->state);
  if (!IsTombstone(kept_.delivered)) return absl::OkStatus();
  if (ended.has_value()) {
    BecomeTombstone(*ended);
  } else {
    kept_.delivered.state = DeliveryState::kLive;  // a notice, which nothing signed has ended
  }
  return absl::OkStatus();
}

// The directory its author had is the one that this home has seen of that version.
absl::Status Judgement::CheckNamed(const VerifiedStatement& statement) {
  const absl::Status seen = CheckNamedVersion(parts_.state, statement, now_);
  const bool fork = RuleOf(seen) == "DIRECTORY_FORK";
  if (!seen.ok() && !fork) state_error_ = seen;
  return Annotate(seen, "bulletin refused");
}

// What came before it may have ended it already; a share, what ended its original too.
absl::Status Judgement::CheckEnded() {
  RETURN_IF_ERROR(CheckEndedAs(verified_->statement));
  if (!verified_->original.has_value()) return absl::OkStatus();
  return CheckEndedAs(*verified_->original);
}

absl::Status Judgement::CheckEndedAs(const VerifiedStatement& statement) {
  ASSIGN_OR_RETURN(
      const std::vector<KeptEnding> endings,
      Asked(parts_.state.FindEndings(statement.statement().id, statement.text_digest())));
  effects_.weighed.push_back({statement.statement().id, statement.text_digest()});
  effects_.endings_weighed += endings.size();
  for (const KeptEnding& ending : endings) {
    // By the seat from which it was signed: who has moved since has not taken it along.
    const absl::StatusOr<InboxState> ended = JudgeKeptEnding(ending, statement);
    // What can be judged and ends nothing is nobody's business; what cannot be judged any more, its
    // author being gone, still counts: it held when it came.
    if (!ended.ok() && (IsForGood(ended.status()) || EndsAnyway(RuleOf(ended.status())))) continue;
    if (!ended.ok()) return Annotate(ended.status(), "bulletin refused: it is said to have ended");
    verified_->state = *ended;
    kept_.delivered.ended_by = ending.note;
    BecomeTombstone(*DeliveryStateOf(*ended));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

// Its signature was checked when it was taken in.
absl::StatusOr<InboxState> Judgement::JudgeKeptEnding(const KeptEnding& kept,
                                                      const VerifiedStatement& statement) {
  const Directory& directory = directory_.directory();
  ASSIGN_OR_RETURN(const VerifiedStatement ending,
                   VerifyHeldStatement(kept.note, directory.note().network));
  // Who takes back its own may have moved since: then it was of the seat it was taken back from.
  std::optional<OrgId> source;
  const bool own = ending.statement().author == statement.statement().author;
  if (own && kept.seat.has_value()) source = kept.seat->org;
  return JudgeEnding(ending, {statement, source}, directory,
                     ReadingTime(ending.statement(), kept.held), kept.seat);
}

absl::Status Judgement::CheckTargets() {
  for (const EndedReference& reference : EndedBy(verified_->statement.statement())) {
    const DeliveryState state = *DeliveryStateOf(reference.state);
    effects_.claims.push_back({reference.id, reference.text_digest, state});
    const absl::Status ended = CheckTarget(reference);
    if (ended.ok()) effects_.ended.push_back(effects_.claims.back());
    // A newer version is a bulletin of its own; a withdrawal is nothing else.
    const bool withdrawal = verified_->statement.statement().IsWithdrawal();
    if (withdrawal && !ended.ok() && !absl::IsNotFound(ended)) return ended;
  }
  return absl::OkStatus();
}

// What was checked when it came is ended whatever has become of its author's key since.
absl::StatusOr<VerifiedStatement> Judgement::VerifyTarget(const std::string& note,
                                                          Finding finding) {
  const Directory& directory = directory_.directory();
  if (finding == Finding::kHeld) return VerifyHeldStatement(note, directory.note().network);
  ASSIGN_OR_RETURN(const Statement claimed, ReadClaimedStatement(note));
  return VerifyStatement(note, directory, KeyTime(directory, ReadingTime(claimed, now_)));
}

// OK when the bulletin, or a share of it, is here and ended by this one; NOT_FOUND when it is not.
absl::Status Judgement::CheckTarget(const EndedReference& reference) {
  ASSIGN_OR_RETURN(std::optional<KeptEntry> kept, Asked(parts_.state.FindBulletin(reference.id)));
  const bool itself = kept.has_value() && kept->finding != Finding::kRefused;
  if (!itself) {
    ASSIGN_OR_RETURN(kept, Asked(parts_.state.FindShareOf(reference.id)));
  }
  const absl::Status not_here = absl::NotFoundError("the bulletin is not here");
  if (!kept.has_value()) return not_here;
  const std::string& note = itself ? kept->delivered.statement : kept->delivered.shared_original;
  const absl::StatusOr<VerifiedStatement> ended = VerifyTarget(note, kept->finding);
  if (!ended.ok()) return not_here;
  // The organisation that is kept with a share is that of its original's author.
  const bool of_another = itself && kept->original.has_value();
  const EndedBulletin bulletin{*ended, of_another ? std::nullopt : kept->author_org};
  const Statement& ending = verified_->statement.statement();
  return JudgeEnding(verified_->statement, bulletin, directory_.directory(),
                     ReadingTime(ending, now_))
      .status();
}

// Opens the bulletin once, so that what is wrong shows when it comes; the plaintext is dropped.
absl::Status Judgement::CheckContent(Fetching fetching) {
  if (verified_->state != InboxState::kLive || !verified_->own_key.has_value()) {
    return absl::OkStatus();
  }
  const Statement& statement = verified_->statement.statement();
  if (statement.payload.bytes > SealedPayloadSize(PadmeSize(kMaxContentBytes))) {
    return Broken("LIMIT_EXCEEDED", absl::StrCat("its payload has ", statement.payload.bytes,
                                                 " bytes, more than content may have"));
  }
  DeliveredEntry& entry = kept_.delivered;
  if (entry.payload.empty() && fetching == Fetching::kNever) return absl::OkStatus();
  if (entry.payload.empty()) {
    absl::StatusOr<Bytes> payload =
        FetchPayload(parts_.connection, parts_.retrier, statement.id, statement.payload);
    // Not served now (an embargo by the broker's clock, an end meanwhile): it is opened, and
    // checked, when it is shown.
    if (absl::IsNotFound(payload.status())) return absl::OkStatus();
    RETURN_IF_ERROR(payload.status());
    entry.payload = *std::move(payload);
  }
  return OpenContent(verified_->statement, verified_->Source(), entry.slot, entry.payload,
                     parts_.keys.seal[*verified_->own_key])
      .status();
}

}  // namespace

bool IsForGood(const absl::Status& fault) {
  if (RuleOf(fault) == "TOMBSTONE_UNPROVEN") return false;
  return absl::IsDataLoss(fault) || absl::IsInvalidArgument(fault);
}

absl::Status RecordBulletinFork(ClientState& state, const KeptEntry& kept) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> same, state.FindBulletin(*kept.id));
  if (same.has_value() || !kept.original.has_value()) {
    return state.RecordFork({"bulletin", kept.id->ToHex(),
                             same.has_value() ? same->delivered.statement : std::string(),
                             kept.delivered.statement, kept.received});
  }
  // A share nobody has seen: it is its original of which there are two texts.
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> original, state.FindBulletin(*kept.original));
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> share, state.FindShareOf(*kept.original));
  std::string first;
  if (share.has_value()) first = share->delivered.shared_original;
  if (original.has_value()) first = original->delivered.statement;
  return state.RecordFork(
      {"bulletin", kept.original->ToHex(), first, kept.delivered.shared_original, kept.received});
}

absl::StatusOr<EntryEffects> JudgeEntry(const ClientParts& parts,
                                        const VerifiedDirectory& directory, Fetching fetching,
                                        KeptEntry& kept) {
  Judgement judgement(parts, directory, kept);
  const absl::Status fault = judgement.Check(fetching);
  RETURN_IF_ERROR(judgement.state_error());
  if (fault.ok()) return judgement.Hold();
  if (IsPassing(fault)) return fault;
  kept.finding = IsForGood(fault) ? Finding::kRefused : Finding::kClosedForNow;
  kept.fault = RuleOf(fault).empty() ? "STATEMENT_MALFORMED" : RuleOf(fault);
  kept.fault_sentence = std::string(fault.message());
  return EntryEffects{};
}

}  // namespace shield
