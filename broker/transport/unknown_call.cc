#include "broker/transport/unknown_call.h"

#include "base/status.h"
#include "broker/transport/call_queue.h"

namespace shield::broker {
namespace {

absl::Status Unimplemented() {
  return WithHint(
      WithRule(absl::UnimplementedError("this broker has no such method"), "UNKNOWN_METHOD"),
      "use a client of the broker's version");
}

}  // namespace

UnknownCall::UnknownCall(CallQueue& queue, MethodSlots& slots, grpc::AsyncGenericService& service,
                         Gatekeeper& gatekeeper, int limit_per_connection)
    : Call(queue, slots, std::make_unique<grpc::GenericServerContext>()),
      gatekeeper_(gatekeeper),
      limit_per_connection_(limit_per_connection),
      stream_(&context()),
      finished_(*this, [](bool) {}) {
  service.RequestCall(static_cast<grpc::GenericServerContext*>(&context()), &stream_,
                      queue.completions(), queue.completions(), ExpectRequest());
}

void UnknownCall::Begin() {
  gatekeeper_.CountUnknownCall(context(), limit_per_connection_);
  const absl::StatusOr<Caller> caller = gatekeeper_.Admit(context());
  stream_.Finish(Told(caller.ok() ? Unimplemented() : caller.status()), ExpectAnswered(finished_));
}

}  // namespace shield::broker
