// The one committer: commands queue, it takes all that wait, and one synced write serves them.
//
// Submit… return at once; the callback runs on the committer's thread when the command's fate is
// known, holding no lock, in the order of commits. Callbacks must not block.
//
//   Committer committer(store, clock, options);
//   committer.Start();                                  // or, in a test: while (committer.Step())
//   {} committer.SubmitPublish(std::move(command), deadline, [](absl::StatusOr<PublishReceipt> r)
//   {…});
//
// Directories and freshness notes wait in a queue of their own, with places and bytes that no
// publish can take, and go next, each alone: a flood of publishes neither refuses nor delays a
// revocation. Withdrawals come after them, by the same rule. Receipts wait in a queue of their own
// as well and go last, when neither a publish nor an acknowledgement waits; but once
// max_groups_before_receipts groups have gone before them, one group of receipts goes before the
// next publish, so that they do not wait for ever. No publish therefore waits for more than one
// group of receipts beside the one that is being written (docs/spec/receipt.md). Where nothing else
// waits, receipts wait until receipts_rest after the last group of them began, unless there are
// enough of them: those who read one bulletin sign for it within moments of each other, and are
// synced together. Publishes that supersede others and sweeps go alone too, in their turn. So
// nothing overtakes a directory; publishes that were sealed for the one before, also those that
// came earlier, are then refused with DIRECTORY_MOVED, to be sealed again.
//
// A publish whose deadline passes while it waits is answered DEADLINE_EXCEEDED and leaves no trace.
// Once the store fails, on_failure runs once, and what waits is answered with the store's error.
//
// Thread-safe, Step excepted: it belongs to the thread that Start makes or, without Start, to one
// test thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "broker/store/store.h"

namespace shield::store {

inline constexpr absl::string_view kRuleQueueFull = "QUEUE_FULL";
inline constexpr absl::string_view kRuleDraining = "DRAINING";

struct CommitterOptions {
  // Publishes, acknowledgements and sweeps that wait; bytes are those of slots, statements and
  // payloads.
  size_t max_queued = 8192;
  size_t max_queued_bytes = 256 * 1024 * 1024;
  // Directories and freshness notes that wait.
  size_t max_queued_directories = 16;
  size_t max_queued_directory_bytes = 256 * 1024 * 1024;
  // Withdrawals that wait.
  size_t max_queued_withdrawals = 256;
  size_t max_queued_withdrawal_bytes = 64 * 1024 * 1024;
  // Commands of receipts that wait.
  size_t max_queued_receipts = 4096;
  size_t max_queued_receipt_bytes = 32 * 1024 * 1024;
  size_t max_group_publishes = 256;
  size_t max_group_entries = 20'000;       // inbox entries; one larger publish goes alone
  size_t max_group_acknowledges = 4'096;   // of one group
  size_t max_group_receipts = 512;         // receipts, however many commands they came in
  size_t max_groups_before_receipts = 16;  // in a row, while receipts wait
  absl::Duration receipts_rest = absl::Milliseconds(25);
  // Receipts that do not wait for more: as many as one call may bring, so that who sends call after
  // call is answered at once.
  size_t enough_receipts = kMaxReceipts;
  std::function<void(uint64_t last_commit)> on_commit = nullptr;  // after a group, before callbacks
  std::function<void(const absl::Status&)> on_failure = nullptr;  // at most once
};

class Committer {
 public:
  using PublishDone = std::function<void(absl::StatusOr<PublishReceipt>)>;
  // Runs before on_commit, for a publish that this very group has made durable.
  using PublishKept = std::function<void(const PublishReceipt&)>;
  using AcknowledgeDone = std::function<void(absl::StatusOr<uint64_t>)>;
  using ReceiptsDone = std::function<void(absl::StatusOr<uint64_t>)>;
  using DirectoryDone = std::function<void(absl::StatusOr<DirectoryReceipt>)>;
  using FreshDone = std::function<void(absl::Status)>;
  using SweepDone = std::function<void(absl::StatusOr<SweepReceipt>)>;

  // `store` and `clock` outlive the committer.
  Committer(Store& store, Clock& clock, CommitterOptions options);
  ~Committer();  // Stop()
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // RESOURCE_EXHAUSTED/QUEUE_FULL or UNAVAILABLE/DRAINING: refused, and `done` will not run. A
  // queue that is full refuses nothing of another one. With `kept` statement and payload of a
  // publish count twice: who wants to be told holds a copy of them until then.
  absl::Status SubmitPublish(PublishCommand command, absl::Time deadline, PublishDone done,
                             PublishKept kept = nullptr);
  absl::Status SubmitAcknowledge(AcknowledgeCommand command, AcknowledgeDone done);
  absl::Status SubmitReceipts(ReceiptsCommand command, ReceiptsDone done);
  absl::Status SubmitDirectory(DirectoryCommand command, DirectoryDone done);
  absl::Status SubmitFresh(FreshCommand command, FreshDone done);
  absl::Status SubmitSweep(SweepCommand command, SweepDone done);

  // Commits one group and runs its callbacks; false when nothing waited.
  bool Step();

  // Starts the committer's own thread. At most once.
  void Start();
  // Refuses new commands, commits what waits, joins the thread. Idempotent.
  void Stop();

  size_t queued();

 private:
  template <typename Command, typename Done>
  struct Waiting {
    Command command;
    Done done;
    absl::Time deadline;
    size_t bytes;
  };
  struct PublishCalls {
    PublishDone done;
    PublishKept kept;  // may be null
  };
  using WaitingPublish = Waiting<PublishCommand, PublishCalls>;
  using WaitingAcknowledge = Waiting<AcknowledgeCommand, AcknowledgeDone>;
  using WaitingReceipts = Waiting<ReceiptsCommand, ReceiptsDone>;
  using WaitingDirectory = Waiting<DirectoryCommand, DirectoryDone>;
  using WaitingFresh = Waiting<FreshCommand, FreshDone>;
  using WaitingSweep = Waiting<SweepCommand, SweepDone>;
  using AnyWaiting = std::variant<WaitingPublish, WaitingAcknowledge, WaitingReceipts,
                                  WaitingDirectory, WaitingFresh, WaitingSweep>;

  // One group and those who wait for it, parallel to each other.
  struct Round {
    CommitGroup group;
    size_t entries = 0;
    size_t receipts = 0;
    bool closed = false;  // what it holds goes alone
    std::vector<PublishCalls> publish_calls;
    std::vector<AcknowledgeDone> acknowledge_done;
    std::vector<ReceiptsDone> receipts_done;
    std::vector<DirectoryDone> directory_done;
    std::vector<FreshDone> fresh_done;
    std::vector<SweepDone> sweep_done;
    std::vector<PublishDone> expired;
  };

  // First in, first out.
  struct Queue {
    size_t most = 0;
    size_t most_bytes = 0;
    std::deque<AnyWaiting> waiting = {};
    size_t bytes = 0;

    AnyWaiting Pop();
  };

  absl::Status Enqueue(AnyWaiting waiting, size_t bytes);
  Queue& QueueOf(const AnyWaiting& waiting) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool NothingWaits() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();
  bool OnlyReceiptsWait() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WaitForMoreReceipts() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Round TakeRound() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool ReceiptsAreNext() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Round TakeReceipts(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static bool GoesAlone(const AnyWaiting& waiting);
  bool Fits(const Round& round, const AnyWaiting& waiting) const;
  void Join(Round& round, AnyWaiting waiting, absl::Time now) const;
  static void TellKept(const std::vector<absl::StatusOr<PublishReceipt>>& results,
                       const std::vector<PublishCalls>& calls);
  void Commit(Round round);

  Store& store_;
  Clock& clock_;
  const CommitterOptions options_;
  std::thread thread_;
  bool failure_told_ = false;  // belongs to the thread that steps

  Mutex mutex_;
  CondVar arrived_;
  Queue directories_ ABSL_GUARDED_BY(mutex_);  // and freshness notes: taken first
  Queue withdrawals_ ABSL_GUARDED_BY(mutex_);  // then these
  Queue others_ ABSL_GUARDED_BY(mutex_);
  Queue receipts_ ABSL_GUARDED_BY(mutex_);               // last
  size_t waiting_receipts_ ABSL_GUARDED_BY(mutex_) = 0;  // in all commands of that queue
  size_t passed_receipts_ ABSL_GUARDED_BY(mutex_) = 0;   // groups, since receipts wait
  // Until when receipts rest, by a clock that nobody sets.
  std::chrono::steady_clock::time_point receipts_rest_until_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace shield::store
