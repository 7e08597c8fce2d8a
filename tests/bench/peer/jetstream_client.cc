#include "tests/bench/peer/jetstream_client.h"

#include <algorithm>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"

namespace shield::testing {
namespace {

constexpr char kStream[] = "BULLETINS";
constexpr int64_t kPatienceMs = 60'000;
// More and longer than any turn: the server stops after 1,000 otherwise, and sends again after 30
// s.
constexpr int64_t kMostUnacknowledged = 65'536;
constexpr absl::Duration kLongestTurn = absl::Minutes(10);

}  // namespace

absl::Status FromNats(natsStatus status, absl::string_view what) {
  if (status == NATS_OK) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(what, ": ", natsStatus_GetText(status)));
}

absl::Status PrepareJetStreamDelivery() {
  const unsigned threads = std::max(2U, std::thread::hardware_concurrency()) - 1;
  return FromNats(nats_SetMessageDeliveryPoolSize(static_cast<int>(threads)), "delivery");
}

absl::StatusOr<std::unique_ptr<JetStreamClient>> JetStreamClient::Connect(
    const std::string& address, const TlsKeyPair& own) {
  std::unique_ptr<JetStreamClient> client(new JetStreamClient());
  natsOptions* options = nullptr;
  RETURN_IF_ERROR(FromNats(natsOptions_Create(&options), "options"));
  client->options_.reset(options);
  RETURN_IF_ERROR(FromNats(natsOptions_SetURL(options, address.c_str()), "address"));
  RETURN_IF_ERROR(FromNats(natsOptions_SetSecure(options, true), "TLS"));
  RETURN_IF_ERROR(FromNats(natsOptions_SkipServerVerification(options, true), "TLS"));
  RETURN_IF_ERROR(FromNats(
      natsOptions_SetCertificatesChain(options, own.certificate_pem.c_str(), own.key_pem.c_str()),
      "certificate"));
  RETURN_IF_ERROR(FromNats(natsOptions_SetTimeout(options, kPatienceMs), "timeout"));
  RETURN_IF_ERROR(FromNats(natsOptions_UseGlobalMessageDelivery(options, true), "delivery"));
  natsConnection* connection = nullptr;
  RETURN_IF_ERROR(FromNats(natsConnection_Connect(&connection, options), "connect"));
  client->connection_.reset(connection);
  jsOptions defaults;
  jsOptions_Init(&defaults);
  defaults.Wait = kPatienceMs;
  jsCtx* context = nullptr;
  RETURN_IF_ERROR(FromNats(natsConnection_JetStream(&context, connection, &defaults), "context"));
  client->context_.reset(context);
  return client;
}

absl::Status JetStreamClient::MakeStream() {
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  const char* subjects[] = {kJetStreamSubject};
  config.Name = kStream;
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Storage = js_FileStorage;
  return FromNats(js_AddStream(nullptr, context_.get(), &config, nullptr, nullptr), "stream");
}

absl::Status JetStreamClient::Publish(ByteSpan message) {
  return FromNats(js_Publish(nullptr, context_.get(), kJetStreamSubject, message.data(),
                             static_cast<int>(message.size()), nullptr, nullptr),
                  "publish");
}

absl::Status JetStreamClient::Subscribe(natsMsgHandler handler, void* closure,
                                        natsSubscription** subscription) {
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = kStream;
  options.ManualAck = true;
  options.Config.DeliverPolicy = js_DeliverAll;
  options.Config.AckPolicy = js_AckAll;
  options.Config.MaxAckPending = kMostUnacknowledged;
  options.Config.AckWait = absl::ToInt64Nanoseconds(kLongestTurn);
  options.Config.MemoryStorage = true;
  return FromNats(js_Subscribe(subscription, context_.get(), kJetStreamSubject, handler, closure,
                               nullptr, &options, nullptr),
                  "subscribe");
}

}  // namespace shield::testing
