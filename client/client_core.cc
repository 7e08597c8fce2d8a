#include "client/client_core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

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

absl::Status Stopped() { return absl::CancelledError("the subscription was stopped"); }

// Whether a new stream may bring what this one could not.
bool WorthAnotherStream(const absl::Status& status) {
  return IsRetryable(status) || absl::IsResourceExhausted(status) || absl::IsAborted(status) ||
         absl::IsDeadlineExceeded(status);
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
      directory_(network_, *state_, connection_, retrier_, clock),
      publisher_(parts(), home_.PathOf("spool")),
      shelf_(parts()) {}

ClientParts ClientCore::parts() {
  return {keys_, seal_keys_, *state_, *connection_, directory_, retrier_, clock_, random_};
}

absl::Status ClientCore::Follow(InboxReceiver& receiver, bool until_caught_up,
                                absl::Duration timeout, const InboxHandler* handler) {
  ASSIGN_OR_RETURN(const SubscriptionStart start, receiver.Start());
  ASSIGN_OR_RETURN(const std::unique_ptr<SubscriptionReader> reader,
                   connection_->Subscribe(start, timeout));
  {
    MutexLock lock(mutex_);
    open_.insert(reader.get());
  }
  absl::Status status = retrier_.stopped() ? Stopped() : absl::OkStatus();
  while (status.ok() && !(until_caught_up && receiver.caught_up())) {
    const absl::StatusOr<SubscriptionMessage> message = reader->Read();
    status = message.ok() ? receiver.Take(*message) : message.status();
    if (status.ok() && handler != nullptr) status = HandOver(*handler);
  }
  {
    MutexLock lock(mutex_);
    open_.erase(reader.get());
  }
  reader->Cancel();
  return retrier_.stopped() ? Stopped() : status;
}

absl::StatusOr<SyncReport> ClientCore::Sync() {
  MutexLock receiving(receiving_);
  ASSIGN_OR_RETURN(const auto directory, directory_.Sync());
  InboxReceiver receiver(parts());
  for (;;) {
    const uint64_t before = receiver.count().received;
    const absl::Status status = retrier_.Run([&](absl::Duration left) {
      return Follow(receiver, /*until_caught_up=*/true, left, nullptr);
    });
    if (status.ok()) break;
    // A long inbox outlives one deadline as long as each brings something.
    const bool progressed = receiver.count().received > before;
    if (!progressed || !WorthAnotherStream(status)) return status;
  }
  return SyncReport{receiver.count().received, receiver.count().refused,
                    directory_.Warnings(*directory, clock_.Now())};
}

absl::Status ClientCore::HandOver(const InboxHandler& handler) {
  for (;;) {
    if (retrier_.stopped()) return Stopped();
    ASSIGN_OR_RETURN(const InboxCursor cursor, state_->Position());
    if (cursor.handed >= cursor.size) return absl::OkStatus();
    ASSIGN_OR_RETURN(const KeptEntry kept, shelf_.Find(cursor.handed + 1));
    ASSIGN_OR_RETURN(const OpenedBulletin opened, shelf_.Open(kept));
    RETURN_IF_ERROR(handler(opened));
    RETURN_IF_ERROR(state_->SetHanded(kept.delivered.seq));
  }
}

absl::Status ClientCore::Subscribe(const InboxHandler& handler) {
  MutexLock receiving(receiving_);
  // The handler's own error ends the subscription, whatever its code.
  absl::Status handler_error;
  const InboxHandler guarded = [&](const OpenedBulletin& opened) {
    handler_error = handler(opened);
    return handler_error;
  };
  for (int failures = 0;;) {
    absl::Status status = HandOver(guarded);
    InboxReceiver receiver(parts());
    if (status.ok()) status = directory_.Sync().status();
    if (status.ok()) status = Follow(receiver, false, absl::InfiniteDuration(), &guarded);
    if (!handler_error.ok()) return handler_error;
    if (retrier_.stopped()) return Stopped();
    if (!WorthAnotherStream(status)) return status;
    failures = receiver.count().received > 0 ? 0 : failures + 1;
    if (!retrier_.Wait(retrier_.Delay(failures, status))) return Stopped();
  }
}

void ClientCore::Stop() {
  retrier_.Stop();
  MutexLock lock(mutex_);
  for (SubscriptionReader* reader : open_) reader->Cancel();
}

absl::Status ClientCore::Acknowledge(uint64_t seq) {
  ASSIGN_OR_RETURN(const KeptEntry kept, shelf_.Find(seq));
  ASSIGN_OR_RETURN(const uint64_t acknowledged, retrier_.Run([&](absl::Duration left) {
    return connection_->Acknowledge(seq, kept.chain_hash, left);
  }));
  if (acknowledged < seq) {
    return absl::DataLossError(absl::StrCat("the broker's cursor is at ", acknowledged,
                                            " after entry ", seq, " was acknowledged"));
  }
  return state_->SetAcknowledged(seq);
}

}  // namespace shield
