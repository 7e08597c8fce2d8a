// A gRPC server of the bare server's, with queues and threads of its own.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "crypto/tls_key.h"
#include "tests/bench/ceiling/bare_call.h"
#include "tests/bench/ceiling/bare_shard.h"

namespace shield::testing {

// Thread-compatible.
class BareSide {
 public:
  // Listens on a free port of loopback. `log` must outlive it.
  BareSide(const TlsKeyPair& identity, unsigned shards, const BareLog& log);

  // Takes calls from now on. Once; `parts` must outlive it.
  void Serve(BareParts& parts);
  // Ends all calls and threads. Idempotent.
  void ShutDown();

  // "127.0.0.1:40123"; empty when it cannot listen.
  const std::string& address() const { return address_; }
  const std::vector<std::unique_ptr<BareShard>>& shards() const { return shards_; }

 private:
  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<BareShard>> shards_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace shield::testing
