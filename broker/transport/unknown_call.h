// A call of a method that does not exist: answered UNIMPLEMENTED; a connection that makes many is
// closed.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include "broker/transport/call.h"
#include "broker/transport/gatekeeper.h"

namespace shield::broker {

// Posted to gRPC like a Call, but with the context that generic calls need; and so small that it
// keeps its own life.
class UnknownCall final {
 public:
  // Keeps `count` calls posted until the server goes down.
  static void Post(int count, grpc::AsyncGenericService& service,
                   grpc::ServerCompletionQueue& completions, Gatekeeper& gatekeeper,
                   int limit_per_connection);

 private:
  class Operation final : public Completion {
   public:
    Operation(UnknownCall& call, void (UnknownCall::*then)(bool)) : call_(call), then_(then) {}
    void Arrived(bool ok) override { (call_.*then_)(ok); }

   private:
    UnknownCall& call_;
    void (UnknownCall::*const then_)(bool);
  };

  UnknownCall(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& completions,
              Gatekeeper& gatekeeper, int limit_per_connection);

  void Requested(bool ok);
  void Finished(bool ok);

  grpc::AsyncGenericService& service_;
  grpc::ServerCompletionQueue& completions_;
  Gatekeeper& gatekeeper_;
  const int limit_per_connection_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_;
  Operation requested_;
  Operation finished_;
};

}  // namespace shield::broker
