#include "client/receive/hand_over.h"

#include <utility>
#include <vector>

#include "base/status.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/receipt_courier.h"
#include "client/receive/verify_entry.h"
#include "client/state/handing_lock.h"

namespace shield {
namespace {

// How long to wait for another process that hands over an entry of this home.
constexpr absl::Duration kHandingPoll = absl::Milliseconds(50);

constexpr char kPayloadWithheld[] = "PAYLOAD_WITHHELD";

bool HasEnded(InboxState state) {
  return state == InboxState::kExpired || state == InboxState::kWithdrawn ||
         state == InboxState::kSuperseded;
}

}  // namespace

std::optional<absl::Time> MayOpenFrom(const InboxItem& item) {
  // A reader whose clock is a little behind takes the author's time for its own.
  if (item.state == InboxState::kEmbargoed) return item.not_before - kMaxReaderSkew;
  if (item.state != InboxState::kRefused) return std::nullopt;
  // What the broker withholds today it may give tomorrow; nothing signed speaks against it.
  if (item.closed_now || item.fault == kPayloadWithheld) return absl::UnixEpoch();
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

absl::StatusOr<bool> HandOver::HasNew() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  return cursor.handed < cursor.size;
}

absl::StatusOr<bool> HandOver::HasCarried() {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> next,
                   parts_.state.NextCarriedToHand(parts_.clock.Now()));
  return next.has_value();
}

// One that was carried; OK as well when there is none any more.
absl::Status HandOver::HandCarried() {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> next,
                   parts_.state.NextCarriedToHand(parts_.clock.Now()));
  if (!next.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const OpenedBulletin opened, shelf_.Open(*next));
  RETURN_IF_ERROR(handler_(opened));
  return parts_.state.SetCarriedHanded(*next->id, MayOpenFrom(opened.item));
}

// What was handed closed and has opened since. A home without a broker gets no message after which
// to look, so it is looked at with what is new.
absl::Status HandOver::HandCarriedOpened() {
  ASSIGN_OR_RETURN(const uint64_t version, parts_.state.NewestVersion());
  const absl::Time now = parts_.clock.Now();
  const bool soon = now >= carried_looked_ && now - carried_looked_ < kLookAgainAfter;
  if (version == carried_version_ && soon) return absl::OkStatus();
  carried_looked_ = now;
  carried_version_ = version;
  ASSIGN_OR_RETURN(const std::vector<BulletinId> waiting,
                   parts_.state.CarriedWaiting(now, kMaxLookedAt));
  for (const BulletinId& id : waiting) {
    RETURN_IF_ERROR(WhileAlone([this, &id] { return parts_.state.IsCarriedWaiting(id); },
                               [this, &id] { return LookAgainAtCarried(id); }));
  }
  return absl::OkStatus();
}

absl::Status HandOver::LookAgainAtCarried(const BulletinId& id) {
  ASSIGN_OR_RETURN(const std::optional<KeptEntry> kept, parts_.state.FindBulletin(id));
  if (!kept.has_value() || !kept->carried) return absl::OkStatus();
  ASSIGN_OR_RETURN(const OpenedBulletin opened, shelf_.Open(*kept));
  if (MayOpenFrom(opened.item).has_value()) return absl::OkStatus();
  if (!HasEnded(opened.item.state)) RETURN_IF_ERROR(handler_(opened));
  return parts_.state.SetCarriedHanded(id);
}

absl::Status HandOver::HandNew() {
  for (;;) {
    ASSIGN_OR_RETURN(const bool carried, HasCarried());
    if (!carried) break;
    RETURN_IF_ERROR(WhileAlone([this] { return HasCarried(); }, [this] { return HandCarried(); }));
  }
  RETURN_IF_ERROR(HandCarriedOpened());
  for (;;) {
    ASSIGN_OR_RETURN(const bool more, HasNew());
    if (!more) return absl::OkStatus();
    RETURN_IF_ERROR(WhileAlone([this] { return HasNew(); }, [this] { return HandNext(); }));
  }
}

absl::StatusOr<bool> HandOver::WasHanded(const KeptEntry& kept) {
  if (kept.fault == "DUPLICATE") return true;
  if (kept.finding == Finding::kRefused || !kept.id.has_value()) return false;
  return parts_.state.WasHandedCarried(*kept.id, kept.delivered.statement);
}

// One entry; OK as well when there is none any more.
absl::Status HandOver::HandNext() {
  ASSIGN_OR_RETURN(const InboxCursor cursor, parts_.state.Position());
  if (cursor.handed >= cursor.size) return absl::OkStatus();
  const absl::StatusOr<KeptEntry> kept = shelf_.Find(cursor.handed + 1);
  // Cut back meanwhile: it comes again.
  if (absl::IsNotFound(kept.status())) return absl::OkStatus();
  RETURN_IF_ERROR(kept.status());
  std::optional<absl::Time> opens_from;
  // The application has had the bulletin that is repeated here, or came in a folder before.
  ASSIGN_OR_RETURN(const bool had, WasHanded(*kept));
  if (!had) {
    ASSIGN_OR_RETURN(const OpenedBulletin opened, shelf_.Open(*kept));
    RETURN_IF_ERROR(Hand(opened));
    opens_from = MayOpenFrom(opened.item);
  }
  const absl::Status moved = parts_.state.SetHanded(*kept, opens_from);
  // Cut back meanwhile: what comes under its number has a turn of its own.
  return absl::IsAborted(moved) ? absl::OkStatus() : moved;
}

absl::Status HandOver::Hand(const OpenedBulletin& opened) {
  RETURN_IF_ERROR(handler_(opened));
  if (opened.item.state == InboxState::kLive && !opened.content.json.empty()) {
    const absl::StatusOr<KeptEntry> settled = shelf_.Find(opened.item.seq);
    // What has been handed over stays so, whether this home has room for the receipt or not.
    if (settled.ok()) NoteReceiptOf(parts_, *settled, ReceiptState::kOpened).IgnoreError();
  }
  handed_();
  return absl::OkStatus();
}

absl::Status HandOver::BeginRound() {
  ASSIGN_OR_RETURN(const uint64_t version, parts_.state.NewestVersion());
  const absl::Time now = parts_.clock.Now();
  const bool soon = now >= round_.begun && now - round_.begun < kLookAgainAfter;
  if (version == round_.directory_version && soon) return absl::OkStatus();
  if (version != round_.directory_version) pauses_.ForgetAll();
  round_ = {version, now, /*over=*/false, /*passed=*/0};
  return absl::OkStatus();
}

absl::Status HandOver::HandOpened() {
  if (round_.over) RETURN_IF_ERROR(BeginRound());
  if (round_.over) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<uint64_t> waiting,
                   parts_.state.Waiting(round_.passed, parts_.clock.Now(), kMaxLookedAt));
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
  return absl::OkStatus();
}

absl::Status HandOver::LookAgain(uint64_t seq) {
  const absl::StatusOr<KeptEntry> kept = shelf_.Find(seq);
  if (absl::IsNotFound(kept.status())) return absl::OkStatus();
  RETURN_IF_ERROR(kept.status());
  // Asked after the entry was read: whoever takes its place waits for nothing before it is handed.
  ASSIGN_OR_RETURN(const bool waits, parts_.state.IsWaiting(seq));
  if (!waits) return absl::OkStatus();
  const absl::StatusOr<OpenedBulletin> opened = shelf_.Open(*kept);
  if (!opened.ok() && !IsPassing(opened.status())) return opened.status();
  if (!opened.ok() || opened->item.fault == kPayloadWithheld) {
    pauses_.Refused(seq, parts_.clock.Now());
    return absl::OkStatus();
  }
  pauses_.Forget(seq);
  if (MayOpenFrom(opened->item).has_value()) return absl::OkStatus();
  if (!HasEnded(opened->item.state)) RETURN_IF_ERROR(Hand(*opened));
  return parts_.state.EndWaiting(*kept);
}

}  // namespace shield
