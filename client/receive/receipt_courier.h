// Brings receipts to the broker: what this member has to say about what it was sent.
//
// They are noted in state.db when their moment comes (client/state/state.h) and stay due until the
// broker has taken or refused them, over runs of the program and kill -9. A broker that is away, or
// says no to one, holds up no delivery and no other receipt. Rules: docs/spec/receipt.md.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/strong_id.h"
#include "client/client_parts.h"
#include "policy/proof/receipt.h"

namespace shield {

// How long one call may take.
inline constexpr absl::Duration kReceiptTimeout = absl::Seconds(5);

// All calls of one turn: what is left then follows with the next.
inline constexpr absl::Duration kReceiptTurn = absl::Seconds(30);

// What the broker did not take, and its rule (docs/spec/receipt.md).
struct RefusedReceipt {
  BulletinId id;
  ReceiptState state = ReceiptState::kUnspecified;
  std::string rule;
};

// Signs and sends what is due, a batch at a time, until nothing is left, a batch brought nothing
// further, the turn is over or the client is stopped. Those that were refused are due no more, but
// for those whose time the broker does not believe yet, and those of an entry that is here and has
// not expired, of which the broker knows nothing (it was set back). Errors are the connection's.
//
// What is signed is the time of the event; no earlier than the bulletin was issued and no later
// than now, for the clock may have been wrong and been set since.
absl::StatusOr<std::vector<RefusedReceipt>> SendDueReceipts(
    const ClientParts& parts, absl::Duration timeout = kReceiptTimeout);

// What is to be said of a bulletin of this home that was opened or acknowledged now; nothing of a
// notice, which has no content, of one that was refused, or of what came in a folder and not from
// the broker.
absl::StatusOr<std::optional<DueReceipt>> ReceiptOf(const ClientParts& parts, const KeptEntry& kept,
                                                    ReceiptState state);
// Notes that. Durable later is enough where the same is noted again when it is lost.
absl::Status NoteReceiptOf(const ClientParts& parts, const KeptEntry& kept, ReceiptState state,
                           Durability durability = Durability::kNow);
// The same for what a person says of one bulletin, and may have said before: it is signed and sent
// again, under the keys of now, whatever the broker answered then.
absl::Status RenewReceiptOf(const ClientParts& parts, const KeptEntry& kept, ReceiptState state);

inline constexpr absl::Duration kFirstReceiptPause = absl::Seconds(1);
inline constexpr absl::Duration kLongestReceiptPause = absl::Minutes(5);

// How long to wait after a turn that ended with this status, when the wait before was `pause`: not
// at all after OK; for as long as the broker says after RATE_LIMITED, since that is when it takes
// more of this member's; else at least as long as it says, from kFirstReceiptPause on twice as long
// each time. At most kLongestReceiptPause.
absl::Duration PauseAfter(const absl::Status& turn, absl::Duration pause);

// By how much receipts that became due are put off at most.
inline constexpr absl::Duration kReceiptSpread = absl::Milliseconds(250);

// Sends beside a subscription, on a thread of its own: what became due, after a random part of
// kReceiptSpread, for ten thousand who have got one bulletin would else answer all at once, while
// the broker still has others to give it to; after a failure when PauseAfter says. Thread-safe.
// `parts` outlives it.
class ReceiptCourier {
 public:
  explicit ReceiptCourier(const ClientParts& parts);
  // Sends once more what is due, unless the last try failed or it was to keep the rest, and ends
  // the thread.
  ~ReceiptCourier();
  ReceiptCourier(const ReceiptCourier&) = delete;
  ReceiptCourier& operator=(const ReceiptCourier&) = delete;

  // Something may have become due.
  void Wake();
  // The broker has turned this member away: nothing is sent at the end, and what is due stays so
  // until it is let in again.
  void KeepTheRest();

 private:
  void Run();
  // False when it is to end.
  bool WaitUntilWoken(absl::Duration pause);
  bool WaitForOthers();
  bool MaySendTheRest();

  const ClientParts parts_;
  Mutex mutex_;
  CondVar woken_;
  CondVar ended_;
  bool awake_ ABSL_GUARDED_BY(mutex_) = true;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool keeping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace shield
