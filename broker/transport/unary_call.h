// One message in, one out.
#pragma once

#include <grpcpp/support/async_unary_call.h>

#include <optional>

#include "absl/status/statusor.h"
#include "broker/transport/call.h"
#include "broker/transport/call_places.h"
#include "broker/transport/gatekeeper.h"
#include "broker/transport/handlers.h"

namespace shield::broker {

// What is the same for every call of a method.
struct UnaryMethod {
  std::function<void(grpc::ServerContext*, grpc::ByteBuffer*,
                     grpc::ServerAsyncResponseWriter<grpc::ByteBuffer>*,
                     grpc::ServerCompletionQueue*, void*)>
      request;
  UnaryHandler handler;
  CallPlaces& places;
};

class UnaryCall final : public Call {
 public:
  // `method` and `gatekeeper` must outlive the call.
  UnaryCall(CallQueue& queue, MethodSlots& slots, const UnaryMethod& method,
            Gatekeeper& gatekeeper);

 private:
  ~UnaryCall() override = default;
  void Begin() override;
  absl::StatusOr<Caller> Admit();
  void Answer();

  const UnaryMethod& method_;
  Gatekeeper& gatekeeper_;
  std::unique_ptr<const CallPlace> place_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_;
  std::optional<absl::StatusOr<grpc::ByteBuffer>> reply_;
  Operation replied_;
  Operation finished_;
};

}  // namespace shield::broker
