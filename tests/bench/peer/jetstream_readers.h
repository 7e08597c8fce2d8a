// Many subscribers of JetStream that only count, in the place of counting readers of the broker:
// each over a connection of its own with its member's key, acknowledging once, for all it had, at
// the end of a turn.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/mutex.h"
#include "crypto/tls_key.h"
#include "tests/bench/network/turn_gate.h"
#include "tests/bench/peer/jetstream_client.h"

namespace shield::testing {

// Thread-compatible.
class JetStreamReaders {
 public:
  // `gate` must outlive them.
  explicit JetStreamReaders(TurnGate& gate) : gate_(gate) {}
  // Ends the subscriptions and waits until the library calls none of them any more.
  ~JetStreamReaders();
  JetStreamReaders(const JetStreamReaders&) = delete;
  JetStreamReaders& operator=(const JetStreamReaders&) = delete;

  // A subscriber for each key. The error of the first that is not taken: UNAVAILABLE. Call once.
  absl::Status Connect(const std::string& address, const std::vector<TlsKeyPair>& keys);

 private:
  struct Destroy {
    void operator()(natsSubscription* subscription) const {
      natsSubscription_Destroy(subscription);
    }
  };
  struct Reader {
    JetStreamReaders* all = nullptr;
    uint64_t entries = 0;  // of the thread that delivers
    std::unique_ptr<JetStreamClient> client;
    std::unique_ptr<natsSubscription, Destroy> subscription;  // ends before the client
  };

  static void Take(natsConnection*, natsSubscription*, natsMsg* message, void* closure);
  static void Complete(void* closure);
  absl::Status Open(const std::string& address, const TlsKeyPair& key);

  TurnGate& gate_;
  std::vector<std::unique_ptr<Reader>> readers_;
  Mutex mutex_;
  CondVar changed_;
  size_t live_ ABSL_GUARDED_BY(mutex_) = 0;  // subscriptions that are not complete
};

}  // namespace shield::testing
