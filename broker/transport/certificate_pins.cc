#include "broker/transport/certificate_pins.h"

#include <vector>

#include "absl/strings/string_view.h"
#include "crypto/sha256.h"
#include "crypto/tls_key.h"

namespace shield::broker {

std::optional<Digest> CertificatePins::PinOf(const grpc::AuthContext& peer) {
  const std::vector<grpc::string_ref> certificates = peer.FindPropertyValues("x509_pem_cert");
  if (certificates.size() != 1) return std::nullopt;
  const absl::string_view pem(certificates[0].data(), certificates[0].size());
  const Digest name = Sha256(pem);
  {
    MutexLock lock(mutex_);
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
  }
  const absl::StatusOr<Digest> pin = SpkiDigest(pem);
  if (!pin.ok()) return std::nullopt;
  MutexLock lock(mutex_);
  if (known_.size() >= kMaxKnown) known_.erase(known_.begin());
  known_.emplace(name, *pin);
  return *pin;
}

}  // namespace shield::broker
