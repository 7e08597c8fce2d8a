// The members of a SampleNetwork before the core of the real broker, with a store in memory: all of
// it in one thread and by one clock.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "broker/core/broker.h"
#include "client/client.h"
#include "client/mock/scripted_connection.h"
#include "tests/broker/store/memory_store.h"
#include "tests/client/support/sample_network.h"
#include "tests/support/captured_log.h"

namespace shield::testing {

class CoreNetwork {
 public:
  CoreNetwork();

  SampleNetwork& members() { return members_; }
  FakeClock& clock() { return members_.clock(); }
  // A member's line to the broker; its script breaks it at will.
  std::shared_ptr<ScriptedConnection> Connect(absl::string_view member);
  Client Open(absl::string_view member, std::shared_ptr<Connection> connection);

 private:
  void UploadDirectory();
  void Settle() {
    while (broker_->Step()) continue;
  }

  SampleNetwork members_;
  CapturedLog log_;
  MemoryStore store_;
  std::unique_ptr<broker::Broker> broker_;
};

}  // namespace shield::testing
