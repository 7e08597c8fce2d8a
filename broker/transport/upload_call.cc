#include "broker/transport/upload_call.h"

#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"
#include "proto/wire/status_map.h"

namespace shield::broker {

UploadCall::UploadCall(CallQueue& queue, MethodSlots& slots, const UploadMethod& method,
                       Gatekeeper& gatekeeper)
    : Call(queue, slots),
      method_(method),
      gatekeeper_(gatekeeper),
      reader_(&context()),
      read_(*this, [this](bool ok) { OnRead(ok); }),
      replied_(*this, [this](bool) { Answer(); }),
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &reader_, queue.completions(), ExpectRequest());
}

void UploadCall::Begin() {
  absl::StatusOr<Caller> caller = gatekeeper_.Admit(context());
  if (!caller.ok()) return Refuse(caller.status());
  absl::StatusOr<std::unique_ptr<UploadSink>> sink = method_.handler(*caller);
  if (!sink.ok()) return Refuse(sink.status());
  sink_ = *std::move(sink);
  ReadNext();
}

void UploadCall::ReadNext() {
  reading_ = true;
  read_since_ = queue().clock().Now();
  reader_.Read(&message_, Expect(read_));
}

void UploadCall::OnRead(bool ok) {
  reading_ = false;
  if (!ok) return Complete();
  const absl::Status taken = sink_->Take(MessageBytes(message_).view());
  message_.Clear();
  if (!taken.ok()) return Refuse(taken);
  ReadNext();
}

void UploadCall::Complete() {
  Operation* const replied = Expect(replied_);
  sink_->Finish([this, replied](absl::StatusOr<grpc::ByteBuffer> response) {
    reply_ = std::move(response);
    RunOnQueue(replied);
  });
}

void UploadCall::Answer() {
  if (!reply_->ok()) return Refuse(reply_->status());
  reader_.Finish(**reply_, grpc::Status::OK, Expect(finished_));
}

void UploadCall::Refuse(const absl::Status& status) {
  reader_.FinishWithError(wire::ToGrpc(status), Expect(finished_));
}

void UploadCall::Step(absl::Time now) {
  if (!reading_ || now - read_since_ < method_.idle) return;
  reading_ = false;
  CutShort(absl::StatusCode::kDeadlineExceeded, "the upload stood still for too long");
}

}  // namespace shield::broker
