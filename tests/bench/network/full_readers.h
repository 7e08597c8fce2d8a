// Many subscribers with the whole library: each verifies, stores and opens what comes, and
// acknowledges it.
//
// Every reader is a client of its own over a connection of its own, in a thread of its own, as so
// many programs would be.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/random.h"
#include "client/client.h"
#include "client/home/home.h"
#include "tests/bench/network/turn_gate.h"

namespace shield::testing {

struct FullOptions {
  std::string address;
  bool note_arrivals = false;  // keeps the moment at which each entry had been opened
  // A reader that has all entries of a turn acknowledges them, and counts as having them only then.
  // Without, nobody does but when AcknowledgeAll says: people take longer than a turn does.
  bool acknowledge_at_once = false;
};

class FullReaders {
 public:
  // `gate`, `clock` and `random` must outlive the readers.
  FullReaders(const FullOptions& options, Clock& clock, Random& random, TurnGate& gate)
      : options_(options), clock_(clock), random_(random), gate_(gate) {}
  // Stops the subscriptions.
  ~FullReaders();
  FullReaders(const FullReaders&) = delete;
  FullReaders& operator=(const FullReaders&) = delete;

  // Subscribes a client of each home, a few at a time, and returns when the broker has spoken to
  // all of them. The error of the first that cannot; DEADLINE_EXCEEDED. Call once.
  absl::Status Connect(const std::vector<Home>& homes, absl::Duration patience);

  // Every reader acknowledges all it has. Between turns only.
  absl::Status AcknowledgeAll();

  // When each entry had been opened, by reader, if that was asked for. Between turns only.
  std::vector<std::vector<absl::Time>> arrivals() const;

 private:
  struct Reader {
    explicit Reader(Client opened) : client(std::move(opened)) {}
    Client client;
    uint64_t entries = 0;
    uint64_t last_seq = 0;
    std::vector<absl::Time> arrivals;
    std::thread thread;
  };

  absl::Status Open(const Home& home);
  void Read(Reader& reader);
  absl::Status Acknowledge(Reader& reader) const;
  absl::Status Take(Reader& reader, const OpenedBulletin& bulletin);
  void Failed(const absl::Status& status);

  const FullOptions options_;
  Clock& clock_;
  Random& random_;
  TurnGate& gate_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  CondVar changed_;
  size_t connected_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::testing
