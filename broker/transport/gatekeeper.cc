#include "broker/transport/gatekeeper.h"

#include <string>
#include <vector>

#include "base/status.h"
#include "crypto/tls_key.h"

namespace shield::broker {
namespace {

constexpr size_t kMaxKnownCertificates = 4096;
constexpr absl::Duration kDrainingRetryDelay = absl::Seconds(2);

absl::Status NotEnrolled() {
  return WithHint(WithRule(absl::UnauthenticatedError("this TLS key is not enrolled, or no longer"),
                           "NOT_ENROLLED"),
                  "ask the vetting authority whether this member is enrolled and active");
}

}  // namespace

absl::StatusOr<Caller> Gatekeeper::Admit(const grpc::ServerContext& context) {
  absl::StatusOr<Digest> pin = PinOf(context);
  if (!pin.ok()) return std::move(pin).status();
  // First the table, then the directory: whoever revokes this key in between finds the connection.
  if (!connections_.Authenticate(context.peer(), *pin)) {
    return absl::UnavailableError("the connection is closed");
  }
  std::optional<Caller> caller = pins_.Admit(*pin);
  if (!caller.has_value()) return NotEnrolled();
  if (draining()) return DrainingStatus();
  return *std::move(caller);
}

absl::Status Gatekeeper::StillWelcome(const Caller& caller) const {
  return pins_.Admit(caller.pin).has_value() ? absl::OkStatus() : NotEnrolled();
}

void Gatekeeper::CountUnknownCall(const grpc::ServerContext& context, int limit) {
  if (connections_.CountUnknownCall(context.peer()) > limit) connections_.CutPeer(context.peer());
}

absl::Status Gatekeeper::DrainingStatus() {
  return WithRetryDelay(
      WithRule(absl::UnavailableError("the broker is going down for maintenance"), "DRAINING"),
      kDrainingRetryDelay);
}

absl::StatusOr<Digest> Gatekeeper::PinOf(const grpc::ServerContext& context) {
  const std::shared_ptr<const grpc::AuthContext> auth = context.auth_context();
  const std::vector<grpc::string_ref> certificates =
      auth == nullptr ? std::vector<grpc::string_ref>() : auth->FindPropertyValues("x509_pem_cert");
  if (certificates.size() != 1) return NotEnrolled();
  const std::string pem(certificates[0].data(), certificates[0].size());
  {
    MutexLock lock(mutex_);
    if (const auto known = known_certificates_.find(pem); known != known_certificates_.end()) {
      return known->second;
    }
  }
  absl::StatusOr<Digest> pin = SpkiDigest(pem);
  if (!pin.ok()) return NotEnrolled();
  MutexLock lock(mutex_);
  if (known_certificates_.size() >= kMaxKnownCertificates) known_certificates_.clear();
  known_certificates_.emplace(pem, *pin);
  return pin;
}

}  // namespace shield::broker
