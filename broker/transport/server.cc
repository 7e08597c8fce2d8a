#include "broker/transport/server.h"

#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "base/status.h"
#include "broker/transport/accept_loop.h"
#include "broker/transport/connection_table.h"
#include "broker/transport/disclosure.h"
#include "broker/transport/engine.h"
#include "broker/transport/gatekeeper.h"
#include "broker/transport/handshake_log.h"
#include "broker/transport/refusal_log.h"
#include "broker/transport/stream_gate.h"
#include "broker/transport/tls_server.h"
#include "proto/wire/limits.h"
#include "proto/wire/prepare_process.h"

namespace shield::broker {
namespace {

using grpc::experimental::ExternalConnectionAcceptor;

constexpr int kMaxMetadataBytes = 8 * 1024;
constexpr absl::Duration kKeepalive = absl::Seconds(60);
constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(20);
constexpr absl::Duration kMinPingInterval = absl::Seconds(20);
constexpr absl::Duration kConnectionAge = absl::Hours(1);
constexpr absl::Duration kConnectionAgeGrace = absl::Minutes(10);
constexpr absl::Duration kConnectionIdle = absl::Minutes(5);
constexpr size_t kMemoryQuotaBytes = size_t{1} << 30;
// Fixed, so that what a connection may have on its way is known (ConnectionLimits::unserved_bytes).
constexpr int kStreamWindowBytes = 64 * 1024;
// No more frames than these are worked off before the broker looks up again.
constexpr int kLargestReadBytes = 64 * 1024;

int Ms(absl::Duration duration) { return static_cast<int>(absl::ToInt64Milliseconds(duration)); }

void ApplyLimits(grpc::ServerBuilder& builder, const TransportLimits& limits) {
  builder.SetMaxReceiveMessageSize(wire::kMaxMessageBytes);
  builder.SetMaxSendMessageSize(wire::kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.calls.streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             Ms(limits.connections.handshake));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Ms(kKeepalive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Ms(kKeepaliveTimeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Ms(kMinPingInterval));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Ms(kConnectionIdle));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Ms(kConnectionAge));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, Ms(kConnectionAgeGrace));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kStreamWindowBytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, kLargestReadBytes);
  // A message that claims to be compressed is taken as it stands, and is then malformed.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  grpc::ResourceQuota quota("shieldd");
  quota.Resize(kMemoryQuotaBytes);
  builder.SetResourceQuota(quota);
}

unsigned ShardsFor(unsigned asked) {
  return asked > 0 ? asked : std::max(2U, std::thread::hardware_concurrency()) - 1;
}

}  // namespace

class TransportServer::Impl {
 public:
  Impl(const TransportOptions& options, BrokerService& service, const PinOracle& pins, Clock& clock,
       LogSink& log)
      : clock_(clock),
        log_(log),
        refusal_log_(log, clock),
        handshake_log_(refusal_log_),
        connections_(options.limits.connections),
        gatekeeper_(pins, connections_, options.limits.calls.waiting_per_key, clock),
        disclosure_(log, clock),
        engine_(service, gatekeeper_, options.pacing == nullptr ? clock : *options.pacing,
                disclosure_, options.limits.calls) {
    grpc::ServerBuilder builder;
    ApplyLimits(builder, options.limits);
    const std::shared_ptr<grpc::ServerCredentials> credentials =
        PinnedServerCredentials(options.identity, pins, refusal_log_);
    credentials->SetAuthMetadataProcessor(NewStreamGate(gatekeeper_));
    acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, credentials);
    engine_.Register(builder, ShardsFor(options.subscriber_shards));
    server_ = builder.BuildAndStart();
    if (server_ != nullptr) engine_.Start();
  }

  absl::Status Open(ListeningSocket listening) {
    if (server_ == nullptr) return absl::InternalError("gRPC does not start a server");
    ASSIGN_OR_RETURN(loop_, AcceptLoop::Start(std::move(listening), connections_, clock_,
                                              [this](Descriptor fd) { HandOver(std::move(fd)); }));
    return absl::OkStatus();
  }

  ~Impl() {
    if (server_ != nullptr) Drain(absl::ZeroDuration());
  }

  const std::string& address() const { return loop_->address(); }

  void Wake() { engine_.Wake(); }

  void CutPins(std::span<const Digest> pins) {
    if (pins.empty()) return;
    const size_t cut = connections_.CutPins(pins);
    // Those that have shown their key inside the handshake and nowhere else yet.
    connections_.CutAnonymous();
    if (cut > 0) Log(log_, clock_, "connections_revoked", {{"connections", cut}});
    engine_.Wake();
  }

  void Drain(absl::Duration grace) {
    if (std::exchange(drained_, true)) return;
    gatekeeper_.Drain();
    if (loop_ != nullptr) loop_->StopAccepting();
    engine_.Wake();
    server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
    engine_.Stop();
    loop_.reset();
  }

 private:
  void HandOver(Descriptor fd) {
    ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd.release();
    acceptor_->HandleNewConnection(&connection);
  }

  Clock& clock_;
  LogSink& log_;
  RefusalLog refusal_log_;
  HandshakeLog handshake_log_;
  ConnectionTable connections_;
  Gatekeeper gatekeeper_;
  Disclosure disclosure_;
  Engine engine_;
  std::unique_ptr<ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<AcceptLoop> loop_;
  bool drained_ = false;
};

absl::StatusOr<std::unique_ptr<TransportServer>> TransportServer::Start(
    const TransportOptions& options, BrokerService& service, const PinOracle& pins, Clock& clock,
    LogSink& log) {
  RETURN_IF_ERROR(wire::CheckPrepared());
  RETURN_IF_ERROR(CheckKeyPair(options.identity));
  ASSIGN_OR_RETURN(ListeningSocket listening, Listen(options.listen));
  auto impl = std::make_unique<Impl>(options, service, pins, clock, log);
  RETURN_IF_ERROR(impl->Open(std::move(listening)));
  return std::unique_ptr<TransportServer>(new TransportServer(std::move(impl)));
}

TransportServer::TransportServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TransportServer::~TransportServer() = default;

const std::string& TransportServer::address() const { return impl_->address(); }
void TransportServer::FeedGrew() { impl_->Wake(); }
void TransportServer::PinsRevoked(std::span<const Digest> pins) { impl_->CutPins(pins); }
void TransportServer::Drain(absl::Duration grace) { impl_->Drain(grace); }

}  // namespace shield::broker
