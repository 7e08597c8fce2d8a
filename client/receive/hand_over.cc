#include "client/receive/hand_over.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/status.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/receipt_courier.h"
#include "client/receive/verify_entry.h"
#include "client/state/handing_lock.h"
#include "crypto/sha256.h"

namespace shield {
namespace {

// How long to wait for another process that hands over an entry of this home.
constexpr absl::Duration kHandingPoll = absl::Milliseconds(50);

// What the broker does not give now it may give later.
bool IsWithheld(const InboxItem& item) {
  return item.fault == "PAYLOAD_WITHHELD" || item.fault == "LOST_BY_BROKER";
}

// What has been handed over stays so, whether its home has room for its receipt or not. One that is
// busy has; one where the entry was cut back notes nothing of it.
absl::Status Noted(const std::optional<DueReceipt>& receipt,
                   const std::function<absl::Status(const std::optional<DueReceipt>&)>& note) {
  absl::Status noted = note(receipt);
  const bool might_do_without =
      !noted.ok() && receipt.has_value() && !absl::IsAborted(noted) && !absl::IsUnavailable(noted);
  return might_do_without ? note(std::nullopt) : noted;
}

// Of which text under which id: two may claim one id.
Bytes CarriedKey(const KeptEntry& kept) {
  Bytes key = ToBytes(kept.id->span());
  Append(key, Sha256(AsBytes(kept.delivered.statement)).span());
  return key;
}

bool HasEnded(InboxState state) {
  return state == InboxState::kExpired || state == InboxState::kWithdrawn ||
         state == InboxState::kSuperseded;
}

}  // namespace

std::optional<absl::Time> MayOpenFrom(const InboxItem& item) {
  // A reader whose clock is a little behind takes the author's time for its own.
  if (item.state == InboxState::kEmbargoed) return item.not_before - kMaxReaderSkew;
  if (item.state != InboxState::kRefused) return std::nullopt;
  // Nothing signed speaks against what the broker withholds.
  if (item.closed_now || IsWithheld(item)) return absl::UnixEpoch();
  return std::nullopt;
}

HandOver::HandOver(std::string lock_path, const ClientParts& parts, InboxShelf& shelf,
                   const InboxHandler& handler, std::function<void()> handed)
    : lock_path_(std::move(lock_path)),
      parts_(parts),
      shelf_(shelf),
      handler_(handler),
      handed_(std::move(handed)) {}

absl::Status HandOver::WhileAlone(const std::function<absl::StatusOr<bool>()>& needed,
                                  const std::function<absl::Status()>& deed) {
  for (;;) {
    if (parts_.retrier.stopped()) return absl::CancelledError("the subscription was stopped");
    ASSIGN_OR_RETURN(const bool go_on, needed());
    if (!go_on) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::optional<HandingLock> lock, HandingLock::TryTake(lock_path_));
    if (lock.has_value()) return deed();
    parts_.retrier.Wait(kHandingPoll);
  }
}

absl::StatusOr<uint64_t> HandOver::NextNew() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  const uint64_t had = std::max(cursor.handed, passed_);
  return had < cursor.size ? had + 1 : 0;
}

absl::StatusOr<bool> HandOver::HasNew() {
  ASSIGN_OR_RETURN(const uint64_t next, NextNew());
  return next != 0;
}

absl::StatusOr<std::optional<OpenedBulletin>> HandOver::OpenCarried(const CarriedPlace& at,
                                                                    const KeptEntry& kept) {
  absl::StatusOr<OpenedBulletin> opened = shelf_.Open(kept);
  if (absl::IsNotFound(opened.status())) return std::nullopt;
  if (!opened.ok() && !IsPassing(opened.status())) return opened.status();
  if (!opened.ok() || IsWithheld(opened->item)) {
    carried_pauses_.Refused(at.place, parts_.clock.Now());
  } else {
    carried_pauses_.Forget(at.place);
  }
  if (!opened.ok()) return std::nullopt;
  return std::optional<OpenedBulletin>(*std::move(opened));
}

absl::Status HandOver::HandOneCarried(const CarriedPlace& at) {
  // Asked again under the lock: another process may have been quicker.
  ASSIGN_OR_RETURN(const bool to_hand, parts_.state.IsCarriedToHand(at.id));
  if (!to_hand) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindCarried(at.id));
  if (!kept.has_value()) return absl::OkStatus();
  const Bytes key = CarriedKey(*kept);
  const auto note = [&](const Handed& handed) {
    return parts_.state.SetCarriedHanded(at.id, handed.opens_from);
  };
  const std::optional<Handed> before = carried_.Find(key);
  const bool was_open = before.has_value() && !before->opens_from.has_value();
  if (was_open) return NoteOrKeep(carried_, key, *before, note);
  if (!before.has_value()) RETURN_IF_ERROR(RoomToHand(carried_));
  ASSIGN_OR_RETURN(const std::optional<OpenedBulletin> opened, OpenCarried(at, *kept));
  if (!opened.has_value()) return absl::OkStatus();
  const Handed handed{MayOpenFrom(opened->item), std::nullopt};
  const bool changed = !handed.opens_from.has_value() && !HasEnded(opened->item.state);
  if (!before.has_value() || changed) RETURN_IF_ERROR(handler_(*opened));
  return NoteOrKeep(carried_, key, handed, note);
}

// What cannot be had now stays where it is, and what comes behind it has its turn.
absl::Status HandOver::HandCarried() {
  absl::Duration in_vain;
  for (uint64_t passed = 0;;) {
    ASSIGN_OR_RETURN(const std::vector<CarriedPlace> next,
                     parts_.state.CarriedToHand(passed, parts_.clock.Now(), kMaxLookedAt));
    if (passed == 0 && next.empty()) carried_.Clear();
    for (const CarriedPlace& at : next) {
      if (in_vain >= kMaxLookingTime) return absl::OkStatus();
      passed = at.place;
      const absl::Time begun = parts_.clock.Now();
      if (!carried_pauses_.MayAsk(at.place, begun)) continue;
      RETURN_IF_ERROR(WhileAlone([this, &at] { return parts_.state.IsCarriedToHand(at.id); },
                                 [this, &at] { return HandOneCarried(at); }));
      const absl::Time now = parts_.clock.Now();
      if (!carried_pauses_.MayAsk(at.place, now)) in_vain += now - begun;
    }
    if (next.size() < kMaxLookedAt) return absl::OkStatus();
  }
}

// What was handed closed and has opened since. A home without a broker gets no message after which
// to look, so it is looked at with what is new.
absl::Status HandOver::HandCarriedOpened() {
  if (carried_round_.over) RETURN_IF_ERROR(BeginRound(carried_round_, carried_pauses_));
  if (carried_round_.over) return absl::OkStatus();
  const absl::Time begun = parts_.clock.Now();
  ASSIGN_OR_RETURN(const std::vector<CarriedPlace> waiting,
                   parts_.state.CarriedWaiting(carried_round_.passed, begun, kMaxLookedAt));
  if (carried_round_.passed == 0 && waiting.empty()) carried_opened_.Clear();
  for (const CarriedPlace& at : waiting) {
    if (parts_.clock.Now() - begun >= kMaxLookingTime) return absl::OkStatus();
    carried_round_.passed = at.place;
    if (!carried_pauses_.MayAsk(at.place, parts_.clock.Now())) continue;
    RETURN_IF_ERROR(WhileAlone([this, &at] { return parts_.state.IsCarriedWaiting(at.id); },
                               [this, &at] { return LookAgainAtCarried(at); }));
  }
  carried_round_.over = waiting.size() < kMaxLookedAt;
  return absl::OkStatus();
}

absl::Status HandOver::LookAgainAtCarried(const CarriedPlace& at) {
  ASSIGN_OR_RETURN(const bool waits, parts_.state.IsCarriedWaiting(at.id));
  if (!waits) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindCarried(at.id));
  if (!kept.has_value()) return absl::OkStatus();
  const Bytes key = CarriedKey(*kept);
  if (!carried_opened_.Find(key).has_value()) {
    RETURN_IF_ERROR(RoomToHand(carried_opened_));
    ASSIGN_OR_RETURN(const std::optional<OpenedBulletin> opened, OpenCarried(at, *kept));
    if (!opened.has_value() || MayOpenFrom(opened->item).has_value()) return absl::OkStatus();
    if (!HasEnded(opened->item.state)) RETURN_IF_ERROR(handler_(*opened));
  }
  return NoteOrKeep(carried_opened_, key, {},
                    [&](const Handed&) { return parts_.state.SetCarriedHanded(at.id); });
}

absl::Status HandOver::HandNew() {
  passed_ = 0;
  no_room_ = absl::OkStatus();
  RETURN_IF_ERROR(HandCarried());
  RETURN_IF_ERROR(HandCarriedOpened());
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, HasNew());
    if (!more) break;
    RETURN_IF_ERROR(WhileAlone([this] { return HasNew(); }, [this] { return HandNext(); }));
  }
  if (no_room_.ok()) unnoted_.Clear();
  return no_room_;
}

absl::StatusOr<bool> HandOver::WasHanded(const KeptEntry& kept) {
  if (kept.fault == "DUPLICATE") return true;
  if (kept.finding == Finding::kRefused || !kept.id.has_value()) return false;
  return parts_.state.WasHandedCarried(*kept.id, kept.delivered.statement);
}

// One entry; OK as well when there is none any more.
absl::Status HandOver::HandNext() {
  ASSIGN_OR_RETURN(const uint64_t next, NextNew());
  if (next == 0) return absl::OkStatus();
  const absl::StatusOr<KeptEntry> kept = shelf_.Find(next);
  // Cut back meanwhile: it comes again.
  if (absl::IsNotFound(kept.status())) return absl::OkStatus();
  RETURN_IF_ERROR(kept.status());
  // Another process may have stored it a moment ago, or one that was killed. A disk without room
  // keeps nobody from reading what is here.
  if (no_room_.ok()) no_room_ = parts_.state.EnsureDurable();
  if (!no_room_.ok() && !absl::IsResourceExhausted(no_room_)) return no_room_;
  const ByteSpan key = kept->chain_hash.span();
  const std::optional<Handed> before = unnoted_.Find(key);
  Handed handed = before.value_or(Handed());
  ASSIGN_OR_RETURN(const Turn turn,
                   before.has_value() ? HandIfOpened(*kept, handed) : HandOnce(*kept, handed));
  if (turn == Turn::kGone) return absl::OkStatus();  // cut back meanwhile
  const absl::Status noted = NoteOrKeep(unnoted_, key, handed, [&](const Handed& due) {
    return Noted(due.receipt, [&](const std::optional<DueReceipt>& receipt) {
      return parts_.state.SetHanded(*kept, due.opens_from, receipt);
    });
  });
  if (!no_room_.ok()) passed_ = next;
  if (turn == Turn::kHanded || handed.receipt.has_value()) handed_();
  return noted;
}

absl::StatusOr<HandOver::Turn> HandOver::HandOnce(const KeptEntry& kept, Handed& handed) {
  // The application has had the bulletin that is repeated here, or came in a folder before.
  ASSIGN_OR_RETURN(const bool had, WasHanded(kept));
  if (had) return Turn::kHad;
  RETURN_IF_ERROR(RoomToHand(unnoted_));
  const absl::StatusOr<OpenedBulletin> opened = shelf_.Open(kept);
  if (absl::IsNotFound(opened.status())) return Turn::kGone;
  RETURN_IF_ERROR(opened.status());
  ASSIGN_OR_RETURN(handed.receipt, Hand(*opened, kept));
  handed.opens_from = MayOpenFrom(opened->item);
  return Turn::kHanded;
}

absl::StatusOr<HandOver::Turn> HandOver::HandIfOpened(const KeptEntry& kept, Handed& handed) {
  const absl::Time now = parts_.clock.Now();
  const bool looks = handed.opens_from.has_value() && now >= *handed.opens_from &&
                     pauses_.MayAsk(kept.delivered.seq, now);
  if (!looks) return Turn::kHad;
  ASSIGN_OR_RETURN(const std::optional<OpenedBulletin> opened, OpenWaiting(kept));
  if (!opened.has_value()) return Turn::kHad;
  handed.opens_from = std::nullopt;
  if (HasEnded(opened->item.state)) return Turn::kHad;
  ASSIGN_OR_RETURN(handed.receipt, Hand(*opened, kept));
  return Turn::kHanded;
}

// What could not be remembered would be handed with every attempt.
absl::Status HandOver::RoomToHand(const UnnotedHandings& unnoted) const {
  if (!unnoted.full()) return absl::OkStatus();
  if (!no_room_.ok()) return no_room_;
  return absl::ResourceExhaustedError("there is no room to note what was handed over");
}

// Lost, all of it is found out again.
absl::Status HandOver::NoteOrKeep(UnnotedHandings& unnoted, ByteSpan key, const Handed& handed,
                                  const std::function<absl::Status(const Handed&)>& note) {
  const absl::Status noted = no_room_.ok() ? note(handed) : no_room_;
  if (absl::IsResourceExhausted(noted)) {
    no_room_ = noted;
    return unnoted.Keep(key, handed) ? absl::OkStatus() : noted;
  }
  // Cut back meanwhile: what comes under its number has a turn of its own.
  if (!noted.ok() && !absl::IsAborted(noted)) return noted;
  unnoted.Forget(key);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<DueReceipt>> HandOver::Hand(const OpenedBulletin& opened,
                                                         const KeptEntry& kept) {
  RETURN_IF_ERROR(handler_(opened));
  if (opened.item.state != InboxState::kLive || opened.content.json.empty()) return std::nullopt;
  // What was closed for now when it was found has been settled since.
  const absl::StatusOr<KeptEntry> settled =
      kept.finding == Finding::kHeld ? kept : shelf_.Find(opened.item.seq);
  if (!settled.ok()) return std::nullopt;
  return ReceiptOf(parts_, *settled, ReceiptState::kOpened).value_or(std::nullopt);
}

absl::Status HandOver::BeginRound(Round& round, AskingPauses& pauses) {
  ASSIGN_OR_RETURN(const uint64_t version, parts_.state.NewestVersion());
  const absl::Time now = parts_.clock.Now();
  const bool soon = now >= round.begun && now - round.begun < kLookAgainAfter;
  if (version == round.directory_version && soon) return absl::OkStatus();
  const bool another = round.directory_version != 0 && version != round.directory_version;
  if (another) pauses.ForgetAll();
  round = {version, now, /*over=*/false, /*passed=*/0};
  return absl::OkStatus();
}

absl::Status HandOver::HandOpened() {
  if (round_.over) RETURN_IF_ERROR(BeginRound(round_, pauses_));
  if (round_.over) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<uint64_t> waiting,
                   parts_.state.Waiting(round_.passed, parts_.clock.Now(), kMaxLookedAt));
  if (round_.passed == 0 && waiting.empty()) opened_.Clear();
  const absl::Time begun = parts_.clock.Now();
  for (const uint64_t seq : waiting) {
    // The stream is not read meanwhile; the rest has its turn after the next message.
    if (parts_.clock.Now() - begun >= kMaxLookingTime) return absl::OkStatus();
    round_.passed = seq;
    if (!pauses_.MayAsk(seq, parts_.clock.Now())) continue;
    RETURN_IF_ERROR(WhileAlone([this, seq] { return parts_.state.IsWaiting(seq); },
                               [this, seq] { return LookAgain(seq); }));
  }
  round_.over = waiting.size() < kMaxLookedAt;
  return no_room_;
}

absl::Status HandOver::LookAgain(uint64_t seq) {
  const absl::StatusOr<KeptEntry> kept = shelf_.Find(seq);
  if (absl::IsNotFound(kept.status())) return absl::OkStatus();
  RETURN_IF_ERROR(kept.status());
  // Asked after the entry was read: whoever takes its place waits for nothing before it is handed.
  ASSIGN_OR_RETURN(const bool waits, parts_.state.IsWaiting(seq));
  if (!waits) return absl::OkStatus();
  const ByteSpan key = kept->chain_hash.span();
  std::optional<Handed> handed = opened_.Find(key);
  if (!handed.has_value()) {
    RETURN_IF_ERROR(RoomToHand(opened_));
    ASSIGN_OR_RETURN(const std::optional<OpenedBulletin> opened, OpenWaiting(*kept));
    if (!opened.has_value()) return absl::OkStatus();
    handed.emplace();
    if (!HasEnded(opened->item.state)) {
      ASSIGN_OR_RETURN(handed->receipt, Hand(*opened, *kept));
    }
  }
  const absl::Status noted = NoteOrKeep(opened_, key, *handed, [&](const Handed& due) {
    return Noted(due.receipt, [&](const std::optional<DueReceipt>& receipt) {
      return parts_.state.EndWaiting(*kept, receipt);
    });
  });
  handed_();
  return noted;
}

absl::StatusOr<std::optional<OpenedBulletin>> HandOver::OpenWaiting(const KeptEntry& kept) {
  const uint64_t seq = kept.delivered.seq;
  absl::StatusOr<OpenedBulletin> opened = shelf_.Open(kept);
  if (absl::IsNotFound(opened.status())) return std::nullopt;
  if (!opened.ok() && !IsPassing(opened.status())) return opened.status();
  if (!opened.ok() || IsWithheld(opened->item)) {
    pauses_.Refused(seq, parts_.clock.Now());
    return std::nullopt;
  }
  pauses_.Forget(seq);
  if (MayOpenFrom(opened->item).has_value()) return std::nullopt;
  return std::optional<OpenedBulletin>(*std::move(opened));
}

}  // namespace shield
