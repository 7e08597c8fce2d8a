// TLS identities: self-made P-256 certificates, known to others by their public key alone.
//
// There is no certificate authority: a peer is who the directory says has the SHA-256 of its
// public key (SPKI). Nothing else of a certificate is looked at, so it has no end date of its own;
// what ends is the key record in the directory (docs/spec/directory.md).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"

namespace shield {

struct TlsKeyPair {
  std::string key_pem;  // PKCS #8, unencrypted: for a file with mode 0600
  std::string certificate_pem;
};

// A new key and its self-signed certificate. `common_name` is what gRPC is told to expect, never
// an identity: 1 to 64 printable ASCII characters, else INVALID_ARGUMENT.
absl::StatusOr<TlsKeyPair> NewTlsKeyPair(absl::string_view common_name);

// SHA-256 of the DER SubjectPublicKeyInfo of the one certificate in `certificate_pem`: the pin.
// INVALID_ARGUMENT when there is none, more than one, or none that OpenSSL can read.
absl::StatusOr<Digest> SpkiDigest(absl::string_view certificate_pem);

// The common name of the one certificate in `certificate_pem`, as it stands there.
absl::StatusOr<std::string> CommonName(absl::string_view certificate_pem);

// OK when key and certificate belong together; asked when a program starts, because gRPC would
// only fail every handshake. INVALID_ARGUMENT otherwise.
absl::Status CheckKeyPair(const TlsKeyPair& pair);

}  // namespace shield
