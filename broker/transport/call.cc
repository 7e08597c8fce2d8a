#include "broker/transport/call.h"

#include <grpc/grpc.h>

#include "broker/transport/call_queue.h"

namespace shield::broker {

MethodSlots::MethodSlots(int max_live, std::function<void(MethodSlots&)> post)
    : max_live_(max_live), post_(std::move(post)) {}

void MethodSlots::Fill() {
  while (open_ && posted_ < kPosted && posted_ + live_ < max_live_) {
    ++posted_;
    post_(*this);
  }
}

void MethodSlots::Arrived() {
  --posted_;
  ++live_;
  Fill();
}

void MethodSlots::Failed() {
  --posted_;
  open_ = false;
}

void MethodSlots::Ended() {
  --live_;
  Fill();
}

Call::Call(CallQueue& queue, MethodSlots& slots, std::unique_ptr<grpc::ServerContext> context)
    : queue_(queue),
      slots_(slots),
      context_(std::move(context)),
      requested_(*this, [this](bool ok) { Requested(ok); }),
      done_(*this, [this](bool) { Done(); }) {}

Call::~Call() {
  if (!live_) return;
  queue_.Leave(place_);
  slots_.Ended();
}

Call::Operation* Call::ExpectRequest() {
  // Comes back only if a request does, so it is not counted before.
  context_->AsyncNotifyWhenDone(&done_);
  return Expect(requested_);
}

void Call::Requested(bool ok) {
  if (!ok) {
    slots_.Failed();
    return;
  }
  Expect(done_);
  live_ = true;
  place_ = queue_.Join(this);
  slots_.Arrived();
  Begin();
}

void Call::RunOnQueue(Operation* operation) {
  if (queue_.OnOwnThread()) {
    operation->Arrived(true);
  } else {
    // A deadline in the past fires at once; reading gRPC's clock would add most of a millisecond.
    alarm_.Set(queue_.completions(), gpr_time_0(GPR_CLOCK_MONOTONIC), operation);
  }
}

Call::Operation* Call::ExpectAnswered(Operation& operation) {
  answering_since_ = queue_.clock().Now();
  return Expect(operation);
}

void Call::Step(absl::Time now) {
  if (now - answering_since_ < kAnswerPatience) return;
  answering_since_ = absl::InfiniteFuture();
  CutShort(absl::StatusCode::kResourceExhausted, "the answer was not taken");
}

grpc::Status Call::Told(const absl::Status& status) { return queue_.disclosure().Told(status); }

void Call::CutShort(absl::StatusCode code, const char* why) {
  grpc_call_cancel_with_status(context_->c_call(), static_cast<grpc_status_code>(code), why,
                               nullptr);
}

void Call::Operation::Arrived(bool ok) {
  then_(ok);
  call_.Settle();
}

void Call::Settle() {
  if (--outstanding_ == 0) delete this;
}

}  // namespace shield::broker
