#include "broker/transport/subscribe_call.h"

#include "base/status.h"
#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"

namespace shield::broker {
namespace {

// Larger messages are sent off as they are: waiting for the next one gains nothing.
constexpr size_t kSmallMessageBytes = 16 * 1024;

constexpr absl::Duration kLookUpEvery = absl::Seconds(1);

// Not a code that is tried again: the two that are left would lose their places in turn, for ever.
absl::Status Replaced() {
  return WithHint(
      WithRule(absl::FailedPreconditionError("newer subscriptions of this member took this place"),
               "SUBSCRIPTION_REPLACED"),
      "close other programs that watch this inbox");
}

}  // namespace

SubscribeCall::SubscribeCall(CallQueue& queue, MethodSlots& slots, const SubscribeMethod& method,
                             Gatekeeper& gatekeeper, MemberSubscriptions& newest)
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
  generation_ = gatekeeper_.generation();
  looked_up_ = queue().clock().Now();
  absl::StatusOr<Caller> caller = gatekeeper_.Admit(context());
  if (!caller.ok()) return Finish(caller.status());
  absl::StatusOr<std::unique_ptr<LiveSource>> source =
      method_.handler(*caller, MessageBytes(request_).view());
  request_.Clear();
  if (!source.ok()) return Finish(source.status());
  caller_ = *std::move(caller);
  source_ = *std::move(source);
  NewestSubscriptions& places = source_->catch_up() ? newest_.catching_up : newest_.watching;
  place_ = places.Take(caller_->owner());
  Advance(queue().clock().Now());
}

void SubscribeCall::Step(absl::Time now) {
  Call::Step(now);
  pacer_.FeedGrew();
  Advance(now);
}

void SubscribeCall::Advance(absl::Time now) {
  if (over_ || source_ == nullptr) return;
  if (place_->replaced()) pacer_.Hurry();
  const FeedPacer::Step step = pacer_.Next(now);
  if (step == FeedPacer::Step::kStalled) {
    over_ = true;
    return CutShort(absl::StatusCode::kResourceExhausted, "the reader stood still for too long");
  }
  if (step == FeedPacer::Step::kWait) return;
  if (absl::Status status = MayGoOn(now); !status.ok()) return Finish(status);
  // Before a sign of life too: what a mark has become due for must not look as if it were not
  // signed.
  Ask(now);
  if (!over_ && pacer_.Next(now) == FeedPacer::Step::kHeartbeat) {
    Write(source_->Heartbeat(), false, false, now);
  }
}

void SubscribeCall::Ask(absl::Time now) {
  const absl::StatusOr<std::optional<grpc::ByteBuffer>> message = source_->Next();
  if (!message.ok()) return Finish(message.status());
  if (message->has_value()) {
    const bool more = source_->HasMore();
    return Write(**message, more, more && (*message)->Length() < kSmallMessageBytes, now);
  }
  if (held_back_) return Write(source_->Heartbeat(), false, false, now);
  pacer_.CaughtUp();
}

void SubscribeCall::Write(const grpc::ByteBuffer& message, bool more, bool held_back,
                          absl::Time now) {
  grpc::WriteOptions options;
  // Without a successor the hint would hold the message back for ever. So it would the first one:
  // it completes only when the headers beside it have left, which the hint holds back too.
  held_back_ = held_back && !first_;
  if (held_back_) options.set_buffer_hint();
  first_ = false;
  pacer_.WriteStarted(now, more);
  writer_.Write(message, options, Expect(written_));
}

void SubscribeCall::Finish(const absl::Status& status) {
  over_ = true;
  writer_.Finish(Told(status), ExpectAnswered(finished_));
}

absl::Status SubscribeCall::MayGoOn(absl::Time now) {
  if (gatekeeper_.draining()) return Gatekeeper::DrainingStatus();
  if (place_->replaced()) return Replaced();
  return StillWelcome(now);
}

// Thousands of streams ask this at every commit, so the directory itself is looked into only when
// it has changed, and now and then because memberships end by the clock.
absl::Status SubscribeCall::StillWelcome(absl::Time now) {
  const uint64_t generation = gatekeeper_.generation();
  if (generation == generation_ && now - looked_up_ < kLookUpEvery) return absl::OkStatus();
  generation_ = generation;
  looked_up_ = now;
  return gatekeeper_.StillWelcome(*caller_);
}

}  // namespace shield::broker
