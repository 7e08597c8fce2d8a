#include "broker/transport/tls_server.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <functional>
#include <utility>
#include <vector>

namespace shield::broker {
namespace {

using grpc::experimental::ExternalCertificateVerifier;
using grpc::experimental::TlsCustomVerificationCheckRequest;

class PinVerifier final : public ExternalCertificateVerifier {
 public:
  PinVerifier(const PinOracle& pins, RefusalLog& log) : pins_(pins), log_(log) {}

  // Always answers at once (true).
  bool Verify(TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* status) override {
    const grpc::string_ref pem = request->peer_cert();
    const absl::StatusOr<Digest> pin = SpkiDigest(absl::string_view(pem.data(), pem.size()));
    if (pin.ok() && pins_.Admit(*pin).has_value()) {
      *status = grpc::Status::OK;
      return true;
    }
    if (pin.ok()) log_.Report("unknown_key", *pin);
    *status = grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "this key is not enrolled");
    return true;
  }

  void Cancel(TlsCustomVerificationCheckRequest*) override {}

 private:
  const PinOracle& pins_;
  RefusalLog& log_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> PinnedServerCredentials(const TlsKeyPair& identity,
                                                                 const PinOracle& pins,
                                                                 RefusalLog& log) {
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::StaticDataCertificateProvider>(
          std::vector<grpc::experimental::IdentityKeyCertPair>{
              {identity.key_pem, identity.certificate_pem}}));
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.set_check_call_host(false);
  options.set_certificate_verifier(ExternalCertificateVerifier::Create<PinVerifier>(pins, log));
  return grpc::experimental::TlsServerCredentials(options);
}

}  // namespace shield::broker
