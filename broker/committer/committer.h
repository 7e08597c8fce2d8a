// The one committer: publishes queue, it takes all that wait, and one synced write serves them.
//
// Submit* return at once; the callback runs on the committer's thread when the command's fate is
// known, holding no lock, in the order of commits. Callbacks must not block. A full queue refuses
// at once with QUEUE_FULL and does not run the callback's command.
//
//   Committer committer(store, clock, options);
//   committer.Start();                                  // or, in a test: while (committer.Step())
//   {} committer.SubmitPublish(std::move(command), deadline, [](absl::StatusOr<PublishReceipt> r)
//   {…});
//
// A command whose deadline passes while it waits is answered DEADLINE_EXCEEDED and leaves no trace.
// When the store fails, on_failure runs once, and what waits is answered with the store's error.
//
// Thread-safe, Step excepted: it belongs to the thread that Start makes or, without Start, to one
// test thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <thread>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "broker/store/store.h"

namespace shield::store {

struct CommitterOptions {
  size_t max_queued = 4096;                     // commands
  size_t max_queued_bytes = 256 * 1024 * 1024;  // slots, statements, payloads that wait
  size_t max_group_publishes = 256;
  size_t max_group_entries = 20'000;  // inbox entries; one larger publish goes alone
  std::function<void(uint64_t last_commit)> on_commit = nullptr;  // after a group, off-lock
  std::function<void(const absl::Status&)> on_failure = nullptr;  // once
};

class Committer {
 public:
  using PublishDone = std::function<void(absl::StatusOr<PublishReceipt>)>;
  using AcknowledgeDone = std::function<void(absl::StatusOr<uint64_t>)>;
  using DirectoryDone = std::function<void(absl::StatusOr<DirectoryReceipt>)>;
  using FreshDone = std::function<void(absl::Status)>;

  // `store` and `clock` outlive the committer.
  Committer(Store& store, Clock& clock, CommitterOptions options);
  ~Committer();  // Stop()
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Non-OK (QUEUE_FULL, DRAINING): refused, and `done` will not run.
  absl::Status SubmitPublish(PublishCommand command, absl::Time deadline, PublishDone done);
  absl::Status SubmitAcknowledge(AcknowledgeCommand command, AcknowledgeDone done);
  absl::Status SubmitDirectory(DirectoryCommand command, DirectoryDone done);
  absl::Status SubmitFresh(FreshCommand command, FreshDone done);

  // Commits one group and runs its callbacks; false when nothing waited.
  bool Step();

  // Starts the committer's own thread.
  void Start();
  // Refuses new commands, commits what waits, joins the thread. Idempotent.
  void Stop();

  size_t queued();

 private:
  struct QueuedPublish {
    PublishCommand command;
    absl::Time deadline;
    PublishDone done;
  };
  struct QueuedAcknowledge {
    AcknowledgeCommand command;
    AcknowledgeDone done;
  };
  struct QueuedDirectory {
    DirectoryCommand command;
    DirectoryDone done;
  };
  struct QueuedFresh {
    FreshCommand command;
    FreshDone done;
  };
  using Queued = std::variant<QueuedPublish, QueuedAcknowledge, QueuedDirectory, QueuedFresh>;
  struct Round;  // one group with its callbacks

  absl::Status Enqueue(Queued queued, size_t bytes);
  void Run();
  Round TakeRound() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CommitRound(Round round);

  Store& store_;
  Clock& clock_;
  const CommitterOptions options_;
  std::thread thread_;
  bool failure_told_ = false;  // of the committing thread

  Mutex mutex_;
  CondVar arrived_;
  std::deque<Queued> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace shield::store
