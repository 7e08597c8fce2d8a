#include "tests/bench/ceiling/bare_side.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <chrono>

#include "absl/strings/str_cat.h"
#include "proto/wire/limits.h"

namespace shield::testing {
namespace {

using grpc::experimental::ExternalCertificateVerifier;
using grpc::experimental::TlsCustomVerificationCheckRequest;

// Calls that wait for a caller, of each queue.
constexpr int kPostedCalls = 64;

// The broker's: without them a reader that waits for long, and pings as the library does, would be
// thrown out for its pings.
constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
constexpr int kMinPingIntervalMs = 20'000;

// A client shows a certificate and proves its key, as with the broker; nobody is turned away.
class Anybody final : public ExternalCertificateVerifier {
 public:
  bool Verify(TlsCustomVerificationCheckRequest*, std::function<void(grpc::Status)>,
              grpc::Status* status) override {
    *status = grpc::Status::OK;
    return true;
  }
  void Cancel(TlsCustomVerificationCheckRequest*) override {}
};

std::shared_ptr<grpc::ServerCredentials> Credentials(const TlsKeyPair& identity) {
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::StaticDataCertificateProvider>(
          std::vector<grpc::experimental::IdentityKeyCertPair>{
              {identity.key_pem, identity.certificate_pem}}));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.set_check_call_host(false);
  options.set_certificate_verifier(ExternalCertificateVerifier::Create<Anybody>());
  return grpc::experimental::TlsServerCredentials(options);
}

}  // namespace

BareSide::BareSide(const TlsKeyPair& identity, unsigned shards, const BareLog& log) {
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(wire::kMaxMessageBytes);
  builder.SetMaxSendMessageSize(wire::kMaxMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kMinPingIntervalMs);
  builder.RegisterAsyncGenericService(&service_);
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", Credentials(identity), &port);
  for (unsigned i = 0; i < std::max(1U, shards); ++i) {
    shards_.push_back(std::make_unique<BareShard>(builder.AddCompletionQueue(), log));
  }
  server_ = builder.BuildAndStart();
  if (server_ != nullptr && port != 0) address_ = absl::StrCat("127.0.0.1:", port);
}

void BareSide::Serve(BareParts& parts) {
  for (const auto& shard : shards_) {
    for (int i = 0; i < kPostedCalls; ++i) new BareCall(service_, *shard, parts);
  }
  for (const auto& shard : shards_) shard->Start();
}

void BareSide::ShutDown() {
  if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
  for (const auto& shard : shards_) shard->ShutDown();
}

}  // namespace shield::testing
