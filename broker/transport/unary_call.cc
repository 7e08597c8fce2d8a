#include "broker/transport/unary_call.h"

#include "base/status.h"
#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"

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
  absl::StatusOr<Caller> caller = Admit();
  if (!caller.ok()) return reply(std::move(caller).status());
  method_.handler(*caller, MessageBytes(request_).view(), reply);
}

absl::StatusOr<Caller> UnaryCall::Admit() {
  ASSIGN_OR_RETURN(Caller caller, gatekeeper_.Admit(context()));
  ASSIGN_OR_RETURN(place_, method_.places.Take(caller.owner(), caller.of_authority));
  return caller;
}

void UnaryCall::Answer() {
  if (reply_->ok()) {
    responder_.Finish(**reply_, grpc::Status::OK, ExpectAnswered(finished_));
  } else {
    responder_.FinishWithError(Told(reply_->status()), ExpectAnswered(finished_));
  }
}

}  // namespace shield::broker
