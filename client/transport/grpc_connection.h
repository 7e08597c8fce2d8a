// The connection over gRPC: mutual TLS 1.3 by pinned keys, no certificate authority.
//
//   ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
//                    NewGrpcConnection({"127.0.0.1:7443", pin, pair}));
//
// Nothing is sent until the first call. The process must have run wire::PrepareProcess(): without
// it TLS 1.2 would be accepted, so there is no connection.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/digest.h"
#include "client/connection.h"
#include "crypto/tls_key.h"

namespace shield {

struct GrpcConnectionOptions {
  std::string address;  // HOST:PORT
  Digest broker_pin;    // SHA-256 of the SPKI of the broker's TLS key
  TlsKeyPair own;
};

// INVALID_ARGUMENT when key and certificate do not belong together or the address is malformed.
// FAILED_PRECONDITION when the process is not prepared.
//
// What calls over it give when there is no answer (each with a hint):
//   UNAVAILABLE, rule UNREACHABLE: nobody answers at the address, or not in time, or the connection
//   is closed before anybody has shown a key
//
//   FAILED_PRECONDITION, rule NOT_A_BROKER: somebody answers who does not speak TLS, or not gRPC
//
//   FAILED_PRECONDITION, rule TLS_TOO_OLD: somebody answers who does not speak TLS 1.3
//
//   FAILED_PRECONDITION, rule WRONG_BROKER_PIN: somebody does, with another key than the pinned one
//
//   UNAUTHENTICATED, rule NOT_ENROLLED: the pinned key was shown and then the door was closed, more
//   than once: not enrolled yet, revoked, expired, or another key
absl::StatusOr<std::unique_ptr<Connection>> NewGrpcConnection(const GrpcConnectionOptions& options);

}  // namespace shield
