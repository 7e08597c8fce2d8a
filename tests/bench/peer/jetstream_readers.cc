#include "tests/bench/peer/jetstream_readers.h"

#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"

namespace shield::testing {

namespace {

// Of the stream, from 1; 0 for what is none of it.
uint64_t SequenceOf(natsMsg* message) {
  jsMsgMetaData* data = nullptr;
  if (natsMsg_GetMetaData(&data, message) != NATS_OK) return 0;
  const uint64_t sequence = data->Sequence.Stream;
  jsMsgMetaData_Destroy(data);
  return sequence;
}

}  // namespace

JetStreamReaders::~JetStreamReaders() {
  for (const auto& reader : readers_) reader->subscription.reset();
  MutexLock lock(mutex_);
  while (live_ > 0) changed_.Wait(mutex_);
}

absl::Status JetStreamReaders::Connect(const std::string& address,
                                       const std::vector<TlsKeyPair>& keys) {
  RETURN_IF_ERROR(PrepareJetStreamDelivery());
  for (const TlsKeyPair& key : keys) RETURN_IF_ERROR(Open(address, key));
  return absl::OkStatus();
}

absl::Status JetStreamReaders::Open(const std::string& address, const TlsKeyPair& key) {
  Reader& reader = *readers_.emplace_back(std::make_unique<Reader>());
  reader.all = this;
  ASSIGN_OR_RETURN(reader.client, JetStreamClient::Connect(address, key));
  natsSubscription* subscription = nullptr;
  RETURN_IF_ERROR(reader.client->Subscribe(&Take, &reader, &subscription));
  reader.subscription.reset(subscription);
  MutexLock lock(mutex_);
  RETURN_IF_ERROR(
      FromNats(natsSubscription_SetOnCompleteCB(subscription, &Complete, this), "subscription"));
  ++live_;
  return absl::OkStatus();
}

void JetStreamReaders::Take(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  auto& reader = *static_cast<Reader*>(closure);
  TurnGate& gate = reader.all->gate_;
  const uint64_t before = reader.entries++;
  if (reader.entries == gate.target()) {
    if (SequenceOf(message) != reader.entries) {
      gate.Fail(absl::DataLossError("JetStream sent something twice or not at all"));
    }
    natsMsg_Ack(message, nullptr);
  }
  natsMsg_Destroy(message);
  gate.Note(before, reader.entries, absl::Now());
}

void JetStreamReaders::Complete(void* closure) {
  auto& all = *static_cast<JetStreamReaders*>(closure);
  MutexLock lock(all.mutex_);
  --all.live_;
  all.changed_.NotifyAll();
}

}  // namespace shield::testing
