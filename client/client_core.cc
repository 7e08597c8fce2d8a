#include "client/client_core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/receive/fetch_bytes.h"
#include "client/receive/receipt_courier.h"

namespace shield {
namespace {

RetryLimits LimitsOf(const ClientOptions& options) {
  return {options.timeout, options.first_backoff, options.max_backoff};
}

std::vector<X25519PublicKey> SealKeysOf(const MemberKeys& keys) {
  std::vector<X25519PublicKey> result;
  for (const X25519Identity& identity : keys.seal) result.push_back(identity.Recipient());
  return result;
}

// How often a Sync begins again because another process moved the inbox, without getting further.
constexpr int kMaxRestarts = 8;

constexpr uint64_t kAcknowledgeBatch = 16;  // entries read at once

absl::Status Stopped() { return absl::CancelledError("the subscription was stopped"); }

// Who follows the inbox asks about the log this often while bulletins come …
constexpr absl::Duration kLogPause = absl::Seconds(10);
// … and this often while none do.
constexpr absl::Duration kIdleLogPause = absl::Minutes(10);

// Whether a new stream may bring what this one could not.
bool WorthAnotherStream(const absl::Status& status) {
  return IsRetryable(status) || absl::IsResourceExhausted(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status);
}

// An error when the broker did not take what was signed for this one.
absl::Status CheckTaken(const KeptEntry& kept, const std::vector<RefusedReceipt>& refused) {
  for (const RefusedReceipt& each : refused) {
    if (each.state != ReceiptState::kAcknowledged || each.id != kept.id) continue;
    return WithHint(WithRule(absl::FailedPreconditionError(absl::StrCat(
                                 "acknowledged, but the broker does not take the receipt for the "
                                 "source of `",
                                 each.id.ToHex(), "` (", each.rule, ")")),
                             each.rule),
                    each.rule == "CLOCK_SKEW"
                        ? "set the clock of this machine right: the receipt follows then"
                        : "tell the source in another way that it has been read");
  }
  return absl::OkStatus();
}

}  // namespace

ClientCore::ClientCore(Home home, MemberKeys keys, NetworkFile network,
                       std::unique_ptr<ClientState> state, std::shared_ptr<Connection> connection,
                       Clock& clock, Random& random, const ClientOptions& options)
    : home_(std::move(home)),
      keys_(std::move(keys)),
      seal_keys_(SealKeysOf(keys_)),
      network_(std::move(network)),
      state_(std::move(state)),
      connection_(std::move(connection)),
      clock_(clock),
      random_(random),
      retrier_(clock, random, LimitsOf(options)),
      on_link_(options.on_link),
      directory_(network_, *state_, connection_, retrier_, clock,
                 [this](const NetworkFile& rotated) { return home_.Repin(rotated); }),
      publisher_(parts(), home_.PathOf("spool")),
      shelf_(parts()),
      log_(parts()) {}

ClientParts ClientCore::parts() {
  return {keys_,    seal_keys_, *state_, *connection_, directory_,
          retrier_, clock_,     random_, known_notes_};
}

absl::Status ClientCore::ReadStream(SubscriptionReader& reader, InboxReceiver& receiver,
                                    bool until_caught_up, HandOver* hand_over, bool& began) {
  {
    MutexLock lock(mutex_);
    open_.insert(&reader);
  }
  absl::Status status = retrier_.stopped() ? Stopped() : absl::OkStatus();
  while (status.ok() && !(until_caught_up && receiver.caught_up())) {
    const absl::StatusOr<SubscriptionMessage> message = reader.Read();
    began = began || message.ok();
    status = message.ok() ? receiver.Take(*message) : message.status();
    if (!status.ok() || hand_over == nullptr) continue;
    if (on_link_ != nullptr) on_link_(status).IgnoreError();
    if (receiver.TakeCutBack()) SayCutBack();
    if (receiver.TakeSetAside()) SaySetAside();
    if (message->mark.has_value()) hand_over->Marked();
    status = hand_over->HandNew();
    if (status.ok()) status = hand_over->HandOpened();
    if (status.ok()) status = FollowLog(receiver, *message);
  }
  {
    MutexLock lock(mutex_);
    open_.erase(&reader);
  }
  reader.Cancel();
  // A broker that was found cheating was found so, and one that turned this member away did so,
  // whoever stopped at the same moment.
  const bool said = absl::IsDataLoss(status) || absl::IsUnauthenticated(status);
  return retrier_.stopped() && !said ? Stopped() : status;
}

absl::Status ClientCore::Follow(InboxReceiver& receiver, bool until_caught_up,
                                absl::Duration timeout, HandOver* hand_over) {
  for (;;) {
    ASSIGN_OR_RETURN(SubscriptionStart start, receiver.Start());
    start.catch_up = until_caught_up;
    const absl::StatusOr<std::unique_ptr<SubscriptionReader>> reader =
        connection_->Subscribe(start, timeout);
    absl::Status status = reader.status();
    bool began = false;
    if (reader.ok()) status = ReadStream(**reader, receiver, until_caught_up, hand_over, began);
    if (status.ok() || began) return status;
    RETURN_IF_ERROR(receiver.Reconsider(status));
  }
}

absl::Status ClientCore::SyncInbox(InboxReceiver& receiver) {
  for (int restarts = 0;;) {
    const uint64_t before = receiver.count().received + receiver.compared();
    const absl::Status status = retrier_.Run([&](absl::Duration left) {
      return Follow(receiver, /*until_caught_up=*/true, left, nullptr);
    });
    if (status.ok() || !WorthAnotherStream(status)) return status;
    // A long inbox outlives one deadline as long as each brings something, or finds again something
    // of what is stored. When another process moved the inbox, it is that one that got further.
    const bool progressed = receiver.count().received + receiver.compared() > before;
    const bool moved = absl::IsAborted(status) && ++restarts <= kMaxRestarts;
    if (!progressed && !moved) return status;
  }
}

absl::StatusOr<bool> ClientCore::SyncLog(const InboxReceiver& receiver) {
  const absl::Status checked = log_.Check({receiver.signed_log_size(), receiver.signed_log_head()});
  if (!checked.ok() && !IsPassing(checked)) return checked;
  return checked.ok();
}

// After a mark or heartbeat: what came is handed over already.
absl::Status ClientCore::FollowLog(const InboxReceiver& receiver,
                                   const SubscriptionMessage& message) {
  if (!message.mark.has_value() && !message.heartbeat.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool unchecked, log_.HasUnchecked());
  const absl::Time now = clock_.Now();
  {
    MutexLock lock(mutex_);
    const absl::Duration since = absl::AbsDuration(now - log_followed_);
    if (since < (unchecked ? kLogPause : kIdleLogPause)) return absl::OkStatus();
    log_followed_ = now;
  }
  const absl::Status checked = SyncLog(receiver).status();
  return absl::IsDataLoss(checked) ? SayLogAlarm(checked) : checked;
}

// What comes is what its author signed, whatever is wrong with the log, and somebody may need it
// now: it goes on. The alarm is said, and again when it has become another or lasts.
absl::Status ClientCore::SayLogAlarm(const absl::Status& alarm) {
  const absl::Time now = clock_.Now();
  {
    MutexLock lock(mutex_);
    const bool lasts = absl::AbsDuration(now - log_alarm_said_) >= kIdleLogPause;
    const bool said = log_alarm_ == alarm && !lasts;
    log_alarm_ = alarm;
    if (said) return absl::OkStatus();
    log_alarm_said_ = now;
  }
  return on_link_ != nullptr ? on_link_(alarm) : absl::OkStatus();
}

// Who had them in hand must know; what comes in their place is handed over as any other.
void ClientCore::SayCutBack() {
  if (on_link_ == nullptr) return;
  on_link_(
      WithRule(absl::DataLossError(
                   "the broker takes back entries of this inbox that it gave and never signed"),
               "INBOX_CUT_BACK"))
      .IgnoreError();
}

// The authority has said that this is known: nobody is accused of it.
void ClientCore::SaySetAside() {
  if (on_link_ == nullptr) return;
  on_link_(
      WithRule(absl::FailedPreconditionError("the broker has lost entries of this inbox, which the "
                                             "authority knows; they stay here as what was carried"),
               "INBOX_ANEW"))
      .IgnoreError();
}

absl::Status ClientCore::LogAlarmOr(const absl::Status& ended) {
  MutexLock lock(mutex_);
  return log_alarm_.ok() ? ended : log_alarm_;
}

absl::StatusOr<SyncReport> ClientCore::Sync() {
  MutexLock syncing(syncing_);
  ASSIGN_OR_RETURN(const auto directory, directory_.Sync());
  InboxReceiver receiver(parts());
  const absl::Status inbox = SyncInbox(receiver);
  if (!inbox.ok() && !absl::IsDataLoss(inbox)) return inbox;
  const absl::StatusOr<bool> logged = SyncLog(receiver);
  RETURN_IF_ERROR(inbox);
  RETURN_IF_ERROR(shelf_.JudgeClosedEntries());
  RETURN_IF_ERROR(DropExpired());
  // What came is here, whether the broker takes the receipts for it or not.
  SendDueReceipts(parts(), std::min(kReceiptTimeout, retrier_.limits().timeout))
      .status()
      .IgnoreError();
  RETURN_IF_ERROR(logged.status());
  SyncReport report{receiver.count().received, receiver.count().refused, receiver.Warnings()};
  if (!*logged) report.warnings.emplace_back("LOG_UNCHECKED");
  for (std::string& warning : directory_.Warnings(*directory, clock_.Now())) {
    report.warnings.push_back(std::move(warning));
  }
  return report;
}

// What has expired by this clock and by what the authority has signed: neither a clock that is
// ahead nor one that is behind erases what still counts.
absl::Status ClientCore::DropExpired() {
  ASSIGN_OR_RETURN(const absl::Time passed, directory_.CertainlyPassed());
  return state_->DropExpired(std::min(passed, clock_.Now())).status();
}

absl::Status ClientCore::Subscribe(const InboxHandler& handler) {
  {
    MutexLock lock(mutex_);
    if (subscribed_) {
      return WithRule(
          absl::FailedPreconditionError("this client is subscribed already, maybe by the handler "
                                        "that asks"),
          "ALREADY_SUBSCRIBED");
    }
    subscribed_ = true;
    log_alarm_ = absl::OkStatus();
  }
  const absl::Status ended = SubscribeWhileAlone(handler);
  MutexLock lock(mutex_);
  subscribed_ = false;
  return ended;
}

absl::Status ClientCore::SubscribeWhileAlone(const InboxHandler& handler) {
  // The handler's own error ends the subscription, whatever its code.
  absl::Status handler_error;
  const InboxHandler guarded = [&](const OpenedBulletin& opened) {
    handler_error = handler(opened);
    return handler_error;
  };
  ReceiptCourier courier(parts());
  HandOver hand_over(home_.PathOf("handing.lock"), parts(), shelf_, guarded,
                     [&courier] { courier.Wake(); });
  for (int failures = 0;;) {
    absl::Status status = hand_over.HandNew();
    InboxReceiver receiver(parts());
    if (status.ok()) status = directory_.Sync().status();
    if (status.ok()) status = shelf_.JudgeClosedEntries();
    if (status.ok()) status = DropExpired();
    if (status.ok()) status = Follow(receiver, false, absl::InfiniteDuration(), &hand_over);
    if (!handler_error.ok()) return handler_error;
    // It does not know this member: it would take no receipts either.
    if (absl::IsUnauthenticated(status)) courier.KeepTheRest();
    if (retrier_.stopped() && !absl::IsDataLoss(status)) return LogAlarmOr(Stopped());
    if (!WorthAnotherStream(status)) return status;
    if (on_link_ != nullptr) RETURN_IF_ERROR(on_link_(status));
    failures = receiver.count().received > 0 ? 0 : failures + 1;
    if (!retrier_.Wait(retrier_.Delay(failures, status))) return LogAlarmOr(Stopped());
  }
}

void ClientCore::Stop() {
  retrier_.Stop();
  MutexLock lock(mutex_);
  for (SubscriptionReader* reader : open_) reader->Cancel();
}

absl::StatusOr<OpenedBulletin> ClientCore::Show(const KeptEntry& kept) {
  ASSIGN_OR_RETURN(OpenedBulletin opened, shelf_.OpenReadable(kept));
  if (opened.content.json.empty()) return opened;
  if (kept.carried) return opened;  // the broker has delivered nothing that could be signed for
  // Read again: it may have been closed for now when it was found.
  ASSIGN_OR_RETURN(const KeptEntry settled, shelf_.Find(kept.delivered.seq));
  // A home that has no room for the receipt must not keep its reader from reading.
  NoteReceiptOf(parts(), settled, ReceiptState::kOpened).IgnoreError();
  return opened;
}

// Nobody acknowledges what could not be read here: what is under embargo still, and what came when
// it had ended already.
absl::StatusOr<bool> ClientCore::CouldBeRead(const KeptEntry& entry) {
  if (!entry.id.has_value()) return false;
  ASSIGN_OR_RETURN(const InboxItem item, shelf_.Describe(entry));
  if (item.state == InboxState::kEmbargoed) return false;
  ASSIGN_OR_RETURN(const std::optional<absl::Time> came,
                   state_->FindReceipt(*entry.id, ReceiptState::kDelivered));
  return came.has_value();
}

absl::Status ClientCore::Acknowledge(uint64_t after, uint64_t seq) {
  ASSIGN_OR_RETURN(const KeptEntry kept, shelf_.Find(seq));
  // Signed for first: whatever becomes of the call, the receipts follow.
  for (uint64_t done = after; done < seq;) {
    ASSIGN_OR_RETURN(const std::vector<KeptEntry> entries,
                     state_->Entries(done, std::min(kAcknowledgeBatch, seq - done)));
    if (entries.empty()) break;
    for (const KeptEntry& entry : entries) {
      ASSIGN_OR_RETURN(const bool readable, CouldBeRead(entry));
      if (!readable) continue;
      // Who names one says it again where the broker did not take it before.
      constexpr ReceiptState kSaid = ReceiptState::kAcknowledged;
      RETURN_IF_ERROR(after + 1 == seq ? RenewReceiptOf(parts(), entry, kSaid)
                                       : NoteReceiptOf(parts(), entry, kSaid, Durability::kLater));
    }
    done = entries.back().delivered.seq;
  }
  RETURN_IF_ERROR(state_->MakeDurable());
  ASSIGN_OR_RETURN(const uint64_t acknowledged, retrier_.Run([&](absl::Duration left) {
    return connection_->Acknowledge(seq, kept.chain_hash, left);
  }));
  if (acknowledged < seq) {
    return absl::DataLossError(absl::StrCat("the broker's cursor is at ", acknowledged,
                                            " after entry ", seq, " was acknowledged"));
  }
  RETURN_IF_ERROR(state_->SetAcknowledged(seq));
  ASSIGN_OR_RETURN(const std::vector<RefusedReceipt> refused,
                   retrier_.Run([&](absl::Duration left) {
                     return SendDueReceipts(parts(), std::min(left, kReceiptTimeout));
                   }));
  // Of many the others count all the same; who named this one is told.
  return after + 1 == seq ? CheckTaken(kept, refused) : absl::OkStatus();
}

}  // namespace shield
