#include "tests/bench/ceiling/bare_server.h"

#include <grpc/support/time.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/wire/limits.h"
#include "proto/wire/prepare_process.h"
#include "tests/bench/ceiling/bare_call.h"

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

class BareServer::Impl {
 public:
  explicit Impl(const BareServerOptions& options)
      : committer_(log_, shard_list_, options.upload_folder),
        parts_{log_, options.upload_folder, committer_, shard_list_} {
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(wire::kMaxMessageBytes);
    builder.SetMaxSendMessageSize(wire::kMaxMessageBytes);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               kMinPingIntervalMs);
    builder.RegisterAsyncGenericService(&service_);
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", Credentials(options.identity), &port);
    for (unsigned i = 0; i < std::max(1U, options.shards); ++i) {
      shards_.push_back(std::make_unique<BareShard>(builder.AddCompletionQueue()));
      shard_list_.push_back(shards_.back().get());
    }
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) return;
    address_ = absl::StrCat("127.0.0.1:", port);
    for (const auto& shard : shards_) {
      for (int i = 0; i < kPostedCalls; ++i) new BareCall(service_, *shard, parts_);
    }
    for (const auto& shard : shards_) shard->Start();
  }

  ~Impl() {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    for (const auto& shard : shards_) shard->ShutDown();
  }

  const std::string& address() const { return address_; }

 private:
  BareLog log_;
  std::vector<BareShard*> shard_list_;  // complete before the first call
  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<BareShard>> shards_;
  std::unique_ptr<grpc::Server> server_;
  BareCommitter committer_;
  BareParts parts_;
  std::string address_;
};

absl::StatusOr<std::unique_ptr<BareServer>> BareServer::Start(const BareServerOptions& options) {
  const absl::Status prepared = wire::CheckPrepared();
  if (!prepared.ok()) return prepared;
  auto impl = std::make_unique<Impl>(options);
  if (impl->address().empty()) return absl::UnavailableError("the bare server cannot listen");
  return std::unique_ptr<BareServer>(new BareServer(std::move(impl)));
}

BareServer::BareServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BareServer::~BareServer() = default;
const std::string& BareServer::address() const { return impl_->address(); }

}  // namespace shield::testing
