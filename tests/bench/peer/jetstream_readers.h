// Many subscribers of JetStream that only count, in the place of counting readers of the broker:
// each over a connection of its own with its member's key, acknowledging for all before now and
// then, which costs JetStream least.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "crypto/tls_key.h"
#include "tests/bench/network/turn_gate.h"
#include "tests/bench/peer/jetstream_client.h"

namespace shield::testing {

class JetStreamReaders {
 public:
  // `gate` must outlive them.
  explicit JetStreamReaders(TurnGate& gate) : gate_(gate) {}

  // A subscriber for each key. The error of the first that is not taken. Call once.
  absl::Status Connect(const std::string& address, const std::vector<TlsKeyPair>& keys);

 private:
  struct Destroy {
    void operator()(natsSubscription* subscription) const {
      natsSubscription_Destroy(subscription);
    }
  };
  struct Reader {
    TurnGate* gate = nullptr;
    uint64_t entries = 0;  // of the thread that delivers
    std::unique_ptr<JetStreamClient> client;
    std::unique_ptr<natsSubscription, Destroy> subscription;  // ends before the client
  };

  static void Take(natsConnection*, natsSubscription*, natsMsg* message, void* closure);

  TurnGate& gate_;
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace shield::testing
