// The broker's half of mutual TLS by pinned keys.
//
// A client must show a certificate and prove that it holds its key. Chain, names and dates are not
// looked at: the certificate is hashed down to its public key, and the PinOracle says whether that
// key is welcome, inside the handshake. A refused peer sees its connection closed and no more.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "broker/core/caller.h"
#include "broker/transport/refusal_log.h"
#include "crypto/tls_key.h"

namespace shield::broker {

// `pins` and `log` must outlive every connection.
std::shared_ptr<grpc::ServerCredentials> PinnedServerCredentials(const TlsKeyPair& identity,
                                                                 const PinOracle& pins,
                                                                 RefusalLog& log);

}  // namespace shield::broker
