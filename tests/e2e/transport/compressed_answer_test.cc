// A broker that compresses, which ours does not: its answer is not unpacked.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "client/transport/grpc_connection.h"
#include "crypto/tls_key.h"
#include "proto/wire/prepare_process.h"
#include "shield/v1/broker.pb.h"

namespace shield::testing {
namespace {

class Answer final : public grpc::ServerGenericBidiReactor {
 public:
  Answer(grpc::GenericCallbackServerContext& context, grpc_compression_algorithm algorithm) {
    context.set_compression_algorithm(algorithm);
    StartRead(&request_);
  }
  void OnReadDone(bool) override {
    v1::GetBrokerResponse response;
    response.set_broker_key(std::string(1'000, 'k'));
    const grpc::Slice slice(response.SerializeAsString());
    answer_ = grpc::ByteBuffer(&slice, 1);
    StartWriteAndFinish(&answer_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
};

class CompressingBroker final : public grpc::CallbackGenericService {
 public:
  CompressingBroker(const TlsKeyPair& pair, grpc_compression_algorithm algorithm)
      : algorithm_(algorithm) {
    grpc::experimental::TlsServerCredentialsOptions options(
        std::make_shared<grpc::experimental::StaticDataCertificateProvider>(
            std::vector<grpc::experimental::IdentityKeyCertPair>{
                {pair.key_pem, pair.certificate_pem}}));
    options.watch_identity_key_cert_pairs();
    options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::experimental::TlsServerCredentials(options),
                             &port_);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  ~CompressingBroker() override { server_->Shutdown(); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Answer(*context, algorithm_);
  }

 private:
  const grpc_compression_algorithm algorithm_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

std::string RuleOfAnswer(grpc_compression_algorithm algorithm) {
  const TlsKeyPair pair = *NewTlsKeyPair("shieldd");
  const CompressingBroker broker(pair, algorithm);
  const auto connection =
      *NewGrpcConnection({broker.address(), *SpkiDigest(pair.certificate_pem), pair});
  return RuleOf(connection->GetBroker(absl::Seconds(20)).status());
}

TEST(CompressedAnswer, IsMalformed) {
  ASSERT_TRUE(wire::PrepareProcess().ok());
  EXPECT_EQ(RuleOfAnswer(GRPC_COMPRESS_NONE), "");
  EXPECT_EQ(RuleOfAnswer(GRPC_COMPRESS_GZIP), "ANSWER_MALFORMED");
}

}  // namespace
}  // namespace shield::testing
