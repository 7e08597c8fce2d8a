// Many subscribers that only count, on a few threads: the same program against the broker and
// against the bare server.
//
// Each has a connection of its own with its member's real key and speaks the real protocol; of what
// comes it looks at nothing but the heads of entries (tests/bench/ceiling/entry_counter.h). What it
// has counted it acknowledges once, at the end: acknowledging each entry would measure that.
#pragma once

#include <grpcpp/completion_queue.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "base/mutex.h"
#include "crypto/tls_key.h"
#include "tests/bench/network/turn_gate.h"

namespace shield::testing {

struct CountingOptions {
  std::string address;
  Digest pin;
  bool note_arrivals = false;  // keeps the moment at which each entry came
};

class CountingReaders {
 public:
  // A reader for each key. `gate` must outlive them.
  CountingReaders(const CountingOptions& options, std::vector<TlsKeyPair> keys, TurnGate& gate);
  // Cancels the streams.
  ~CountingReaders();
  CountingReaders(const CountingReaders&) = delete;
  CountingReaders& operator=(const CountingReaders&) = delete;

  // Subscribes all of them, a few at a time, and returns when each has been greeted. The error of
  // the first that is not; DEADLINE_EXCEEDED.
  absl::Status Connect(absl::Duration patience);

  // Waits for the signed head after all `entries` of each and acknowledges it.
  absl::Status Acknowledge(uint64_t entries, absl::Duration patience);

  // When the first of them was greeted: before any entry.
  absl::Time first_greeting();

  // Bytes of messages and messages, of all readers so far.
  uint64_t bytes() const;
  uint64_t messages() const;
  // When each entry came, by reader, if that was asked for. Between turns only.
  std::vector<std::vector<absl::Time>> arrivals() const;

 private:
  class Reader;

  absl::Status first_error();
  void Greeted(absl::Time now);
  void Failed(const absl::Status& status);
  void Ended();

  const CountingOptions options_;
  TurnGate& gate_;
  std::vector<std::unique_ptr<grpc::CompletionQueue>> queues_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::atomic<bool> ending_{false};
  Mutex mutex_;
  CondVar changed_;
  size_t greeted_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t live_ ABSL_GUARDED_BY(mutex_) = 0;  // whose streams have not ended
  absl::Time first_greeting_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace shield::testing
