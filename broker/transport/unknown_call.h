// A call of a method that does not exist: answered UNIMPLEMENTED; a connection that makes many is
// closed.
#pragma once

#include <grpcpp/generic/async_generic_service.h>

#include "broker/transport/call.h"
#include "broker/transport/gatekeeper.h"

namespace shield::broker {

class UnknownCall final : public Call {
 public:
  // `service` and `gatekeeper` must outlive the call.
  UnknownCall(CallQueue& queue, MethodSlots& slots, grpc::AsyncGenericService& service,
              Gatekeeper& gatekeeper, int limit_per_connection);

 private:
  ~UnknownCall() override = default;
  void Begin() override;

  Gatekeeper& gatekeeper_;
  const int limit_per_connection_;
  grpc::GenericServerAsyncReaderWriter stream_;
  Operation finished_;
};

}  // namespace shield::broker
