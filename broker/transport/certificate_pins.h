// From a peer's certificate to its pin, remembered.
#pragma once

#include <grpcpp/security/auth_context.h>

#include <optional>

#include "absl/container/flat_hash_map.h"
#include "base/digest.h"
#include "base/mutex.h"

namespace shield::broker {

// OpenSSL takes longer over a certificate than a small call takes. Thread-safe.
class CertificatePins {
 public:
  static constexpr size_t kMaxKnown = 16'384;

  // The pin of the peer behind a connection; nothing when it has shown no readable certificate.
  std::optional<Digest> PinOf(const grpc::AuthContext& peer);

 private:
  Mutex mutex_;
  // By the SHA-256 of the certificate's text, whose length the peer chooses.
  absl::flat_hash_map<Digest, Digest> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace shield::broker
