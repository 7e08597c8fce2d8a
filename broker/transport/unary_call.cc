#include "broker/transport/unary_call.h"

#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"
#include "proto/wire/status_map.h"

namespace shield::broker {

UnaryCall::UnaryCall(CallQueue& queue, MethodSlots& slots, const UnaryMethod& method,
                     Gatekeeper& gatekeeper)
    : Call(queue, slots),
      method_(method),
      gatekeeper_(gatekeeper),
      responder_(&context()),
      replied_(*this, [this](bool) { Answer(); }),
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &request_, &responder_, queue.completions(), ExpectRequest());
}

void UnaryCall::Begin() {
  Operation* const replied = Expect(replied_);
  const auto reply = [this, replied](absl::StatusOr<grpc::ByteBuffer> response) {
    reply_ = std::move(response);
    RunOnQueue(replied);
  };
  absl::StatusOr<Caller> caller = gatekeeper_.Admit(context());
  if (!caller.ok()) return reply(std::move(caller).status());
  method_.handler(*caller, MessageBytes(request_).view(), reply);
}

void UnaryCall::Answer() {
  if (reply_->ok()) {
    responder_.Finish(**reply_, grpc::Status::OK, Expect(finished_));
  } else {
    responder_.FinishWithError(wire::ToGrpc(reply_->status()), Expect(finished_));
  }
}

}  // namespace shield::broker
