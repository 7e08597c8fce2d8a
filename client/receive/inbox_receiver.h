// Takes what a subscription brings, one message after the other, and stores what can be stored.
//
// The chain comes first: numbers are dense, each link follows from the one stored, heads are signed
// by the broker and never go back (docs/spec/delivery.md). A break there ends the subscription and
// stores nothing. An entry whose own checks fail is stored as refused, with the rule that failed:
// its number is taken, its content is never shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client_parts.h"
#include "client/connection.h"
#include "client/receive/verify_entry.h"
#include "policy/proof/inbox_chain.h"

namespace shield {

struct ReceivedCount {
  uint64_t received = 0;
  uint64_t refused = 0;
};

// Thread-compatible: one subscription drives one receiver.
class InboxReceiver {
 public:
  explicit InboxReceiver(const ClientParts& parts) : parts_(parts) {}

  // Where a subscription is to begin.
  absl::StatusOr<SubscriptionStart> Start();

  // Everything in `message`, in its order. Errors end the subscription:
  //   DATA_LOSS INBOX_GAP          a number is missing or comes again
  //   DATA_LOSS ROLLBACK           the broker's head is behind what was received, or another
  //   DATA_LOSS BAD_SIGNATURE      a head that the broker did not sign
  //   ABORTED                      another process has received meanwhile: start again
  absl::Status Take(const SubscriptionMessage& message);

  // Whether the last mark said that everything has been sent.
  bool caught_up() const { return caught_up_; }
  const ReceivedCount& count() const { return count_; }

 private:
  absl::Status TakeHello(const SubscriptionMessage::Hello& hello);
  absl::Status TakeEntry(const DeliveredEntry& entry);
  absl::Status TakeMark(const SubscriptionMessage::Mark& mark);

  absl::StatusOr<InboxPosition> LocalPosition();
  absl::StatusOr<InboxHead> VerifyHead(const std::string& note);
  absl::StatusOr<KeptEntry> Chain(const DeliveredEntry& entry, const InboxPosition& local) const;
  // OK when everything held; otherwise the fault to store.
  absl::Status CheckEntry(KeptEntry& kept, const VerifiedDirectory& directory,
                          std::optional<VerifiedEntry>& verified);
  absl::Status CheckContent(DeliveredEntry& entry, const VerifiedEntry& verified);
  absl::Status NoteFault(const absl::Status& fault, KeptEntry& kept);
  absl::Status ApplyEndings(const VerifiedStatement& ending, const VerifiedDirectory& directory);

  const ClientParts parts_;
  bool caught_up_ = false;
  ReceivedCount count_;
};

}  // namespace shield
