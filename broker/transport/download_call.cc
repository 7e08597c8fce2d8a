#include "broker/transport/download_call.h"

#include "broker/transport/call_queue.h"
#include "broker/transport/message_bytes.h"
#include "proto/wire/status_map.h"

namespace shield::broker {

DownloadCall::DownloadCall(CallQueue& queue, MethodSlots& slots, const DownloadMethod& method,
                           Gatekeeper& gatekeeper)
    : Call(queue, slots),
      method_(method),
      gatekeeper_(gatekeeper),
      writer_(&context()),
      written_(*this,
               [this](bool ok) {
                 writing_ = false;
                 if (ok) SendNext();
               }),
      finished_(*this, [](bool) {}) {
  method_.request(&context(), &request_, &writer_, queue.completions(), ExpectRequest());
}

void DownloadCall::Begin() {
  absl::StatusOr<Caller> caller = gatekeeper_.Admit(context());
  if (!caller.ok()) return Finish(caller.status());
  absl::StatusOr<std::unique_ptr<DownloadSource>> source =
      method_.handler(*caller, MessageBytes(request_).view());
  request_.Clear();
  if (!source.ok()) return Finish(source.status());
  source_ = *std::move(source);
  SendNext();
}

void DownloadCall::SendNext() {
  absl::StatusOr<std::optional<grpc::ByteBuffer>> next = source_->Next();
  if (!next.ok()) return Finish(next.status());
  if (!next->has_value()) return Finish(absl::OkStatus());
  writing_ = true;
  writing_since_ = queue().clock().Now();
  writer_.Write(**next, Expect(written_));
}

void DownloadCall::Finish(const absl::Status& status) {
  writer_.Finish(wire::ToGrpc(status), Expect(finished_));
}

void DownloadCall::Step(absl::Time now) {
  if (!writing_ || now - writing_since_ < method_.stalled) return;
  writing_ = false;
  CutShort(absl::StatusCode::kResourceExhausted, "the reader stood still for too long");
}

}  // namespace shield::broker
