#include "tests/bench/peer/jetstream_readers.h"

#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"

namespace shield::testing {
namespace {

constexpr uint64_t kAcknowledgeEvery = 256;

}  // namespace

absl::Status JetStreamReaders::Connect(const std::string& address,
                                       const std::vector<TlsKeyPair>& keys) {
  for (const TlsKeyPair& key : keys) {
    auto reader = std::make_unique<Reader>();
    reader->gate = &gate_;
    ASSIGN_OR_RETURN(reader->client, JetStreamClient::Connect(address, key));
    natsSubscription* subscription = nullptr;
    RETURN_IF_ERROR(reader->client->Subscribe(&Take, reader.get(), &subscription));
    reader->subscription.reset(subscription);
    readers_.push_back(std::move(reader));
  }
  return absl::OkStatus();
}

void JetStreamReaders::Take(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  auto& reader = *static_cast<Reader*>(closure);
  const uint64_t before = reader.entries++;
  const bool last = reader.entries == reader.gate->target();
  if (last || reader.entries % kAcknowledgeEvery == 0) natsMsg_Ack(message, nullptr);
  natsMsg_Destroy(message);
  reader.gate->Note(before, reader.entries, absl::Now());
}

}  // namespace shield::testing
