// The broker's half of mutual TLS by pinned keys.
//
// A client must show a certificate and prove that it holds its key. Chain, names and dates are not
// looked at: the certificate is hashed down to its public key, and the PinOracle says whether that
// key is welcome, inside the handshake. A refused peer sees its connection closed and no more.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "broker/core/caller.h"
#include "crypto/tls_key.h"

namespace shield::broker {

// `pins`, `clock` and `log` must outlive every connection.
std::shared_ptr<grpc::ServerCredentials> PinnedServerCredentials(const TlsKeyPair& identity,
                                                                 const PinOracle& pins,
                                                                 Clock& clock, LogSink& log);

}  // namespace shield::broker
