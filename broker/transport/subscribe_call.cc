#include "broker/transport/subscribe_call.h"

#include "base/status.h"
#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"
#include "proto/wire/status_map.h"

namespace shield::broker {
namespace {

// Larger messages are sent off as they are: waiting for the next one gains nothing.
constexpr size_t kSmallMessageBytes = 16 * 1024;

absl::Status Replaced() {
  return WithHint(
      WithRule(absl::ResourceExhaustedError("newer subscriptions of this member took this place"),
               "SUBSCRIPTION_REPLACED"),
      "close other programs that watch this inbox");
}

}  // namespace

SubscribeCall::SubscribeCall(CallQueue& queue, MethodSlots& slots, const SubscribeMethod& method,
                             Gatekeeper& gatekeeper, NewestSubscriptions& newest)
    : Call(queue, slots),
      method_(method),
      gatekeeper_(gatekeeper),
      newest_(newest),
      writer_(&context()),
      pacer_(method.heartbeat, method.stalled, absl::InfinitePast()),
      written_(*this,
               [this](bool ok) {
                 pacer_.WriteDone();
                 if (ok) Advance(this->queue().clock().Now());
               }),
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &request_, &writer_, queue.completions(), ExpectRequest());
}

void SubscribeCall::Begin() {
  absl::StatusOr<Caller> caller = gatekeeper_.Admit(context());
  if (!caller.ok()) return Finish(caller.status());
  absl::StatusOr<std::unique_ptr<LiveSource>> source =
      method_.handler(*caller, MessageBytes(request_).view());
  request_.Clear();
  if (!source.ok()) return Finish(source.status());
  caller_ = *std::move(caller);
  source_ = *std::move(source);
  place_ = newest_.Take(caller_->pin);
  Advance(queue().clock().Now());
}

void SubscribeCall::Step(absl::Time now) {
  pacer_.FeedGrew();
  Advance(now);
}

void SubscribeCall::Advance(absl::Time now) {
  if (over_ || source_ == nullptr) return;
  FeedPacer::Step step = pacer_.Next(now);
  if (step == FeedPacer::Step::kStalled) {
    over_ = true;
    return CutShort(absl::StatusCode::kResourceExhausted, "the reader stood still for too long");
  }
  if (step == FeedPacer::Step::kWait) return;
  if (absl::Status status = MayGoOn(); !status.ok()) return Finish(status);
  if (step == FeedPacer::Step::kAsk) Ask(now);
  if (!over_ && pacer_.Next(now) == FeedPacer::Step::kHeartbeat) {
    Write(source_->Heartbeat(), false, now);
  }
}

void SubscribeCall::Ask(absl::Time now) {
  std::optional<grpc::ByteBuffer> message;
  following_.swap(message);
  if (!message.has_value()) {
    absl::StatusOr<std::optional<grpc::ByteBuffer>> next = source_->Next();
    if (!next.ok()) return Finish(next.status());
    message = *std::move(next);
  }
  if (!message.has_value()) return pacer_.CaughtUp();
  if (message->Length() < kSmallMessageBytes) {
    absl::StatusOr<std::optional<grpc::ByteBuffer>> next = source_->Next();
    if (next.ok()) following_ = *std::move(next);
  }
  Write(*message, following_.has_value(), now);
}

void SubscribeCall::Write(const grpc::ByteBuffer& message, bool another_follows, absl::Time now) {
  grpc::WriteOptions options;
  // Without a successor the hint would hold the message back for ever. So it would the first one:
  // it completes only when the headers beside it have left, which the hint holds back too.
  if (another_follows && !first_) options.set_buffer_hint();
  first_ = false;
  pacer_.WriteStarted(now);
  writer_.Write(message, options, Expect(written_));
}

void SubscribeCall::Finish(const absl::Status& status) {
  over_ = true;
  writer_.Finish(wire::ToGrpc(status), Expect(finished_));
}

absl::Status SubscribeCall::MayGoOn() const {
  if (gatekeeper_.draining()) return Gatekeeper::DrainingStatus();
  if (place_->replaced()) return Replaced();
  return gatekeeper_.StillWelcome(*caller_);
}

}  // namespace shield::broker
