#include "broker/transport/download_call.h"

#include "base/status.h"
#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"

namespace shield::broker {

DownloadCall::DownloadCall(CallQueue& queue, MethodSlots& slots, const DownloadMethod& method,
                           Gatekeeper& gatekeeper)
    : Call(queue, slots),
      method_(method),
      gatekeeper_(gatekeeper),
      writer_(&context()),
      pace_(method.pace),
      written_(*this, [this](bool ok) { OnWritten(ok); }),
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &request_, &writer_, queue.completions(), ExpectRequest());
}

void DownloadCall::Begin() {
  if (const absl::Status opened = Open(); !opened.ok()) return Finish(opened);
  SendNext();
}

absl::Status DownloadCall::Open() {
  ASSIGN_OR_RETURN(const Caller caller, gatekeeper_.Admit(context()));
  ASSIGN_OR_RETURN(place_, method_.places.Take(caller.owner(), caller.of_authority));
  ASSIGN_OR_RETURN(source_, method_.handler(caller, MessageBytes(request_).view()));
  request_.Clear();
  return absl::OkStatus();
}

void DownloadCall::OnWritten(bool ok) {
  pace_.Moved(writing_bytes_, queue().clock().Now());
  if (ok && !over_) SendNext();
}

void DownloadCall::SendNext() {
  absl::StatusOr<std::optional<grpc::ByteBuffer>> next = source_->Next();
  if (!next.ok()) return Finish(next.status());
  if (!next->has_value()) return Finish(absl::OkStatus());
  writing_bytes_ = (*next)->Length();
  pace_.WaitSince(queue().clock().Now());
  writer_.Write(**next, Expect(written_));
}

void DownloadCall::Finish(const absl::Status& status) {
  over_ = true;
  place_.reset();
  writer_.Finish(Told(status), ExpectAnswered(finished_));
}

void DownloadCall::Step(absl::Time now) {
  Call::Step(now);
  if (over_ || pace_.FaultAt(now).empty()) return;
  over_ = true;
  CutShort(absl::StatusCode::kResourceExhausted, "the reader stood still for too long");
}

}  // namespace shield::broker
